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
    return Subject.of([(Filter.KIND, EventKind.MENTION.value), *mention_values(mention)], mention_texts(mention))


def mention_values(mention: MentionRow) -> list[tuple[Filter, str]]:
    """What filters are held against, of all that is about a mention; it was loaded with `OF_MENTION`."""
    matter = mention.item.matter
    values = [
        (Filter.STAGE, mention.stage),
        (Filter.MATTER, matter.file if matter else None),
        *((Filter.PLACE, place["ocd_id"]) for place in mention.places),
        *((Filter.TECHNOLOGY, row.technology) for row in mention.technologies),
        *((Filter.VENDOR, vendor) for vendor in mention.vendors),
        *((Filter.AGENCY, agency) for agency in mention.agencies),
    ]
    return [(name, value) for name, value in values if value]


def mention_texts(mention: MentionRow) -> list[str]:
    """The texts that words are looked for in; it was loaded with `OF_MENTION`."""
    meeting = mention.item.meeting
    names = [place["name"] for place in mention.places]
    texts = [mention.title, mention.text, (meeting.body if meeting else None) or ""]
    return [*texts, *names, *mention.vendors, *mention.products, *mention.agencies]
