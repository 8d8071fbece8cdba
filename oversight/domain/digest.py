"""When digests are made: one for a subscriber and local date, whatever clocks, hours and time zones do (SAFETY A5)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.domain.alert import MOST_A_DAY
from oversight.domain.local_time import today_at
from oversight.domain.subscription import Cadence, Rhythm

HEARTBEAT = "heartbeat "
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mails:
    """How many mails tell of some events: those of a single event, those that gather, and what these gathered."""

    single: int
    digests: int
    gathered: int


def mails_of(happened: Iterable[datetime], rhythm: Rhythm) -> Mails:
    """The mails that a subscriber with no other subscription gets of what happened at these moments, oldest first."""
    lately: deque[datetime] = deque()
    single, gathered, digests = 0, 0, set[datetime]()
    daily = Rhythm(Cadence.DAILY, rhythm.hour, rhythm.weekday, rhythm.timezone)
    for at in happened:
        while lately and lately[0] <= at - A_DAY:
            lately.popleft()
        if rhythm.cadence is Cadence.IMMEDIATE and len(lately) < MOST_A_DAY:
            lately.append(at)
            single += 1
        else:
            gathered += 1
            digests.add((daily if rhythm.cadence is Cadence.IMMEDIATE else rhythm).due_at(at))
    return Mails(single, len(digests), gathered)


def period_at(timezone: str, now: datetime) -> str:
    """The period that a digest of this moment is for: the date there."""
    return today_at(timezone, now).isoformat()


def next_digest_at(rhythm: Rhythm, now: datetime) -> datetime:
    """When what is too late for this date's digest is told: at the hour of the next date."""
    daily = Rhythm(Cadence.DAILY, rhythm.hour, rhythm.weekday, rhythm.timezone)
    due_at = daily.due_at(now)
    if period_at(rhythm.timezone, due_at) == period_at(rhythm.timezone, now):
        due_at = daily.due_at(due_at)
    return due_at


def quiet_since(cadence: Cadence, now: datetime) -> datetime:
    """Since when nothing must have happened for a heartbeat: the one before."""
    return now - timedelta(days=1 if cadence is Cadence.DAILY else 7)
