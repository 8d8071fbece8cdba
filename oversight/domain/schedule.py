"""When a feed is due again (SAFETY A3)."""

from datetime import datetime, timedelta

JITTER = 0.1
SPREAD = timedelta(minutes=10)
MINIMUM_MINUTES = 15
MAXIMUM_MINUTES = 24 * 60


def next_due(*, now: datetime, every_minutes: int, chance: float) -> datetime:
    """One interval from now, give or take a tenth; `chance` is a random number in [0, 1)."""
    return now + timedelta(minutes=every_minutes * (1 + JITTER * (2 * chance - 1)))


def is_late(*, due_at: datetime, now: datetime) -> bool:
    """Whether a poll starts so long after it was due that people should see it."""
    return now - due_at > SPREAD


def after_downtime(*, now: datetime, chance: float) -> datetime:
    """When an overdue feed is polled after the clock stood still: once, somewhere in the next ten minutes."""
    return now + SPREAD * chance
