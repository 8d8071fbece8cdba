"""What the polls of some moments wrote about what is to come: new sightings, revisions, changed meetings."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from oversight.storage.models import (
    AgendaVersionRow,
    ItemRow,
    MatterRow,
    MatterStepRow,
    MeetingChangeRow,
    MeetingMoveRow,
    MeetingRow,
)

Moments = Mapping[int, datetime]
"""When the poll of each feed began: what it wrote bears this moment."""

A_DAY = timedelta(days=1)  # the day at a place may be the one before that of UTC


def new_sightings(session: Session, moments: Moments) -> list[tuple[int, int, int]]:
    """The new items that are about a matter and stand on an agenda: each with its matter and meeting."""
    query = select(ItemRow.feed_id, ItemRow.first_seen_at, ItemRow.id, ItemRow.matter_id, ItemRow.meeting_id)
    query = query.join(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
    of_them = query.where(ItemRow.first_seen_at.in_(_at(moments)), ItemRow.feed_id.in_(moments))
    rows = session.execute(_ahead(of_them.where(ItemRow.matter_id.is_not(None)), moments))
    return [(item, matter, meeting) for feed, at, item, matter, meeting in rows if moments[feed] == at]


def items_with_business(session: Session, item_ids: Collection[int]) -> list[ItemRow]:
    """These items, with their meetings and matters."""
    options = [selectinload(ItemRow.meeting), selectinload(ItemRow.matter)]
    query = select(ItemRow).where(ItemRow.id.in_(item_ids)).options(*options).order_by(ItemRow.id)
    return list(session.scalars(query.execution_options(populate_existing=True))) if item_ids else []


def revised_agendas(session: Session, moments: Moments) -> list[tuple[AgendaVersionRow, MeetingRow]]:
    """The new versions of agendas that add something to the one before."""
    query = select(AgendaVersionRow, MeetingRow).join(MeetingRow, MeetingRow.id == AgendaVersionRow.meeting_id)
    new = query.where(AgendaVersionRow.seen_at.in_(_at(moments)), AgendaVersionRow.number > 1)
    rows = session.execute(_of(new, moments).order_by(AgendaVersionRow.id)).tuples()
    return [(version, row) for version, row in rows if version.added and version.seen_at == moments[row.feed_id]]


def items_of_entries(session: Session, feed_id: int, identities: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """The row and the matter of each entry of an agenda whose item has a row, by its identity."""
    query = select(ItemRow.identity, ItemRow.id, ItemRow.matter_id)
    rows = session.execute(query.where(ItemRow.feed_id == feed_id, ItemRow.identity.in_(identities)))
    return {identity: (item_id, matter_id) for identity, item_id, matter_id in rows}


def changed_meetings(session: Session, moments: Moments) -> list[tuple[MeetingChangeRow, MeetingRow]]:
    """What changed about meetings that are not long over."""
    query = select(MeetingChangeRow, MeetingRow).join(MeetingRow, MeetingRow.id == MeetingChangeRow.meeting_id)
    new = query.where(MeetingChangeRow.seen_at.in_(_at(moments)))
    rows = session.execute(_of(new, moments).order_by(MeetingChangeRow.id)).tuples()
    return [(change, row) for change, row in rows if change.seen_at == moments[row.feed_id]]


def moved_meetings(session: Session, moments: Moments) -> list[tuple[MeetingRow, MeetingRow]]:
    """Meetings that were called off, each with the new one that took its place."""
    twin = aliased(MeetingRow)
    query = select(MeetingMoveRow.seen_at, MeetingRow, twin).join(
        MeetingRow, MeetingRow.id == MeetingMoveRow.meeting_id
    )
    new = query.join(twin, twin.id == MeetingMoveRow.moved_to_id).where(
        MeetingMoveRow.seen_at.in_(_at(moments)), MeetingRow.feed_id.in_(moments)
    )
    rows = session.execute(new.order_by(MeetingRow.id)).tuples()
    return [(gone, new) for at, gone, new in rows if at == moments[gone.feed_id]]


def steps_of_matters(session: Session, matter_ids: Collection[int]) -> list[tuple[MatterStepRow, MatterRow]]:
    """All that was done with these matters, in order."""
    query = select(MatterStepRow, MatterRow).join(MatterRow, MatterRow.id == MatterStepRow.matter_id)
    query = query.where(MatterStepRow.matter_id.in_(matter_ids)).order_by(MatterStepRow.date, MatterStepRow.id)
    rows = session.execute(query.execution_options(populate_existing=True)).tuples()
    return [(step, matter) for step, matter in rows]


def _of(query: Any, moments: Moments) -> Any:
    """Only what is of these feeds and to come; said so that the index on meetings serves."""
    return _ahead(query.where(MeetingRow.feed_id.in_(moments)), moments)


def _ahead(query: Any, moments: Moments) -> Any:
    return query.where(MeetingRow.date >= (min(moments.values()) - A_DAY).date())


def _at(moments: Moments) -> set[datetime]:
    return set(moments.values())
