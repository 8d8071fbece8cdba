"""A bucket of tokens for each recipient domain, so that no provider is flooded after an outage (SAFETY G6)."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Throttle:
    """Lets `per_minute` messages a minute through to each domain, a minute's worth at once; 0 lets all through."""

    per_minute: int
    seconds: Callable[[], float]
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def takes(self, address: str) -> bool:
        """Spend a token of the address's domain; False where there is none."""
        if not self.per_minute:
            return True
        domain, now = domain_of(address), self.seconds()
        tokens, since = self._buckets.get(domain, (float(self.per_minute), now))
        tokens = min(tokens + (now - since) * self.per_minute / 60, float(self.per_minute))
        has_one = tokens >= 1
        self._buckets[domain] = (tokens - has_one, now)
        return has_one


def domain_of(address: str) -> str:
    """The domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()
