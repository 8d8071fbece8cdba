"""What changed in the last days: in the record, and about meetings that have a mention on their agenda."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.meeting_change import MeetingChange
from oversight.domain.mention import SET_ASIDE
from oversight.storage.models import ItemRow, MeetingChangeRow, MeetingRow, MentionRow, RevisionRow
from oversight.storage.queries.meetings import MeetingLine, meeting_line
from oversight.storage.revisions import RECORD

WEEK = timedelta(days=7)
MOST = 6
TELLING = (MeetingChange.MOVED, MeetingChange.CANCELLED, MeetingChange.VANISHED, MeetingChange.REINSTATED)


@dataclass(frozen=True)
class RecordChange:
    """Changes of the record that somebody made for one reason; `after` is what the last of them left."""

    count: int
    entity: str
    key: str
    is_new: bool
    after: Mapping[str, Any]
    reason: str
    at: datetime


@dataclass(frozen=True)
class SittingChange:
    """What happened to a meeting that is about something we watch for."""

    kind: MeetingChange
    before: str | None
    after: str | None
    seen_at: datetime
    meeting: MeetingLine


@dataclass(frozen=True)
class Week:
    """The last seven days, newest first."""

    record: Sequence[RecordChange]
    meetings: Sequence[SittingChange]


def last_week(session: Session, *, now: datetime) -> Week:
    """What changed in the seven days before that moment."""
    return Week(_record(session, now - WEEK), _meetings(session, now - WEEK))


def _record(session: Session, since: datetime) -> list[RecordChange]:
    made = select(func.max(RevisionRow.id).label("last"), func.count().label("changes"))
    made = made.where(RevisionRow.at >= since, RevisionRow.entity.in_(RECORD))
    made = made.group_by(RevisionRow.reason, RevisionRow.actor)
    newest = made.order_by(func.max(RevisionRow.id).desc()).limit(MOST).subquery()
    query = select(RevisionRow, newest.c.changes).join(newest, newest.c.last == RevisionRow.id)
    return [
        RecordChange(changes, row.entity, row.entity_key, row.before is None, row.after, row.reason, row.at)
        for row, changes in session.execute(query.order_by(RevisionRow.id.desc()))
    ]


def _meetings(session: Session, since: datetime) -> list[SittingChange]:
    telling = select(ItemRow.id).join(MentionRow, MentionRow.item_id == ItemRow.id)
    telling = telling.where(ItemRow.meeting_id == MeetingRow.id, MentionRow.state.not_in(SET_ASIDE))
    query = select(MeetingChangeRow, MeetingRow).join(MeetingRow, MeetingRow.id == MeetingChangeRow.meeting_id)
    query = query.where(MeetingChangeRow.seen_at >= since, MeetingChangeRow.kind.in_(TELLING), telling.exists())
    newest = query.order_by(MeetingChangeRow.seen_at.desc(), MeetingChangeRow.id.desc()).limit(MOST)
    return [
        SittingChange(MeetingChange(row.kind), row.before, row.after, row.seen_at, meeting_line(meeting))
        for row, meeting in session.execute(newest)
    ]
