"""Reads and writes of feeds, their answers and their polls."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oversight.domain.feed import Feed
from oversight.storage.models import AnswerRow, FeedRow, PollRow
from oversight.storage.upsert import insert_new

POLLS_KEPT = timedelta(days=30)
ANSWERS_KEPT = timedelta(days=60)


def sync_feeds(session: Session, feeds: Iterable[Feed], *, is_whole: bool, now: datetime) -> None:
    """Make the table say what a file says. A feed that left the whole list is disabled, never deleted."""
    rows = {row.key: row for row in session.scalars(select(FeedRow))}
    for feed in feeds:
        row = rows.pop(feed.key, None)
        if row is None:
            row = FeedRow(key=feed.key, next_due_at=now, failures=0, late_polls=0)
            session.add(row)
        row.platform, row.url, row.title = feed.platform, feed.url, feed.title
        row.jurisdiction, row.timezone = feed.jurisdiction, feed.timezone
        row.every_minutes, row.is_enabled = feed.every_minutes, feed.is_enabled
    for row in rows.values() if is_whole else ():
        row.is_enabled = False


def due_feeds(session: Session, *, now: datetime) -> list[FeedRow]:
    """Enabled feeds whose time has come, the longest waiting first."""
    query = select(FeedRow).where(FeedRow.is_enabled, FeedRow.next_due_at <= now)
    return list(session.scalars(query.order_by(FeedRow.next_due_at, FeedRow.id)))


def enabled_feeds(session: Session, keys: Sequence[str] = ()) -> list[FeedRow]:
    """Every enabled feed, or those of these keys, enabled or not."""
    query = select(FeedRow).order_by(FeedRow.key)
    return list(session.scalars(query.where(FeedRow.key.in_(keys)) if keys else query.where(FeedRow.is_enabled)))


def overdue_feeds(session: Session, *, before: datetime) -> list[FeedRow]:
    """Enabled feeds that should have been polled before that moment."""
    return list(session.scalars(select(FeedRow).where(FeedRow.is_enabled, FeedRow.next_due_at < before)))


def answers_of(session: Session, feed_id: int) -> dict[str, AnswerRow]:
    """The last good answer of each address of a feed."""
    return {row.url: row for row in session.scalars(select(AnswerRow).where(AnswerRow.feed_id == feed_id))}


def save_answers(session: Session, rows: Sequence[AnswerRow]) -> None:
    """Keep these answers in place of older ones from the same addresses."""
    for row in rows:
        session.execute(delete(AnswerRow).where(AnswerRow.feed_id == row.feed_id, AnswerRow.url == row.url))
    values = [
        {name: getattr(row, name) for name in AnswerRow.__table__.columns.keys() if name != "id"}  # noqa: SIM118
        for row in rows
    ]
    insert_new(session, AnswerRow, values, [AnswerRow.id])


def touch_answers(session: Session, feed_id: int, urls: Sequence[str], *, now: datetime) -> None:
    """Note that these addresses answered that nothing changed."""
    query = update(AnswerRow).where(AnswerRow.feed_id == feed_id, AnswerRow.url.in_(urls))
    session.execute(query.values(answered_at=now))


def drop_old(session: Session, *, now: datetime) -> None:
    """Forget polls after 30 days (SAFETY B13), and answers of addresses that nothing asks any more."""
    session.execute(delete(PollRow).where(PollRow.started_at < now - POLLS_KEPT))
    session.execute(delete(AnswerRow).where(AnswerRow.answered_at < now - ANSWERS_KEPT))
