"""When digests are made: one for a subscriber and local date, whatever clocks, hours and time zones do (SAFETY A5)."""

from datetime import datetime, timedelta

from oversight.domain.local_time import today_at
from oversight.domain.subscription import Cadence, Rhythm

HEARTBEAT = "heartbeat "


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
