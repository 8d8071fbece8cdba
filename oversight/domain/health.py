"""How a feed is: whether its silence means nothing, or that nothing was checked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.domain.feed import Outcome
from oversight.domain.schedule import GONE, NOT_FOUND, NOT_FOUND_POLLS
from oversight.domain.word import Word

BLOCKING = (401, 403, 451)
DEFAULT_GAP = timedelta(days=7)
QUIET_AFTER, SILENT_AFTER = timedelta(days=2), timedelta(days=14)
QUIET_GAPS, SILENT_GAPS = 2, 4
EMPTY_POLLS, EMPTY_AFTER = 3, timedelta(days=3)  # so many calendars in a row without any meeting, for so long
GAP_MEMORY = 0.2  # the weight of the newest gap in the usual one


class Health(Word):
    """The state of a feed; only the first two speak of a feed that was really checked."""

    HEALTHY = "healthy", "Healthy"
    QUIET = "quiet", "Quiet"
    SILENT = "silent", "Silent too long"
    EMPTY = "empty", "Empty"
    BLOCKED = "blocked", "Blocked"
    MOVED = "moved", "Moved"
    FAILING = "failing", "Failing"
    WAITING = "waiting", "Not polled yet"
    DISABLED = "disabled", "Not polled"

    @property
    def is_checked(self) -> bool:
        """Whether "nothing found" may be said of it."""
        return self in (Health.HEALTHY, Health.QUIET)


class Trouble(Word):
    """What makes an operator's attention worth asking for."""

    SILENT = "silent", "No new item for too long"
    EMPTIED = "emptied", "A feed that was full is empty"
    BLOCKED = "blocked", "The site keeps us out"
    FAILING = "failing", "Polls keep failing"
    MISSING = "missing", "The address is not there any more"
    GONE = "gone", "Gone for good, no longer polled"
    MOVED = "moved", "Redirects to another address"
    FLOOD = "flood", "Unusually many mentions at once"


@dataclass(frozen=True)
class Pulse:
    """What is known of a feed's life. Times are UTC; `usual_gap` is the usual time between two polls with news."""

    is_enabled: bool
    note: str | None
    gone_at: datetime | None
    outcome: Outcome | None
    status: int | None
    detail: str | None
    failures: int
    last_item_at: datetime | None
    usual_gap: timedelta | None
    empty_polls: int
    moved_to: str | None


@dataclass(frozen=True)
class Finding:
    """A state with its reason."""

    health: Health
    reason: str


def health_of(pulse: Pulse, *, now: datetime) -> Finding:
    """The feed's state and why; what keeps a feed from being checked comes before how it sounds."""
    return _unpolled(pulse) or _unhealthy(pulse) or _moved(pulse) or _sounding(pulse, now)


def troubles_of(pulse: Pulse, *, now: datetime) -> dict[Trouble, str]:
    """What people should look at now, each with its reason; one failed poll alone is no trouble yet."""
    if pulse.gone_at is not None:
        return {Trouble.GONE: "the server said three times, over a day and more, that it is gone"}
    if not pulse.is_enabled:
        return {}
    found: dict[Trouble, str] = {}
    finding = health_of(pulse, now=now)
    if finding.health is Health.SILENT:
        found[Trouble.SILENT] = finding.reason
    if finding.health is Health.EMPTY and pulse.last_item_at is not None:
        found[Trouble.EMPTIED] = finding.reason
    if finding.health is Health.BLOCKED:
        found[Trouble.BLOCKED] = finding.reason
    if pulse.failures >= NOT_FOUND_POLLS and finding.health is Health.FAILING:
        found[Trouble.MISSING if pulse.status in (NOT_FOUND, GONE) else Trouble.FAILING] = finding.reason
    if pulse.moved_to is not None:
        found[Trouble.MOVED] = f"leads to {pulse.moved_to}"
    return found


def usual_gap(before: timedelta | None, newest: timedelta) -> timedelta:
    """The usual time between news after one more gap; the newest weighs a fifth."""
    return newest if before is None else before * (1 - GAP_MEMORY) + newest * GAP_MEMORY


def _unpolled(pulse: Pulse) -> Finding | None:
    if pulse.gone_at is not None:
        return Finding(Health.DISABLED, f"gone since {pulse.gone_at:%Y-%m-%d}")
    if not pulse.is_enabled:
        return Finding(Health.DISABLED, pulse.note or "switched off in feeds.toml")
    return Finding(Health.WAITING, "never polled so far") if pulse.outcome is None else None


def _unhealthy(pulse: Pulse) -> Finding | None:
    outcome = pulse.outcome
    if outcome is None or outcome.is_healthy:
        return None
    reason = pulse.detail or outcome.label
    if outcome is Outcome.EMPTY_BODY:
        return Finding(Health.EMPTY, reason)
    is_kept_out = pulse.status in BLOCKING or outcome in (Outcome.BLOCKED_ADDRESS, Outcome.ROBOTS_DISALLOWED)
    return Finding(Health.BLOCKED if is_kept_out else Health.FAILING, reason)


def _moved(pulse: Pulse) -> Finding | None:
    return Finding(Health.MOVED, f"answers from {pulse.moved_to}") if pulse.moved_to is not None else None


def _sounding(pulse: Pulse, now: datetime) -> Finding:
    if pulse.last_item_at is None:
        return Finding(Health.EMPTY, "checked, and has never published anything")
    gap, usual = now - pulse.last_item_at, pulse.usual_gap or DEFAULT_GAP
    if pulse.empty_polls >= EMPTY_POLLS and gap > EMPTY_AFTER:
        return Finding(Health.EMPTY, f"{pulse.empty_polls} answers in a row without anything in them")
    told = f"nothing new for {_days(gap)}; usually something every {_days(usual)}"
    if gap > max(SILENT_AFTER, usual * SILENT_GAPS):
        return Finding(Health.SILENT, told)
    if gap > max(QUIET_AFTER, usual * QUIET_GAPS):
        return Finding(Health.QUIET, told)
    return Finding(Health.HEALTHY, f"last news {_days(gap)} ago")


def _days(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return f"{hours:.0f} hours" if round(hours) != 1 else "1 hour"
    return f"{hours / 24:.0f} days"
