"""Where a feed has moved to, as permanent redirects tell it (RFC 9110, 15.4.2 and 15.4.9; SAFETY B5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

from oversight.domain.schedule import MOVED_FOR, MOVED_POLLS

PERMANENT = (301, 308)


@dataclass(frozen=True)
class Move:
    """Where a feed's address leads permanently, since when (UTC), and how many polls in a row said so."""

    to: str
    since: datetime
    polls: int

    def is_settled(self, now: datetime) -> bool:
        """Whether it was said often and long enough to believe it."""
        return self.polls >= MOVED_POLLS and now - self.since >= MOVED_FOR


def permanent_target(hops: Sequence[tuple[str, int | None]]) -> str | None:
    """The last address that an unbroken row of permanent redirects leads to; None where the first hop is none."""
    target = None
    for (_, status), (following, _) in pairwise(hops):
        if status not in PERMANENT:
            break
        target = following
    return target


def next_move(before: Move | None, target: str | None, *, now: datetime) -> Move | None:
    """What is known of a move after one more poll; another target, or none, starts anew."""
    if target is None:
        return None
    if before is None or before.to != target:
        return Move(target, now, 1)
    return Move(target, before.since, before.polls + 1)


def is_other_host(url: str, target: str) -> bool:
    """Whether the move leads to another host, which people should look at."""
    return urlsplit(url).hostname != urlsplit(target).hostname
