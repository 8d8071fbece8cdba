"""The last good answer from each address of a feed: what to send, and what need not be read or asked again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oversight.storage.models import AnswerRow
from oversight.storage.upsert import upsert

CHUNK = 500
KEPT = timedelta(days=60)
_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True)
class Known:
    """What is known of one question's last answer."""

    etag: str | None
    last_modified: str | None
    body_hash: str
    revision: str | None
    answered_at: datetime
    full_at: datetime


def answers_of(session: Session, feed_ids: Sequence[int]) -> dict[int, dict[str, Known]]:
    """What is known of every question of these feeds, by feed and by the question's key."""
    found: defaultdict[int, dict[str, Known]] = defaultdict(dict)
    columns = (AnswerRow.etag, AnswerRow.last_modified, AnswerRow.body_hash, AnswerRow.revision)
    for start in range(0, len(feed_ids), CHUNK):
        query = select(AnswerRow.feed_id, AnswerRow.url, *columns, AnswerRow.answered_at, AnswerRow.full_at)
        for row in session.execute(query.where(AnswerRow.feed_id.in_(feed_ids[start : start + CHUNK]))).tuples():
            found[row[0]][row[1]] = Known(row[2], row[3], row[4], row[5], row[6], row[7])
    return found


def save_answers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep these answers in place of older ones to the same questions."""
    last = {(row["feed_id"], row["url"]): row for row in rows}
    key = [AnswerRow.feed_id, AnswerRow.url]
    upsert(session, AnswerRow, list(last.values()), key=key)


def touch_answers(session: Session, touched: Sequence[tuple[int, str]], *, now: datetime) -> None:
    """Note that these questions, as feed and key, were answered with "nothing changed"."""
    ids = [
        identifier
        for start in range(0, len(touched), CHUNK)
        for identifier in _ids(session, touched[start : start + CHUNK])
    ]
    for start in range(0, len(ids), CHUNK):
        query = update(AnswerRow).where(AnswerRow.id.in_(ids[start : start + CHUNK])).values(answered_at=now)
        session.execute(query, execution_options=_PLAIN)


def drop_unasked(session: Session, *, now: datetime) -> None:
    """Forget answers to questions that nothing asks any more."""
    session.execute(delete(AnswerRow).where(AnswerRow.answered_at < now - KEPT))


def _ids(session: Session, touched: Sequence[tuple[int, str]]) -> list[int]:
    wanted = set(touched)
    query = select(AnswerRow.id, AnswerRow.feed_id, AnswerRow.url)
    query = query.where(AnswerRow.feed_id.in_({feed_id for feed_id, _ in touched}))
    return [identifier for identifier, feed_id, url in session.execute(query) if (feed_id, url) in wanted]
