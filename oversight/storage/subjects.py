"""What stored queries are held against, made of the rows of an event."""

from sqlalchemy.orm import selectinload

from oversight.domain.query import Filter
from oversight.domain.query_match import Subject
from oversight.domain.subscription import EventKind
from oversight.storage.models import ItemRow, MentionRow

OF_MENTION = (
    selectinload(MentionRow.technologies),
    selectinload(MentionRow.item).selectinload(ItemRow.matter),
    selectinload(MentionRow.item).selectinload(ItemRow.meeting),
)


def mention_subject(mention: MentionRow, kind: EventKind) -> Subject:
    """An event of this kind about a mention that was loaded with `OF_MENTION`."""
    matter, meeting = mention.item.matter, mention.item.meeting
    values: list[tuple[Filter, str | None]] = [
        (Filter.KIND, kind.value),
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
