"""What a reader makes of one answer: items, meetings, matters, documents and the next questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from oversight.domain.feed import Request
from oversight.domain.word import Word


class ItemKind(Word):
    """What a feed published."""

    NEWS = "news", "News"
    AGENDA_ITEM = "agenda_item", "Agenda item"
    LEGISLATION = "legislation", "Legislation"
    NOTICE = "notice", "Notice"


class MeetingStatus(Word):
    """Where a sitting stands."""

    TENTATIVE = "tentative", "Tentative"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"
    RESCHEDULED = "rescheduled", "Rescheduled"
    PASSED = "passed", "Held"
    UNKNOWN = "unknown", "Status not known"


@dataclass(frozen=True)
class Item:
    """One thing a feed published. `uid` is the platform's own id, unique within the feed where the feed is honest.

    Times are aware. `outcome` is the platform's word for what was decided; None means it recorded nothing, which is
    never a refusal.
    """

    uid: str
    kind: ItemKind
    title: str
    text: str | None
    url: str | None
    published: datetime | None
    meeting_uid: str | None = None
    matter_file: str | None = None
    sequence: int | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Meeting:
    """A dated sitting of a body. `date` is the local day; `starts_at` is aware, None where the hour is not known.

    A field that the platform does not tell is None. `how_to_comment` is the platform's own address or sentence for
    people who want to be heard.
    """

    uid: str
    body: str | None
    date: date | None
    starts_at: datetime | None
    timezone: str | None
    status: MeetingStatus
    location: str | None = None
    url: str | None = None
    agenda_url: str | None = None
    minutes_url: str | None = None
    video_url: str | None = None
    how_to_comment: str | None = None


@dataclass(frozen=True)
class Matter:
    """One piece of business, keyed by the jurisdiction's file number."""

    file: str
    title: str
    type: str | None
    status: str | None
    url: str | None = None


@dataclass(frozen=True)
class MatterStep:
    """One thing that a body did with a matter on a local day; `uid` is unique within the matter.

    `action` is the platform's word for the step ("introduced", "referred"), `outcome` for what was decided.
    """

    matter_file: str
    uid: str
    date: date | None
    body: str | None
    action: str
    outcome: str | None = None
    votes: str | None = None


@dataclass(frozen=True)
class Document:
    """A file that belongs to what was read: to an item, or to a whole meeting."""

    url: str
    title: str | None
    media_type: str | None
    item_uid: str | None = None
    meeting_uid: str | None = None


@dataclass(frozen=True)
class Days:
    """A span of local days, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Reading:
    """All that one answer said; `warnings` are for the people who look after the feed.

    `covers` says of which days the answer claims to list every meeting of the feed: only there can one be missed.
    `every_minutes` is how often the publisher wants to be asked.
    """

    items: tuple[Item, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    matters: tuple[Matter, ...] = ()
    steps: tuple[MatterStep, ...] = ()
    documents: tuple[Document, ...] = ()
    next: tuple[Request, ...] = ()
    warnings: tuple[str, ...] = ()
    covers: Days | None = None
    every_minutes: int | None = None


def joined(parts: Iterable[Reading]) -> Reading:
    """Several readings as one, in their order."""
    listed = list(parts)
    return Reading(
        items=tuple(item for part in listed for item in part.items),
        meetings=tuple(meeting for part in listed for meeting in part.meetings),
        matters=tuple(matter for part in listed for matter in part.matters),
        steps=tuple(step for part in listed for step in part.steps),
        documents=tuple(document for part in listed for document in part.documents),
        next=tuple(request for part in listed for request in part.next),
        warnings=tuple(dict.fromkeys(warning for part in listed for warning in part.warnings)),
        covers=next((part.covers for part in listed if part.covers), None),
        every_minutes=next((part.every_minutes for part in listed if part.every_minutes), None),
    )
