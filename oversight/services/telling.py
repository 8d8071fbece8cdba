"""What a mail says of one event, of whatever kind: read from its mention, or from what was kept to be told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from oversight.domain.cleaning import clean_line, clean_link
from oversight.domain.event import EventKind, Told
from oversight.domain.highlight import segments
from oversight.domain.letter import Facts, Link, Paragraph, Part, say
from oversight.domain.local_time import day_not_over
from oversight.domain.meeting_change import CALLED_OFF
from oversight.domain.mention import Evidence, Stage
from oversight.domain.reading import MeetingStatus
from oversight.services.told import labels_of, mention_facts, when_there
from oversight.storage.models import EventRow, MeetingRow, MentionRow
from oversight.vocabulary.labels import Labels

SUBJECT_LENGTH = 150
TITLE_LENGTH = 300
AROUND = 60  # code points kept either side of a word that counted
MOST_PIECES = 12
SPACES = re.compile(r"\s+")
NO_COMMENT = "The feed does not tell how to comment; the agenda usually does."


@dataclass(frozen=True)
class Telling:
    """One event in words: `subject` says place, technology and what happens when; `matter` what it belongs to.

    `on` is the day that it is decided, as long as that is not over; `path` where this site tells more.
    """

    subject: str
    heading: str
    place: str
    matter: str
    on: date | None
    path: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Teller:
    """Puts events into words for one reader's time zone; `rules` say how the place of each event is ruled."""

    base_url: str
    technologies: Labels
    timezone: str
    now: datetime
    rules: Mapping[int, tuple[Part, ...]]

    def tell(self, event: EventRow) -> Telling:
        """An event in words; raises ValueError for one that has none."""
        if event.mention is not None:
            return self._mention(event, event.mention)
        if event.told is None:
            raise ValueError(f"event {event.id} has nothing that could be told")
        return self._told(event, Told.from_json(event.told))

    def _mention(self, event: EventRow, mention: MentionRow) -> Telling:
        meeting, item = mention.item.meeting, mention.item
        place = ", ".join(place["name"] for place in mention.places) or "No place named"
        labels = labels_of(mention, self.technologies)
        what = ", ".join(map(lowered, labels)) or "surveillance technology"
        is_to_come = meeting is not None and self._is_ahead(meeting.date, meeting.timezone)
        stage = Stage(mention.stage).label if mention.stage else ""
        when = _called_off(meeting) or self._decided(meeting.date, meeting.timezone) if meeting else ""
        words = [what, lowered(stage), when]
        title = clean_line(mention.title, TITLE_LENGTH) or "(the source gives no title)"
        source = clean_link(item.url or (meeting.url if meeting else None))
        parts: list[Part] = [
            say(title),
            Facts(mention_facts(mention, self.technologies, self.when)),
            *([say(f"How to comment: {meeting.how_to_comment or NO_COMMENT}")] if meeting and is_to_come else []),
            Paragraph((("Why it matched: ", False), *why(mention))),
            say(reviewed(event.is_reviewed)),
            *self.rules.get(event.id, ()),
            Link("All reasons, with the words marked", f"{self.base_url}/mentions/{mention.id}"),
            Link("The source", source) if source else say("The source gives no address of its own."),
        ]
        heading = f"{place}: {', '.join(labels) or 'Surveillance technology'}"
        matter = f"matter:{item.matter_id}" if item.matter_id else heading
        on = meeting.date if meeting and is_to_come else None
        return Telling(_subject(place, words), heading, place, matter, on, f"/mentions/{mention.id}", tuple(parts))

    def _told(self, event: EventRow, told: Told) -> Telling:
        kind = EventKind(event.kind).label
        until = date.fromisoformat(told.until) if told.until else None
        on = until if until and self._is_ahead(until, told.timezone) else None
        is_due = until and event.kind == EventKind.DUTY_DUE
        day = f"due {until:%a %-d %b}" if is_due else self._decided(until, told.timezone)
        words = [lowered(kind), day, clean_line(told.title, TITLE_LENGTH)]
        source = clean_link(told.source)
        parts: list[Part] = [
            say(clean_line(told.title, TITLE_LENGTH)),
            Facts(tuple((name, clean_line(value, TITLE_LENGTH)) for name, value in told.facts if value)),
            *([say(reviewed(is_reviewed=False))] if not event.is_reviewed else []),
            *self.rules.get(event.id, ()),
            Link("Read more", f"{self.base_url}{told.path}"),
            *([Link("The source", source)] if source else []),
        ]
        place = clean_line(told.place, TITLE_LENGTH) or "No place named"
        shown = tuple(part for part in parts if part != Facts(()))
        matter = event.subject if event.subject.startswith("matter:") else f"{place}: {event.subject}"
        return Telling(_subject(place, words), f"{place}: {kind}", place, matter, on, told.path, shown)

    def _is_ahead(self, day: date | None, timezone: str | None) -> bool:
        """Whether a day is not over where something is decided; one that is not known is ahead."""
        return day is None or day >= day_not_over(timezone, self.now)

    def _decided(self, day: date | None, timezone: str | None) -> str:
        if day is None:
            return ""
        return f"{'decided' if self._is_ahead(day, timezone) else 'was up'} {day:%a %-d %b}"

    def when(self, meeting: MeetingRow) -> str:
        """The day and, where it is known, the hour of a meeting: at its place, and for the reader."""
        words = when_there(meeting)
        if not (meeting.starts_at and meeting.timezone):
            return words
        there = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone))
        here = meeting.starts_at.astimezone(ZoneInfo(self.timezone))
        if self.timezone == "UTC" or here.replace(tzinfo=None) == there.replace(tzinfo=None):
            return words
        day = "" if here.date() == there.date() else f"{here:%A} "
        return f"{words}; {day}{here:%H:%M} for you ({self.timezone})"


def why(mention: MentionRow) -> list[tuple[str, bool]]:
    """The words that made it a mention, in a little of what stands around them."""
    evidence = [Evidence(**one) for one in mention.evidence if one["weight"] > 0]
    pieces: list[tuple[str, bool]] = []
    for field, text in (("title", mention.title), ("text", mention.text)):
        if any(one.field == field for one in evidence):
            found = segments(text, evidence, field=field, context=AROUND)
            shown = [("… " if part.is_gap else part.text, bool(part.evidence)) for part in found]
            pieces += [*shown[:MOST_PIECES], (" … " if len(shown) > MOST_PIECES else " ", False)]
    if not pieces:
        return [(f"score {mention.score:.2f} by detector {mention.detector}.", False)]
    return joined([(SPACES.sub(" ", text), is_marked) for text, is_marked in pieces])


def joined(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The same with marks that touch, or that only a space parts, as one."""
    found: list[tuple[str, bool]] = []
    for place, (text, is_marked) in enumerate(pieces):
        is_between = text == " " and place + 1 < len(pieces) and pieces[place + 1][1]
        if found and found[-1][1] and (is_marked or is_between):
            found[-1] = (found[-1][0] + text, True)
        else:
            found.append((text, is_marked))
    return found


def reviewed(is_reviewed: bool) -> str:
    """Whether a person has read it."""
    if is_reviewed:
        return "An editor has read this and confirmed it."
    return "No editor has read this yet: it was found by rule, and may be wrong."


def lowered(label: str) -> str:
    """A label in the middle of a sentence; an abbreviation stays as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _called_off(meeting: MeetingRow) -> str:
    if meeting.status == MeetingStatus.CANCELLED:
        return "meeting cancelled"
    return "meeting called off" if meeting.status in CALLED_OFF or meeting.vanished_at else ""


def _subject(place: str, words: list[str]) -> str:
    return clean_line(f"{place}: {', '.join(word for word in words if word)}", SUBJECT_LENGTH)
