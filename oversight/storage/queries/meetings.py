"""Meetings as a list, and the choices that narrow it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from oversight.domain.meeting_change import CALLED_OFF
from oversight.domain.mention import FALSE_ALARMS
from oversight.domain.reading import MeetingStatus
from oversight.storage.models import ItemRow, MeetingRow, MentionRow
from oversight.storage.queries.coming import is_coming, is_over

PAGE = 100


@dataclass(frozen=True)
class MeetingLine:
    """The meeting that a mention or an agenda is on; `vanished_at` is when its feed stopped naming it (UTC)."""

    id: int
    body: str | None
    date: dt.date | None
    starts_at: datetime | None
    timezone: str | None
    status: MeetingStatus
    location: str | None
    url: str | None
    agenda_url: str | None
    minutes_url: str | None
    how_to_comment: str | None
    jurisdiction: str | None
    vanished_at: datetime | None

    @property
    def is_called_off(self) -> bool:
        """Whether a list must say that it may not take place."""
        return self.vanished_at is not None or self.status in CALLED_OFF


class When(StrEnum):
    """Which meetings a list shows."""

    COMING = ""
    PAST = "past"
    ALL = "all"


@dataclass(frozen=True)
class MeetingFilter:
    """What a list of meetings is narrowed to; empty fields do not narrow."""

    jurisdiction: str | None = None
    body: str | None = None
    when: When = When.COMING
    is_mentioned: bool = False


@dataclass(frozen=True)
class MeetingFacets:
    """How many meetings each choice leaves, all other choices kept."""

    jurisdiction: Mapping[str, int]
    body: Mapping[str, int]
    mentioned: int


def list_meetings(
    session: Session, wanted: MeetingFilter, *, now: datetime, limit: int = PAGE, page: int = 1
) -> list[MeetingLine]:
    """Meetings to come, the next one first; or those that are over, or all, the last one first."""
    query = _narrowed(select(MeetingRow), wanted, now)
    order: tuple[Any, ...] = (MeetingRow.date.is_(None), MeetingRow.date)
    order += (MeetingRow.starts_at.is_(None), MeetingRow.starts_at, MeetingRow.id)
    if wanted.when is not When.COMING:
        order = (MeetingRow.date.is_(None), MeetingRow.date.desc(), MeetingRow.id.desc())
    rows = session.scalars(query.order_by(*order).limit(limit).offset((page - 1) * limit))
    return [meeting_line(row) for row in rows]


def count_meetings(session: Session, wanted: MeetingFilter, *, now: datetime) -> int:
    """How many meetings a filter leaves."""
    return session.scalar(_narrowed(select(func.count(MeetingRow.id)), wanted, now)) or 0


def mention_counts(session: Session, meeting_ids: Sequence[int]) -> dict[int, int]:
    """How many mentions the agenda of each meeting has; dismissed and withdrawn ones are left out."""
    query = (
        select(ItemRow.meeting_id, func.count())
        .join(MentionRow, MentionRow.item_id == ItemRow.id)
        .where(ItemRow.meeting_id.in_(meeting_ids), MentionRow.state.not_in(FALSE_ALARMS))
        .group_by(ItemRow.meeting_id)
    )
    return {meeting_id: count for meeting_id, count in session.execute(query) if meeting_id is not None}


def meeting_facets(session: Session, wanted: MeetingFilter, *, now: datetime) -> MeetingFacets:
    """How many meetings each choice leaves; bodies are those of one place."""

    def counted(column: Any, others: MeetingFilter) -> dict[str, int]:
        query = _narrowed(select(column, func.count(MeetingRow.id)), others, now).group_by(column)
        return {word: count for word, count in session.execute(query) if word}

    return MeetingFacets(
        jurisdiction=counted(MeetingRow.jurisdiction, replace(wanted, jurisdiction=None)),
        body=counted(MeetingRow.body, replace(wanted, body=None)) if wanted.jurisdiction else {},
        mentioned=count_meetings(session, replace(wanted, is_mentioned=True), now=now),
    )


def meeting_line(row: MeetingRow) -> MeetingLine:
    """A meeting as a list shows it."""
    return MeetingLine(
        id=row.id,
        body=row.body,
        date=row.date,
        starts_at=row.starts_at,
        timezone=row.timezone,
        status=MeetingStatus(row.status),
        location=row.location,
        url=row.url,
        agenda_url=row.agenda_url,
        minutes_url=row.minutes_url,
        how_to_comment=row.how_to_comment,
        jurisdiction=row.jurisdiction,
        vanished_at=row.vanished_at,
    )


def _narrowed(query: Any, wanted: MeetingFilter, now: datetime) -> Any:
    if wanted.jurisdiction:
        query = query.where(MeetingRow.jurisdiction == wanted.jurisdiction)
    if wanted.body:
        query = query.where(MeetingRow.body == wanted.body)
    if wanted.is_mentioned:
        found = select(ItemRow.meeting_id).join(MentionRow, MentionRow.item_id == ItemRow.id)
        query = query.where(MeetingRow.id.in_(found.where(MentionRow.state.not_in(FALSE_ALARMS))))
    if wanted.when is When.ALL:
        return query
    if wanted.when is When.PAST:
        return query.where(is_over(MeetingRow, now))
    return query.where(or_(is_coming(MeetingRow, now), MeetingRow.date.is_(None)))
