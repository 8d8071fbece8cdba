"""What one pass over the feeds did, for people and for `flask poll --json`."""

from collections import Counter
from dataclasses import dataclass, field

from oversight.domain.poll import Poll
from oversight.storage.items import Saved


@dataclass
class Summary:
    """What one pass did (docs/contracts.md, `flask poll --json`)."""

    feeds: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    saved: Saved = field(default_factory=Saved)
    requests: int = 0
    bytes: int = 0

    def add(self, poll: Poll) -> None:
        """Count one poll."""
        self.feeds += 1
        self.outcomes[poll.outcome] += 1
        self.saved += Saved(poll.items_new, poll.items_changed, poll.mentions_new)
        self.requests += poll.requests
        self.bytes += poll.bytes

    def skip(self, reason: str, count: int) -> None:
        """Count feeds that were wanted and not polled: `leased` by another process, or `not_due` at a paused host."""
        if count:
            self.feeds += count
            self.outcomes[reason] += count
