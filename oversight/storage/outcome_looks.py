"""Which meetings are to be asked again for what they decided, and when the next time is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from oversight.domain.feed import Request
from oversight.domain.local_time import today_at
from oversight.domain.mention import FALSE_ALARMS
from oversight.domain.outcome_look import next_look
from oversight.storage.models import FeedRow, ItemRow, MeetingRow, MentionRow

MOST = 200


def due_looks(session: Session, feed_ids: Sequence[int], *, now: datetime) -> dict[int, list[Request]]:
    """The questions to ask again, by feed: meetings that are over, with a mention that has no outcome yet."""
    is_open = exists().where(
        ItemRow.meeting_id == MeetingRow.id,
        ItemRow.outcome.is_(None),
        MentionRow.item_id == ItemRow.id,
        MentionRow.state.not_in(FALSE_ALARMS),
    )
    query = select(MeetingRow.feed_id, MeetingRow.uid, MeetingRow.asked).where(
        MeetingRow.outcome_due_at <= now,
        MeetingRow.starts_at.is_(None) | (MeetingRow.starts_at < now),
        MeetingRow.feed_id.in_(feed_ids),
        MeetingRow.asked.is_not(None),
        is_open,
    )
    found: dict[int, list[Request]] = {}
    for feed_id, uid, asked in session.execute(query.order_by(MeetingRow.outcome_due_at).limit(MOST)):
        if asked:
            found.setdefault(feed_id, []).append(_question(asked, uid))
    return found


def feeds_with_looks(session: Session, *, now: datetime) -> list[FeedRow]:
    """Enabled feeds that have a meeting whose outcome should be looked for now; those that fail keep their back-off."""
    ids = list(session.scalars(select(FeedRow.id).where(FeedRow.is_enabled, FeedRow.failures == 0)))
    wanted = due_looks(session, ids, now=now)
    return list(session.scalars(select(FeedRow).where(FeedRow.id.in_(wanted))))


def note_outcome_looks(
    session: Session, meeting_ids: Sequence[int], *, now: datetime, timezone: str | None
) -> list[int]:
    """Count a look at those of the meetings that are over, and set the next one; the meetings that are over."""
    over = []
    for row in session.scalars(select(MeetingRow).where(MeetingRow.id.in_(meeting_ids))):
        is_over = (
            row.starts_at < now if row.starts_at else (row.date is not None and row.date < today_at(timezone, now))
        )
        if is_over:
            over.append(row.id)
        if is_over and row.outcome_due_at is not None and row.outcome_due_at <= now:
            row.outcome_looks += 1
            row.outcome_due_at = next_look(row.date, looks=row.outcome_looks, timezone=timezone)
    session.flush()
    return over


def _question(asked: dict[str, Any], uid: str) -> Request:
    """The question that a meeting's agenda answered, without the revision that would keep it from being asked."""
    return Request(
        url=asked["url"],
        accept=asked["accept"],
        meeting_uid=uid,
        body=asked["body"],
        content_type=asked["content_type"],
        headers=tuple((name, value) for name, value in asked["headers"]),
    )
