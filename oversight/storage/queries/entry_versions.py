"""What the versions of agendas made of one piece of business: its words as they came and went, meeting by meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.storage.models import AgendaVersionRow
from oversight.storage.queries.items import ItemLine
from oversight.storage.queries.meeting_page import EntryChange, entry_changes
from oversight.storage.queries.meetings import MeetingLine

FIRST = 1  # the first version of an agenda is no change


@dataclass(frozen=True)
class EntryVersion:
    """One version of one meeting's agenda that changed the entry."""

    meeting: MeetingLine
    number: int
    seen_at: datetime
    change: EntryChange


def entry_versions(session: Session, sightings: Sequence[ItemLine]) -> list[EntryVersion]:
    """Every change of these entries of agendas, the last one first."""
    named = {line.identity for line in sightings}
    meetings = {line.meeting.id: line.meeting for line in sightings if line.meeting}
    query = select(AgendaVersionRow).where(AgendaVersionRow.meeting_id.in_(meetings), AgendaVersionRow.number > FIRST)
    order = (AgendaVersionRow.seen_at.desc(), AgendaVersionRow.number.desc(), AgendaVersionRow.meeting_id)
    return [
        EntryVersion(meetings[row.meeting_id], row.number, row.seen_at, change)
        for row in session.scalars(query.order_by(*order))
        for identity, change in entry_changes(row).items()
        if identity in named
    ]
