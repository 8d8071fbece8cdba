"""The meetings of a span of days, with what a calendar says of each beside its hour."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from oversight.domain.calendar_entry import EntryKind
from oversight.domain.meeting_change import MeetingChange
from oversight.domain.mention import FALSE_ALARMS
from oversight.errors import NotFound
from oversight.storage.models import (
    ItemRow,
    MeetingChangeRow,
    MeetingMoveRow,
    MeetingRow,
    MentionRow,
    MentionTechnologyRow,
)
from oversight.storage.queries.in_state import in_state
from oversight.storage.queries.meetings import MeetingLine, meeting_line

MOST = 500


@dataclass(frozen=True)
class CalendarFilter:
    """What a calendar is narrowed to; empty fields do not narrow."""

    place: str = ""
    state: str = ""
    technology: str = ""
    kind: str = ""

    @property
    def takes_meetings(self) -> bool:
        """Whether meetings are wanted."""
        return self.kind != EntryKind.DUTY

    @property
    def takes_duties(self) -> bool:
        """Whether duties are wanted."""
        return self.kind in ("", EntryKind.DUTY)


@dataclass(frozen=True)
class Mentioned:
    """A mention on an agenda, by its title."""

    id: int
    title: str


@dataclass(frozen=True)
class Moved:
    """The meeting that took the place of another."""

    id: int
    date: dt.date | None


@dataclass(frozen=True)
class Revised:
    """How often a meeting changed since we first saw it, when it did last, and the moment it was moved from last."""

    count: int
    last_at: datetime | None
    moved_from: str | None = None


@dataclass(frozen=True)
class MeetingEntry:
    """One meeting with its mentions, what took its place, and how it was revised."""

    line: MeetingLine
    how_to_comment: str | None
    mentions: tuple[Mentioned, ...]
    moved_to: Moved | None
    revised: Revised

    @property
    def day(self) -> date | None:
        """The local day it is on."""
        return self.line.date


def meetings_between(session: Session, wanted: CalendarFilter, first: date, last: date) -> list[MeetingEntry]:
    """The meetings on these local days, in their order; at most 500."""
    query = select(MeetingRow).where(MeetingRow.date.between(first, last), *_conditions(wanted))
    order = (MeetingRow.date, MeetingRow.starts_at.is_(None), MeetingRow.starts_at, MeetingRow.body, MeetingRow.id)
    return meeting_entries(session, session.scalars(query.order_by(*order).limit(MOST)).all())


def count_between(session: Session, wanted: CalendarFilter, first: date, last: date) -> int:
    """How many meetings there are on these days."""
    query = select(func.count(MeetingRow.id)).where(MeetingRow.date.between(first, last), *_conditions(wanted))
    return session.scalar(query) or 0


def next_meeting_day(session: Session, wanted: CalendarFilter, after: date) -> date | None:
    """The first day after this one that has a meeting."""
    return session.scalar(select(func.min(MeetingRow.date)).where(MeetingRow.date > after, *_conditions(wanted)))


def meeting_entries(session: Session, rows: Sequence[MeetingRow]) -> list[MeetingEntry]:
    """These meetings as a calendar shows them."""
    ids = [row.id for row in rows]
    mentions, moves, revised = _mentions(session, ids), _moves(session, ids), _revised(session, ids)
    return [
        MeetingEntry(
            line=meeting_line(row),
            how_to_comment=row.how_to_comment,
            mentions=tuple(mentions.get(row.id, ())),
            moved_to=moves.get(row.id),
            revised=revised.get(row.id) or Revised(0, row.first_seen_at),
        )
        for row in rows
    ]


def entries_of_meetings(session: Session, ids: Sequence[int]) -> list[MeetingEntry]:
    """The meetings with these ids as a calendar shows them, in the same order."""
    rows = session.scalars(select(MeetingRow).where(MeetingRow.id.in_(ids))).all()
    found = {entry.line.id: entry for entry in meeting_entries(session, rows)}
    return [found[one] for one in ids if one in found]


def meeting_entry(session: Session, meeting_id: int) -> MeetingEntry:
    """One meeting as a calendar shows it; raises NotFound."""
    found = meeting_entries(session, session.scalars(select(MeetingRow).where(MeetingRow.id == meeting_id)).all())
    if not found:
        raise NotFound(f"There is no meeting {meeting_id}.")
    return found[0]


def zone_of(session: Session, place: str) -> str | None:
    """The time zone in which a place meets, as far as its feeds tell."""
    query = select(MeetingRow.timezone).where(MeetingRow.jurisdiction == place, MeetingRow.timezone.is_not(None))
    return session.scalar(query.limit(1))


def _conditions(wanted: CalendarFilter) -> list[Any]:
    found: list[Any] = []
    if wanted.place:
        found.append(MeetingRow.jurisdiction == wanted.place)
    if wanted.state:
        found.append(in_state(MeetingRow.jurisdiction, wanted.state))
    if wanted.technology or wanted.kind == EntryKind.DECISION:
        found.append(MeetingRow.id.in_(mentioned_meetings(wanted.technology)))
    return found


def mentioned_meetings(technology: str = "") -> Any:
    """The ids of the meetings whose agenda has a mention, of one technology or of any; false alarms left out."""
    query = select(ItemRow.meeting_id).join(MentionRow, MentionRow.item_id == ItemRow.id)
    query = query.where(ItemRow.meeting_id.is_not(None), MentionRow.state.not_in(FALSE_ALARMS))
    if technology:
        query = query.join(MentionTechnologyRow, MentionTechnologyRow.mention_id == MentionRow.id)
        query = query.where(MentionTechnologyRow.technology == technology)
    return query


def _mentions(session: Session, ids: Sequence[int]) -> Mapping[int, list[Mentioned]]:
    query = select(ItemRow.meeting_id, MentionRow.id, MentionRow.title).join(
        MentionRow, MentionRow.item_id == ItemRow.id
    )
    query = query.where(ItemRow.meeting_id.in_(ids), MentionRow.state.not_in(FALSE_ALARMS)).order_by(MentionRow.id)
    found: defaultdict[int, list[Mentioned]] = defaultdict(list)
    for meeting_id, mention_id, title in session.execute(query):
        found[meeting_id or 0].append(Mentioned(mention_id, title))
    return found


def _moves(session: Session, ids: Sequence[int]) -> Mapping[int, Moved]:
    later = aliased(MeetingRow)
    query = select(MeetingMoveRow.meeting_id, later.id, later.date).join(later, later.id == MeetingMoveRow.moved_to_id)
    return {
        meeting_id: Moved(identifier, day)
        for meeting_id, identifier, day in session.execute(query.where(MeetingMoveRow.meeting_id.in_(ids)))
    }


def _revised(session: Session, ids: Sequence[int]) -> Mapping[int, Revised]:
    query = select(MeetingChangeRow).where(MeetingChangeRow.meeting_id.in_(ids))
    found: dict[int, Revised] = {}
    for row in session.scalars(query.order_by(MeetingChangeRow.seen_at, MeetingChangeRow.id)):
        known = found.get(row.meeting_id, Revised(0, None))
        moved_from = row.before if row.kind == MeetingChange.MOVED else known.moved_from
        found[row.meeting_id] = Revised(known.count + 1, row.seen_at, moved_from)
    return found
