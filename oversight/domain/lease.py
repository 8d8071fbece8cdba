"""A claim on a feed: who polls it, under which token, and until when (SAFETY A2, A4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(minutes=10)
FURTHEST = 2 * LEASE  # clocks differ a little; a lease that ends later was written by one that was wrong (SAFETY A5)


@dataclass(frozen=True)
class Lease:
    """`owner` names host, process and the moment that process began; `token` is new for every pass."""

    owner: str
    token: str

    def until(self, now: datetime) -> datetime:
        """When the lease ends unless it is renewed."""
        return now + LEASE


def is_taken(*, owner: str | None, until: datetime | None, now: datetime, is_dead: bool) -> bool:
    """Whether somebody else holds it: not past its end, and not held by a process of this host that is gone."""
    return owner is not None and until is not None and now < until <= now + FURTHEST and not is_dead
