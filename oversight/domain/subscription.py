"""What a subscriber may follow, and how often they hear of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from oversight.domain.query import Query
from oversight.domain.word import Word


class SubscriptionState(Word):
    """Where a subscription stands: pending until its mail is confirmed, then active, with pauses, until it is ended."""

    PENDING = "pending", "Waiting for confirmation"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Purpose(Word):
    """What a mailed link is for."""

    CONFIRM = "confirm", "Confirm"
    MANAGE = "manage", "Manage"
    SWITCHED_OFF = "switched_off", "See what was switched off"


LINK_LIFE = {
    Purpose.CONFIRM: timedelta(hours=48),
    Purpose.MANAGE: timedelta(hours=24),
    Purpose.SWITCHED_OFF: timedelta(hours=24),
}


class Cadence(Word):
    """How often a subscriber hears of what they follow."""

    IMMEDIATE = "immediate", "At once"
    DAILY = "daily", "Once a day"
    WEEKLY = "weekly", "Once a week"


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Rhythm:
    """When alerts are due: at once, or at an hour of each day or of one weekday (0 is Monday) in a time zone."""

    cadence: Cadence
    hour: int
    weekday: int
    timezone: str

    def due_at(self, now: datetime) -> datetime:
        """The next moment (UTC) at which what happens now is told; one for each local day, whatever clocks do."""
        if self.cadence is Cadence.IMMEDIATE:
            return now
        zone = ZoneInfo(self.timezone)
        day = now.astimezone(zone).date()
        while True:
            due = datetime.combine(day, time(self.hour), zone).astimezone(UTC)
            if due > now and (self.cadence is Cadence.DAILY or day.weekday() == self.weekday):
                return due
            day += timedelta(days=1)

    def heartbeat_at(self, now: datetime) -> datetime:
        """When somebody hears next although nothing happened: in the daily mail, or once a week."""
        cadence = Cadence.DAILY if self.cadence is Cadence.DAILY else Cadence.WEEKLY
        return replace(self, cadence=cadence).due_at(now)

    def said(self) -> str:
        """The rhythm in words."""
        at = f"at {self.hour:02}:00 ({self.timezone})"
        match self.cadence:
            case Cadence.IMMEDIATE:
                return "at once"
            case Cadence.DAILY:
                return f"every day {at}"
            case Cadence.WEEKLY:
                return f"every {WEEKDAYS[self.weekday]} {at}"


AT_ONCE = Rhythm(Cadence.IMMEDIATE, 7, 0, "UTC")


@dataclass(frozen=True)
class Wish:
    """What a subscriber wants to hear of. `query` has codes for names; what no editor has reviewed may be left out."""

    query: Query
    reviewed_only: bool = True
    rhythm: Rhythm = AT_ONCE
