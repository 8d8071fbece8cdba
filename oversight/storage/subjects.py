"""What stored queries are held against, made of the rows of an event."""

from collections.abc import Mapping

from sqlalchemy.orm import selectinload

from oversight.domain.event import About, EventKind
from oversight.domain.nearness import Point
from oversight.domain.query import Filter
from oversight.domain.query_match import Subject
from oversight.storage.models import EventRow, ItemRow, MentionRow

OF_MENTION = (
    selectinload(MentionRow.technologies),
    selectinload(MentionRow.item).selectinload(ItemRow.matter),
    selectinload(MentionRow.item).selectinload(ItemRow.meeting),
)


def event_subject(event: EventRow, centres: Mapping[str, Point]) -> Subject:
    """What an event is about; its mention, if it has one, was loaded with `OF_MENTION`.

    `centres` of places by key, for a mention: another event knows where it happened.
    """
    if event.about is not None:
        return About.from_json(event.about).subject(EventKind(event.kind))
    if event.mention is None:
        raise ValueError(f"event {event.id} has neither a mention nor what it is about")
    return mention_subject(event.mention, centres)


def mention_subject(mention: MentionRow, centres: Mapping[str, Point]) -> Subject:
    """What the event of a mention is about, which was loaded with `OF_MENTION`; `centres` of places by key."""
    values = mention_values(mention)
    lies = [(Filter.NEAR, str(centres[key])) for name, key in values if name is Filter.PLACE and key in centres]
    return Subject.of([(Filter.KIND, EventKind.MENTION.value), *values, *lies], mention_texts(mention))


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
