"""What may change about a meeting from one poll to the next, and which meeting took the place of another."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from oversight.domain.reading import Meeting, MeetingStatus
from oversight.domain.word import Word

TWIN_DAYS = timedelta(days=45)


class MeetingChange(Word):
    """One kind of change."""

    MOVED = "moved", "Moved to another time"
    PLACE = "place", "Moved to another place"
    CANCELLED = "cancelled", "Cancelled"
    RESCHEDULED = "rescheduled", "Said to be rescheduled"
    REINSTATED = "reinstated", "On again"
    VANISHED = "vanished", "No longer listed: cancelled?"
    RETURNED = "returned", "Listed again"
    AGENDA = "agenda", "Agenda published"
    MINUTES = "minutes", "Minutes published"


class Sitting(Protocol):
    """What a meeting has to say of itself, as it was read or as it is stored."""

    @property
    def date(self) -> date | None: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def status(self) -> str: ...
    @property
    def location(self) -> str | None: ...
    @property
    def agenda_url(self) -> str | None: ...
    @property
    def minutes_url(self) -> str | None: ...


@dataclass(frozen=True)
class Changed:
    """One change of one meeting, with the words for before and after."""

    kind: MeetingChange
    before: str | None
    after: str | None


CALLED_OFF = (MeetingStatus.CANCELLED, MeetingStatus.RESCHEDULED)


def changes(before: Sitting, after: Sitting) -> list[Changed]:
    """What changed between two sightings of one meeting that a reader would want to hear of."""
    found = []
    was, now = MeetingStatus(before.status), MeetingStatus(after.status)
    if _has_moved(before, after):
        found.append(Changed(MeetingChange.MOVED, _when(before), _when(after)))
    if before.location and after.location and before.location != after.location:
        found.append(Changed(MeetingChange.PLACE, before.location, after.location))
    if now != was and now in CALLED_OFF:
        kind = MeetingChange.CANCELLED if now is MeetingStatus.CANCELLED else MeetingChange.RESCHEDULED
        found.append(Changed(kind, was.value, now.value))
    if was in CALLED_OFF and now not in CALLED_OFF:
        found.append(Changed(MeetingChange.REINSTATED, was.value, now.value))
    for kind, name in ((MeetingChange.AGENDA, "agenda_url"), (MeetingChange.MINUTES, "minutes_url")):
        if getattr(before, name) is None and getattr(after, name) is not None:
            found.append(Changed(kind, None, getattr(after, name)))
    return found


def completed(first: Meeting, later: Meeting) -> Meeting:
    """A meeting as two answers of one poll tell it: as the first did, with what only the later one tells.

    A calendar and a meeting's own page seldom use the same words, and nothing changed between the two.
    """
    names = [one.name for one in fields(first) if getattr(first, one.name) is not None]
    told = {name: getattr(first, name) for name in names}
    if first.status is MeetingStatus.UNKNOWN:
        told["status"] = later.status
    if first.date is not None and first.date != later.date:
        told["starts_at"] = first.starts_at
    return replace(later, **told)


def is_still_to_come(sitting: Sitting, *, now: datetime, today: date) -> bool:
    """Whether the meeting lies ahead; `today` is the day at its own place."""
    if sitting.starts_at is not None:
        return sitting.starts_at > now
    return sitting.date is not None and sitting.date > today


class Listed(Sitting, Protocol):
    """A meeting as it is stored: besides, since when its platform has not named it."""

    @property
    def vanished_at(self) -> datetime | None: ...


def is_on(meeting: Listed, *, now: datetime, today: date) -> bool:
    """Whether the meeting lies ahead, and neither was called off nor is missing."""
    is_off = meeting.vanished_at is not None or meeting.status in CALLED_OFF
    return not is_off and is_still_to_come(meeting, now=now, today=today)


Dated = tuple[int, str | None, date | None]
"""A meeting's row, body and local day."""


def twin_of(gone: tuple[str | None, date | None], candidates: Sequence[Dated]) -> int | None:
    """Which of the new meetings (id, body, date) took the place of one that was called off or vanished.

    The nearest new one of the same body within 45 days; None where there is none, or two are equally near.
    """
    body, day = gone
    if body is None or day is None:
        return None
    near = sorted(
        (abs(other - day), identifier)
        for identifier, name, other in candidates
        if other is not None and name == body and abs(other - day) <= TWIN_DAYS
    )
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]


def twins(gone: Sequence[Dated], new: Sequence[Dated]) -> dict[int, int]:
    """Which new meeting took the place of each that is gone; a new one takes one place only, the nearest."""
    days = {identifier: day for identifier, _, day in (*gone, *new)}
    found = {
        identifier: twin_of((body, day), [one for one in new if one[0] != identifier]) for identifier, body, day in gone
    }
    nearest: dict[int, tuple[timedelta, int]] = {}
    for identifier, twin in found.items():
        day, other = days[identifier], days.get(twin or 0)
        if twin is not None and day is not None and other is not None:
            distance = (abs(other - day), identifier)
            nearest[twin] = min(nearest.get(twin, distance), distance)
    return {identifier: twin for twin, (_, identifier) in nearest.items()}


def _has_moved(before: Sitting, after: Sitting) -> bool:
    """Whether both tell another moment, in whatever zone, or another day where only one tells the hour."""
    if before.starts_at is not None and after.starts_at is not None:
        return before.starts_at != after.starts_at
    return before.date is not None and after.date is not None and before.date != after.date


def _when(sitting: Sitting) -> str | None:
    moment = sitting.starts_at or sitting.date
    return moment.isoformat() if moment else None
