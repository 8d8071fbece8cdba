"""How far the watch reaches in each place: meetings and agendas read, documents, and the places with a policy."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from oversight.domain.document import DocumentState
from oversight.domain.record import Instrument
from oversight.storage.models import (
    AgendaVersionRow,
    DocumentRow,
    FeedRow,
    JurisdictionRow,
    MeetingRow,
    PolicyRow,
)

UNREAD = [state for state in DocumentState if state is not DocumentState.READ]
Documents = Mapping[str, Mapping[DocumentState, int]]


@dataclass(frozen=True)
class Reach:
    """What was read of one place: its bodies by name, how many meetings, and since when (UTC).

    `agendas` of the `listed` ones, those that are known to be published, were read.
    """

    bodies: tuple[str, ...] = ()
    meetings: int = 0
    listed: int = 0
    agendas: int = 0
    since: datetime | None = None


def reaches(session: Session, jurisdiction: str | None = None, since: datetime | None = None) -> dict[str, Reach]:
    """What was read, by place, of meetings that were first seen since then, or of all. Every meeting whose agenda was
    read has a first version of it.
    """
    is_listed = or_(MeetingRow.agenda_url.is_not(None), AgendaVersionRow.id.is_not(None))
    query = (
        select(
            MeetingRow.jurisdiction,
            MeetingRow.body,
            func.count(),
            func.count(case((is_listed, 1))),
            func.count(AgendaVersionRow.id),
            func.min(MeetingRow.first_seen_at),
        )
        .outerjoin(AgendaVersionRow, and_(AgendaVersionRow.meeting_id == MeetingRow.id, AgendaVersionRow.number == 1))
        .group_by(MeetingRow.jurisdiction, MeetingRow.body)
    )
    query = query.where(MeetingRow.first_seen_at >= since) if since else query
    found: defaultdict[str, Reach] = defaultdict(Reach)
    for place, body, meetings, listed, agendas, first in session.execute(
        _of_place(query, MeetingRow.jurisdiction, jurisdiction)
    ):
        known = found[place]
        found[place] = Reach(
            bodies=tuple(sorted({*known.bodies, body})) if body else known.bodies,
            meetings=known.meetings + meetings,
            listed=known.listed + listed,
            agendas=known.agendas + agendas,
            since=min((moment for moment in (known.since, first) if moment), default=None),
        )
    return dict(found)


def documents_by_place(session: Session) -> Documents:
    """How many wanted documents of each place were not read, by state; news has the empty place."""
    query = select(FeedRow.jurisdiction, DocumentRow.state, func.count()).join(
        FeedRow, FeedRow.id == DocumentRow.feed_id
    )
    query = query.where(DocumentRow.state.in_(UNREAD), DocumentRow.wanted.is_not(None))
    found: defaultdict[str, Counter[DocumentState]] = defaultdict(Counter)
    for place, state, count in session.execute(query.group_by(FeedRow.jurisdiction, DocumentRow.state)):
        found[place or ""][DocumentState(state)] += count
    return found


def unread_documents(session: Session, feed_ids: Sequence[int] | None = None) -> Mapping[DocumentState, int]:
    """How many wanted documents of these feeds, or of all, were not read, by state."""
    query = select(DocumentRow.state, func.count()).where(
        DocumentRow.state.in_(UNREAD), DocumentRow.wanted.is_not(None)
    )
    if feed_ids is not None:
        query = query.where(DocumentRow.feed_id.in_(feed_ids))
    rows = () if feed_ids == [] else session.execute(query.group_by(DocumentRow.state))
    return {DocumentState(state): count for state, count in rows}


def policed(session: Session) -> dict[str, Instrument]:
    """Every place with a policy on record; the surveillance oversight ordinance where it has one."""
    query = select(JurisdictionRow.key, PolicyRow.instrument).join(
        PolicyRow, PolicyRow.jurisdiction_id == JurisdictionRow.id
    )
    found: dict[str, Instrument] = {}
    for key, instrument in session.execute(query.order_by(PolicyRow.id)):
        if key not in found or instrument == Instrument.OVERSIGHT_ORDINANCE:
            found[key] = Instrument(instrument)
    return found


def unwatched_count(session: Session) -> int:
    """How many places with a policy on record have no feed that is polled."""
    watched = select(FeedRow.jurisdiction).where(FeedRow.is_enabled, FeedRow.jurisdiction.is_not(None))
    query = select(func.count(func.distinct(JurisdictionRow.id))).join(
        PolicyRow, PolicyRow.jurisdiction_id == JurisdictionRow.id
    )
    return session.scalar(query.where(JurisdictionRow.key.not_in(watched))) or 0


def _of_place(query: Any, column: Any, jurisdiction: str | None) -> Any:
    return query.where(column == jurisdiction if jurisdiction is not None else column.is_not(None))
