"""Duties with a day, across all policies, each with whose policy it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, union
from sqlalchemy.orm import Session, joinedload

from oversight.domain.duty import DutyState
from oversight.domain.partial_date import Span, span_of
from oversight.storage.models import DutyRow, JurisdictionRow, MeetingRow, PolicyRow, PolicyTechnologyRow, RevisionRow
from oversight.storage.queries.calendar import MOST, CalendarFilter
from oversight.storage.queries.duty_lines import DutyLine, duty_lines

LATE = (DutyState.OVERDUE, DutyState.NOT_RESEARCHED)


@dataclass(frozen=True)
class DutyEntry:
    """One duty with its policy, the place that made it, and which version of the policy says so since when."""

    policy_key: str
    policy: str
    position: int
    jurisdiction_key: str
    jurisdiction: str
    line: DutyLine
    version: int
    revised_at: datetime | None

    @property
    def span(self) -> Span:
        """The days that its due date may mean."""
        return span_of(self.line.due or "")

    @property
    def day(self) -> date | None:
        """The day it is due on; None where only the month or the year is known."""
        return self.span.first if self.span.first == self.span.last else None

    def is_in(self, first: date, last: date) -> bool:
        """Whether it may be due on one of these days."""
        return self.span.first <= last and self.span.last >= first


def duties_between(
    session: Session, wanted: CalendarFilter, first: date, last: date, *, as_of: date
) -> list[DutyEntry]:
    """The duties that may be due on these days, in their order; at most 500."""
    found = _entries(session, _narrowed(wanted).where(_may_be(DutyRow.due, first, last)).order_by(DutyRow.due), as_of)
    return [one for one in found if one.is_in(first, last)]


def duties_and_late(
    session: Session, wanted: CalendarFilter, first: date, last: date, *, as_of: date
) -> tuple[list[DutyEntry], list[DutyEntry]]:
    """The same, and those of any day that has passed, of which no filing is recorded, the last ones first."""
    may_be_late = and_(DutyRow.due < as_of.isoformat(), DutyRow.filed.is_(None))
    query = _narrowed(wanted).where(or_(_may_be(DutyRow.due, first, last), may_be_late))
    found = _entries(session, query.order_by(DutyRow.due.desc()), as_of)
    return [one for one in reversed(found) if one.is_in(first, last)], [one for one in found if is_late(one)]


def is_late(entry: DutyEntry) -> bool:
    """Whether its day has passed without a filing that anybody recorded."""
    return entry.line.clock.state in LATE


def places_on_calendar(session: Session) -> list[str]:
    """The key of every place that meets, or whose policies oblige to something on a day."""
    owing = select(JurisdictionRow.key).join(PolicyRow, PolicyRow.jurisdiction_id == JurisdictionRow.id)
    owing = owing.join(DutyRow, DutyRow.policy_id == PolicyRow.id).where(DutyRow.due.is_not(None))
    return [key for key in session.scalars(union(select(MeetingRow.jurisdiction), owing)) if key]


def policies_owing(session: Session, first: date, last: date) -> list[str]:
    """The keys of the policies with a duty that may be due on these days."""
    query = select(PolicyRow.key).join(DutyRow, DutyRow.policy_id == PolicyRow.id)
    return sorted(set(session.scalars(query.where(_may_be(DutyRow.due, first, last)))))


def policies_ending(session: Session, first: date, last: date) -> list[str]:
    """The keys of the policies whose own text may end them on one of these days."""
    expires = PolicyRow.facts["expires"].as_string()
    return list(session.scalars(select(PolicyRow.key).where(_may_be(expires, first, last))))


def _may_be(day: Any, first: date, last: date) -> Any:
    """The condition that a partial date may lie on one of these days; months at the edges are looked at again."""
    years = [f"{year:04}" for year in range(first.year, last.year + 1)]
    return or_(day.between(first.isoformat()[:7], last.isoformat()), day.in_(years))


def _narrowed(wanted: CalendarFilter) -> Any:
    newest = (
        select(
            RevisionRow.entity_key, func.max(RevisionRow.version).label("version"), func.max(RevisionRow.at).label("at")
        )
        .where(RevisionRow.entity == "policy")
        .group_by(RevisionRow.entity_key)
        .subquery()
    )
    query = (
        select(
            DutyRow,
            PolicyRow.key,
            PolicyRow.title,
            JurisdictionRow.key,
            JurisdictionRow.name,
            newest.c.version,
            newest.c.at,
        )
        .join(PolicyRow, PolicyRow.id == DutyRow.policy_id)
        .join(JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id)
        .outerjoin(newest, newest.c.entity_key == PolicyRow.key)
        .options(joinedload(DutyRow.source))
    )
    if wanted.place:
        query = query.where(JurisdictionRow.key == wanted.place)
    if wanted.state:
        query = query.where(JurisdictionRow.state == wanted.state)
    if wanted.technology:
        about = select(PolicyTechnologyRow.policy_id).where(PolicyTechnologyRow.technology == wanted.technology)
        query = query.where(PolicyRow.id.in_(about))
    return query


def _entries(session: Session, query: Any, as_of: date) -> list[DutyEntry]:
    return [
        DutyEntry(
            policy_key=policy_key,
            policy=title,
            position=row.position,
            jurisdiction_key=key,
            jurisdiction=name,
            line=duty_lines([row], as_of)[0],
            version=version or 1,
            revised_at=at,
        )
        for row, policy_key, title, key, name, version, at in session.execute(query.limit(MOST))
    ]
