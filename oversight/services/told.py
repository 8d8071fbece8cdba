"""What is told of an event, whatever it is about, wherever it is told."""

from collections.abc import Callable

from oversight.domain.event import Told
from oversight.domain.local_time import said_of_meeting
from oversight.domain.mention import Stage
from oversight.domain.reading import MeetingStatus
from oversight.storage.models import EventRow, MeetingRow, MentionRow
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.labels import Labels

Fact = tuple[str, str]
When = Callable[[MeetingRow], str]
"""How the hour of a meeting is said: at its own place, or for a reader elsewhere."""


def told_of(event: EventRow) -> Told:
    """What an event tells; its mention, if it has one, was loaded with `OF_MENTION`."""
    if event.mention is not None:
        return _told_of_mention(event.mention)
    if event.told is None:
        raise ValueError(f"event {event.id} has neither a mention nor what is told of it")
    return Told.from_json(event.told)


def when_there(meeting: MeetingRow) -> str:
    """The day and, where it is known, the hour of a meeting at its own place."""
    return said_of_meeting(meeting.date, meeting.starts_at, meeting.timezone)


def meeting_facts(meeting: MeetingRow, when: When = when_there) -> tuple[Fact, ...]:
    """Who meets, when and where."""
    where = (("Where", meeting.location),) if meeting.location else ()
    return ("Meeting", f"{meeting.body or 'body not known'}, {when(meeting)}"), *where


def mention_facts(mention: MentionRow, technologies: Labels, when: When = when_there) -> tuple[Fact, ...]:
    """All that is told of a mention beside its title; `technologies` are labels by code."""
    item, meeting, amount = mention.item, mention.item.meeting, mention.amount
    facts = (
        ("Technology", ", ".join(labels_of(mention, technologies))),
        ("Stage", Stage(mention.stage).label if mention.stage else ""),
        ("Vendor", ", ".join(mention.vendors)),
        ("Sold by", mention.seller or ""),
        ("Agency", ", ".join(mention.agencies)),
        ("Amount", f"{amount['value']} {amount['currency']}" if amount else ""),
        *(meeting_facts(meeting, when) if meeting else ()),
        ("Meeting status", MeetingStatus(meeting.status).label if meeting else ""),
        ("Published", f"{item.published_at:%-d %B %Y}" if item.published_at else ""),
    )
    return tuple((name, value) for name, value in facts if value)


def labels_of(mention: MentionRow, technologies: Labels) -> list[str]:
    """The technologies that a mention is about."""
    return [technologies[row.technology] for row in mention.technologies]


def _told_of_mention(mention: MentionRow) -> Told:
    item, meeting = mention.item, mention.item.meeting
    return Told(
        title=mention.title or "(the source gives no title)",
        place=", ".join(place["name"] for place in mention.places),
        facts=mention_facts(mention, load_vocabulary().technology_labels),
        path=f"/mentions/{mention.id}",
        source=item.url or (meeting.url if meeting else None),
        until=meeting.date.isoformat() if meeting and meeting.date else None,
        meetings=(meeting.id,) if meeting else (),
        timezone=meeting.timezone if meeting else None,
    )
