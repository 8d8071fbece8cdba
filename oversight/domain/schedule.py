"""When a feed is due again, and how long a host is left in peace (SAFETY A3, A5, B10, B11)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

JITTER = 0.1
SPREAD = timedelta(minutes=10)
MINIMUM_MINUTES = 15
MAXIMUM_MINUTES = 24 * 60
LEAST_PAUSE, DEFAULT_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=24)
# So long before a meeting its agenda is likely to appear or to change.
NEAR_A_MEETING, AT_A_MEETING = timedelta(hours=72), timedelta(hours=12)
NOT_FOUND, GONE = 404, 410
NOT_FOUND_POLLS = 5
GONE_POLLS, GONE_FOR = 3, timedelta(hours=24)
MOVED_POLLS, MOVED_FOR = 3, timedelta(hours=24)


@dataclass(frozen=True)
class Rhythm:
    """How often a feed wants to be polled: its own interval, the publisher's wish, and its next meeting (UTC)."""

    every_minutes: int
    wished_minutes: int | None = None
    next_meeting_at: datetime | None = None

    def interval(self, now: datetime) -> timedelta:
        """The interval of today: longer where the publisher asks for it, shorter before a meeting."""
        minutes = max(self.every_minutes, self.wished_minutes or 0)
        if self.next_meeting_at is not None and now <= self.next_meeting_at <= now + NEAR_A_MEETING:
            minutes //= 4 if self.next_meeting_at <= now + AT_A_MEETING else 2
        return timedelta(minutes=min(max(minutes, MINIMUM_MINUTES), MAXIMUM_MINUTES))


def next_due(*, now: datetime, interval: timedelta, chance: float) -> datetime:
    """One interval from now, give or take a tenth; `chance` is a random number in [0, 1)."""
    return now + interval * (1 + JITTER * (2 * chance - 1))


def after_failure(*, now: datetime, failures: int, chance: float) -> datetime:
    """When to try again after `failures` (1 or more) in a row: 15 minutes times 2 to the n, capped, with full jitter.

    What is not there is still asked for at least once a day, so that its return is noticed.
    """
    longest = min(timedelta(minutes=15 * 2 ** min(failures, 10)), LONGEST_PAUSE)
    return now + max(longest * chance, LEAST_PAUSE)


def retry_after(value: str | None, *, now: datetime) -> timedelta:
    """How long a `Retry-After` asks to wait (RFC 9110, 10.2.3); what is garbage, negative or past means the default."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        wait = timedelta(seconds=min(int(text[:9]), LONGEST_PAUSE.total_seconds()))
        return max(wait, LEAST_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return DEFAULT_PAUSE
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, LEAST_PAUSE), LONGEST_PAUSE) if wait > timedelta() else DEFAULT_PAUSE


def is_late(*, due_at: datetime, now: datetime) -> bool:
    """Whether a poll starts so long after it was due that people should see it."""
    return now - due_at > SPREAD


def after_downtime(*, now: datetime, chance: float) -> datetime:
    """When an overdue feed is polled after the clock stood still: once, somewhere in the next ten minutes."""
    return now + SPREAD * chance


def furthest_due(now: datetime) -> datetime:
    """No feed can be due later than this: what is later was written by a clock that was wrong (SAFETY A5)."""
    return now + 2 * timedelta(minutes=MAXIMUM_MINUTES)
