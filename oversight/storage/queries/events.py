"""Events of late, each with all that stored queries are held against."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.storage.models import EventRow
from oversight.storage.subjects import OF_MENTION

AT_A_TIME = 200


def events_since(session: Session, since: datetime, *, reviewed_only: bool, most: int) -> Iterator[EventRow]:
    """Events from then on that stand, with their mentions, the newest first."""
    options = [selectinload(EventRow.mention).options(*OF_MENTION)]
    query = select(EventRow).where(EventRow.at >= since, EventRow.withdrawn_at.is_(None)).options(*options)
    if reviewed_only:
        query = query.where(EventRow.is_reviewed)
    newest = query.order_by(EventRow.at.desc(), EventRow.id.desc()).limit(most)
    yield from session.scalars(newest.execution_options(yield_per=AT_A_TIME))


def event_of(session: Session, event_id: int) -> EventRow | None:
    """One event with its mention."""
    options = [selectinload(EventRow.mention).options(*OF_MENTION)]
    return session.get(EventRow, event_id, options=options)
