"""What happened that someone may want to hear of: its kind, what it is about and what is told of it."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from oversight.domain.query import Filter
from oversight.domain.query_match import Subject
from oversight.domain.word import Word


class EventKind(Word):
    """What happened."""

    MENTION = "mention", "Mention"
    ON_AGENDA = "on_agenda", "On an agenda"
    AGENDA_REVISED = "agenda_revised", "Agenda revised"
    MEETING_MOVED = "meeting_moved", "Meeting moved"
    MEETING_CANCELLED = "meeting_cancelled", "Meeting cancelled or missing"
    STAGE_CHANGED = "stage_changed", "Stage changed"
    OUTCOME_RECORDED = "outcome_recorded", "Outcome recorded"
    POLICY_INTRODUCED = "policy_introduced", "Policy introduced"
    POLICY_PASSED = "policy_passed", "Policy passed"
    POLICY_LOOSENED = "policy_loosened", "Policy loosened"
    POLICY_EXPIRED = "policy_expired", "Policy expired or set aside"
    DEPLOYMENT_CHANGED = "deployment_changed", "Deployment changed"
    DUTY_DUE = "duty_due", "Duty due soon"
    DUTY_LATE = "duty_late", "Duty past its day"
    DUTY_FILED = "duty_filed", "Duty filed"
    CONTRADICTION = "contradiction", "Contradiction found"
    FEED_SILENT = "feed_silent", "Feed gone silent"


# As they are offered to people who choose what to hear of: every kind stands in one group.
KIND_GROUPS = (
    ("Mentions and agendas", (EventKind.MENTION, EventKind.ON_AGENDA, EventKind.AGENDA_REVISED)),
    (
        "Meetings and decisions",
        (
            EventKind.MEETING_MOVED,
            EventKind.MEETING_CANCELLED,
            EventKind.STAGE_CHANGED,
            EventKind.OUTCOME_RECORDED,
        ),
    ),
    (
        "The record",
        (
            EventKind.POLICY_INTRODUCED,
            EventKind.POLICY_PASSED,
            EventKind.POLICY_LOOSENED,
            EventKind.POLICY_EXPIRED,
            EventKind.DEPLOYMENT_CHANGED,
            EventKind.CONTRADICTION,
        ),
    ),
    ("Reporting duties", (EventKind.DUTY_DUE, EventKind.DUTY_LATE, EventKind.DUTY_FILED)),
    ("Watching", (EventKind.FEED_SILENT,)),
)


@dataclass(frozen=True)
class About:
    """What an event is about, as it was when it happened: the values of filters and the texts that queries search.

    Of a revised agenda the texts are only what was added.
    """

    values: tuple[tuple[Filter, str], ...]
    texts: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"values": [[name.value, value] for name, value in self.values], "texts": list(self.texts)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """From what was stored."""
        return cls(tuple((Filter(name), value) for name, value in stored["values"]), tuple(stored["texts"]))

    def subject(self, kind: EventKind) -> Subject:
        """What queries are held against."""
        return Subject.of([(Filter.KIND, kind.value), *self.values], self.texts)


@dataclass(frozen=True)
class Told:
    """What a message says of an event: a line, the place's name, facts with their names, and where it can be read.

    `path` is of this site and `source` the address that it was read at; `until` is the day (ISO) that it is decided,
    in `timezone` where that is known. `meetings` are those whose entries in a calendar it changes, by id.
    """

    title: str
    place: str
    facts: tuple[tuple[str, str], ...]
    path: str
    source: str | None = None
    until: str | None = None
    meetings: tuple[int, ...] = ()
    timezone: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """From what was stored."""
        facts = tuple((name, value) for name, value in stored["facts"])
        return cls(**{**stored, "facts": facts, "meetings": tuple(stored.get("meetings", ()))})


@dataclass(frozen=True)
class Event:
    """An event that is about to be written. What happened is named by `subject` (`noun:key`, as `policy:pol-seattle`)
    and `occurrence` (a date, a version), so that the same is never raised twice.
    """

    kind: EventKind
    subject: str
    occurrence: str
    about: About
    told: Told
    is_reviewed: bool = True
