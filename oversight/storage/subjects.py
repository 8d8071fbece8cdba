"""What stored queries are held against, made of the rows of an event."""

from sqlalchemy.orm import selectinload

from oversight.domain.event import About, EventKind
from oversight.domain.query import Filter
from oversight.domain.query_match import Subject
from oversight.storage.models import EventRow, ItemRow, MentionRow

OF_MENTION = (
    selectinload(MentionRow.technologies),
    selectinload(MentionRow.item).selectinload(ItemRow.matter),
    selectinload(MentionRow.item).selectinload(ItemRow.meeting),
)


def event_subject(event: EventRow) -> Subject:
    """What an event is about; its mention, if it has one, was loaded with `OF_MENTION`."""
    if event.about is not None:
        return About.from_json(event.about).subject(EventKind(event.kind))
    if event.mention is None:
        raise ValueError(f"event {event.id} has neither a mention nor what it is about")
    return mention_subject(event.mention)


def mention_subject(mention: MentionRow) -> Subject:
    """What the event of a mention is about, which was loaded with `OF_MENTION`."""
    matter, meeting = mention.item.matter, mention.item.meeting
    values: list[tuple[Filter, str | None]] = [
        (Filter.KIND, EventKind.MENTION.value),
        (Filter.STAGE, mention.stage),
        (Filter.MATTER, matter.file if matter else None),
        *((Filter.PLACE, place["ocd_id"]) for place in mention.places),
        *((Filter.TECHNOLOGY, row.technology) for row in mention.technologies),
        *((Filter.VENDOR, vendor) for vendor in mention.vendors),
        *((Filter.AGENCY, agency) for agency in mention.agencies),
    ]
    names = [place["name"] for place in mention.places]
    texts = [mention.title, mention.text, meeting.body if meeting else None]
    return Subject.of(values, [*texts, *names, *mention.vendors, *mention.products, *mention.agencies])
