"""Events of late, each with all that stored queries are held against."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.storage.models import EventRow, ItemRow, MentionRow

AT_A_TIME = 200


def events_since(session: Session, since: datetime, *, reviewed_only: bool, most: int) -> Iterator[EventRow]:
    """Events from then on with their mentions, the newest first."""
    mention = selectinload(EventRow.mention)
    item = mention.selectinload(MentionRow.item)
    options = [
        mention.selectinload(MentionRow.technologies),
        item.selectinload(ItemRow.matter),
        item.selectinload(ItemRow.meeting),
    ]
    query = select(EventRow).where(EventRow.at >= since).options(*options)
    if reviewed_only:
        query = query.where(EventRow.is_reviewed)
    newest = query.order_by(EventRow.at.desc(), EventRow.id.desc()).limit(most)
    yield from session.scalars(newest.execution_options(yield_per=AT_A_TIME))
