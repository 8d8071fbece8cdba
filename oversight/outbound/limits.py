"""What one fetch may cost, and the account that is kept of it over all of its hops."""

import time
from dataclasses import dataclass, replace
from typing import Self

from oversight.domain.feed import Outcome
from oversight.outbound.failure import FetchError, Hop

MAX_REDIRECTS = 5


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of SAFETY B6. They are no settings: only tests pass other values."""

    connect_seconds: float = 10
    first_byte_seconds: float = 15
    total_seconds: float = 30
    decoded_bytes: int = 10_000_000
    wire_bytes: int = 5_000_000
    headers: int = 100
    header_line_bytes: int = 16_000

    def within(self, most_bytes: int | None) -> Self:
        """These limits for an answer that is wanted only where it is no longer than so many bytes."""
        if most_bytes is None:
            return self
        decoded, wire = min(self.decoded_bytes, most_bytes), min(self.wire_bytes, most_bytes)
        return replace(self, decoded_bytes=decoded, wire_bytes=wire)


class Deadline:
    """A moment of the monotonic clock by which the work must be over."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, more than 0; raises FetchError(timeout) where there are none."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise FetchError(Outcome.TIMEOUT, "the server was too slow")
        return seconds

    def within(self, seconds: float) -> "Deadline":
        """A deadline for one step, never later than this one."""
        return Deadline(min(seconds, self.remaining()))

    def extend(self, seconds: float) -> None:
        self._at += seconds


class Account:
    """One fetch as it goes: its deadline, the hops it took and the bytes it received."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.deadline = Deadline(limits.total_seconds)
        self.hops: list[Hop] = []
        self.wire_bytes = 0

    def ask(self, url: str) -> None:
        """Note the next request; raises FetchError(redirect_loop) for a repeated URL and past the fifth redirect."""
        if any(url == asked for asked, _ in self.hops):
            raise FetchError(Outcome.REDIRECT_LOOP, "the redirects lead back to where they came from")
        if len(self.hops) > MAX_REDIRECTS:
            raise FetchError(Outcome.REDIRECT_LOOP, f"more than {MAX_REDIRECTS} redirects")
        self.hops.append((url, None))

    def answered(self, status: int) -> None:
        self.hops[-1] = (self.hops[-1][0], status)

    def received(self, count: int) -> None:
        """Note bytes off the wire; raises FetchError(too_large) past the limit."""
        self.wire_bytes += count
        if self.wire_bytes > self.limits.wire_bytes:
            raise FetchError(Outcome.TOO_LARGE, f"more than {self.limits.wire_bytes:,} bytes on the wire")
