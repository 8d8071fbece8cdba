"""Stored queries, found by what an event is about: the index says which may fit, and only those are asked."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from oversight.domain.query import Query
from oversight.domain.query_match import Subject, matches
from oversight.domain.query_parser import parse
from oversight.domain.topic import is_settled_by_topic, topics_about, topics_of
from oversight.storage.batches import in_batches
from oversight.storage.models import QueryRow, QueryTopicRow, SubscriptionRow
from oversight.storage.upsert import insert_all, upsert

read = lru_cache(maxsize=50_000)(parse)


def keep_query(session: Session, query: Query) -> int:
    """The id of a stored query. One that only says what must not be is kept, and found by nothing."""
    text = str(query)
    row = {"text": text, "is_settled_by_topic": is_settled_by_topic(query)}
    upsert(session, QueryRow, [row], key=[QueryRow.text])  # and not "insert new": so it stays until this is committed
    query_id = session.scalars(select(QueryRow.id).where(QueryRow.text == text)).one()
    topics = [{"name": topic.name, "key": topic.key, "query_id": query_id} for topic in topics_of(query) or ()]
    insert_all(session, QueryTopicRow, topics)
    return query_id


def fitting_queries(session: Session, subject: Subject) -> list[int]:
    """Ids of the stored queries that the subject fits."""
    fits: dict[int, bool] = {}
    for query_id, text, is_settled in _candidates(session, subject):
        if query_id not in fits:
            fits[query_id] = is_settled or matches(read(text), subject)
    return [query_id for query_id, is_fitting in fits.items() if is_fitting]


def drop_unused(session: Session) -> None:
    """Forget queries that nobody follows."""
    session.execute(delete(QueryRow).where(QueryRow.id.not_in(select(SubscriptionRow.query_id))))


def _candidates(session: Session, subject: Subject) -> Iterable[Any]:
    keys: dict[str, list[str]] = {}
    for topic in topics_about(subject):
        keys.setdefault(topic.name, []).append(topic.key)
    query = select(QueryRow.id, QueryRow.text, QueryRow.is_settled_by_topic).join(QueryTopicRow)
    for name, all_keys in keys.items():
        for some in in_batches(all_keys):
            yield from session.execute(query.where(QueryTopicRow.name == name, QueryTopicRow.key.in_(some)))
