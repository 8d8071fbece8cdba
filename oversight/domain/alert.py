"""The life of an alert: when it is tried again, and when it is given up (SAFETY G3, G4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.domain.word import Word

LEASE = timedelta(minutes=5)  # of a message that is being sent
HOLD = timedelta(minutes=1)  # of one that was taken and has not begun: it was not sent, and may be taken by another
UNCERTAIN_RETRY = timedelta(minutes=15)
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
JITTER = 0.2
GIVE_UP_AFTER = timedelta(hours=72)
MOST_A_DAY = 20  # mails at once for one subscriber; the rest waits for one digest (SAFETY G7)
MOST_UNSAID = 3  # times that a message is tried which cannot be put into words


class AlertState(Word):
    """Where an alert or a digest stands. `gathered`: a digest took it. `covered`: its subscriber was told of the same
    by another alert. `uncertain`: the server may have taken it; tried once more, then left so.
    """

    PENDING = "pending", "Waiting"
    SENDING = "sending", "Being sent"
    GATHERED = "gathered", "In a digest"
    COVERED = "covered", "Told by another"
    SENT = "sent", "Sent"
    UNCERTAIN = "uncertain", "Perhaps sent"
    FAILED = "failed", "Given up"
    CANCELLED = "cancelled", "Called back"


WAITING = (AlertState.PENDING, AlertState.UNCERTAIN)  # until its time comes, or comes again
HANDED_OVER = (AlertState.SENT, AlertState.SENDING, AlertState.UNCERTAIN)  # to a server, or perhaps; not called back
TOLD = (AlertState.SENT, AlertState.UNCERTAIN, AlertState.GATHERED)  # or is told in a digest: nothing tells it again


@dataclass(frozen=True)
class Ending:
    """How one attempt ended: the state it leaves the alert in, why, and when to try again; None when it is over."""

    state: AlertState
    detail: str | None = None
    due_at: datetime | None = None


def retry_at(*, attempts: int, created_at: datetime, now: datetime, chance: float = 0.0) -> datetime | None:
    """When a refused alert is tried again after `attempts` tries; None when it is given up.

    `chance`, from 0 to 1, spreads what was refused at once.
    """
    due = now + BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1] * (1 + JITTER * chance)
    return due if due - created_at <= GIVE_UP_AFTER else None
