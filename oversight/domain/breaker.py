"""Leaves a channel alone that nobody answers on: after a few failures one message a minute tries it (SAFETY G6)."""

from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 5
PROBE_SECONDS = 60.0


@dataclass
class Breaker:
    """Counts failures in a row. `seconds` is a clock that never jumps (SAFETY A5)."""

    seconds: Callable[[], float]
    failures: int = 0
    closed_until: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether so many failed that the next message is a probe."""
        return self.failures >= FAILURES

    @property
    def lets_pass(self) -> bool:
        """Whether a message may be tried now."""
        return not self.is_open or self.seconds() >= self.closed_until

    def failed(self) -> None:
        """Note that nobody answered."""
        self.failures += 1
        self.closed_until = self.seconds() + PROBE_SECONDS

    def answered(self) -> None:
        """Note an answer, of whatever kind."""
        self.failures = 0
