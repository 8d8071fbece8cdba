"""The last good answer from each address of a feed: what to send, and what need not be read or asked again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oversight.storage.batches import in_batches
from oversight.storage.models import AnswerRow
from oversight.storage.upsert import UNSEEN, upsert

KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Known:
    """What is known of one question's last answer."""

    id: int
    etag: str | None
    last_modified: str | None
    body_hash: str
    revision: str | None
    answered_at: datetime
    full_at: datetime


def answers_of(session: Session, feed_ids: Sequence[int]) -> dict[int, dict[str, Known]]:
    """What is known of every question of these feeds, by feed and by the question's key."""
    found: defaultdict[int, dict[str, Known]] = defaultdict(dict)
    told = (AnswerRow.etag, AnswerRow.last_modified, AnswerRow.body_hash, AnswerRow.revision)
    columns = (AnswerRow.id, *told, AnswerRow.answered_at, AnswerRow.full_at)
    for some in in_batches(feed_ids):
        query = select(AnswerRow.feed_id, AnswerRow.url, *columns)
        for row in session.execute(query.where(AnswerRow.feed_id.in_(some))).tuples():
            found[row[0]][row[1]] = Known(*row[2:])
    return found


def save_answers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep these answers in place of older ones to the same questions."""
    last = {(row["feed_id"], row["url"]): row for row in rows}
    key = [AnswerRow.feed_id, AnswerRow.url]
    upsert(session, AnswerRow, list(last.values()), key=key)


def touch_answers(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Note that the questions of these answers were answered with "nothing changed"."""
    for some in in_batches(ids):
        query = update(AnswerRow).where(AnswerRow.id.in_(some)).values(answered_at=now)
        session.execute(query, execution_options=UNSEEN)


def drop_unasked(session: Session, *, now: datetime) -> None:
    """Forget answers to questions that nothing asks any more."""
    session.execute(delete(AnswerRow).where(AnswerRow.answered_at < now - KEPT))
