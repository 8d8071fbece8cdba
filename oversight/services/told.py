"""What is told of an event, whatever it is about, wherever it is told."""

from oversight.domain.event import Told
from oversight.domain.mention import Stage
from oversight.storage.models import EventRow, MentionRow
from oversight.vocabulary import load_vocabulary


def told_of(event: EventRow) -> Told:
    """What an event tells; its mention, if it has one, was loaded with `OF_MENTION`."""
    if event.mention is not None:
        return _told_of_mention(event.mention)
    if event.told is None:
        raise ValueError(f"event {event.id} has neither a mention nor what is told of it")
    return Told.from_json(event.told)


def _told_of_mention(mention: MentionRow) -> Told:
    item, labels = mention.item, load_vocabulary().technologies
    meeting = item.meeting
    technologies = [labels[row.technology].label for row in mention.technologies if row.technology in labels]
    facts = (
        ("Technology", ", ".join(technologies)),
        ("Stage", Stage(mention.stage).label if mention.stage else ""),
        ("Vendor", ", ".join(mention.vendors)),
        ("Agency", ", ".join(mention.agencies)),
        ("Amount", f"{mention.amount['value']} {mention.amount['currency']}" if mention.amount else ""),
        ("Meeting", f"{meeting.body or 'body not known'}, {meeting.date}" if meeting and meeting.date else ""),
    )
    return Told(
        title=mention.title or "(the source gives no title)",
        place=", ".join(place["name"] for place in mention.places),
        facts=tuple((name, value) for name, value in facts if value),
        path=f"/mentions/{mention.id}",
        source=item.url or (meeting.url if meeting else None),
        until=meeting.date.isoformat() if meeting and meeting.date else None,
    )
