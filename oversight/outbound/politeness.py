"""Turns at a host: few connections at a time, and a pause between requests (the first part of SAFETY B10)."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition


@dataclass
class _Host:
    busy: int = 0
    ready_at: float = 0.0
    gap_seconds: float = 0.0


class Politeness:
    """Shared by all threads that fetch. Times are of the monotonic clock."""

    def __init__(self, *, gap_seconds: float, connections: int) -> None:
        self._gap_seconds = gap_seconds
        self._connections = connections
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._changed = Condition()

    @contextmanager
    def turn(self, host: str) -> Iterator[float]:
        """Wait until this host may be asked, hold the place while the block runs, and give the seconds waited."""
        began = time.monotonic()
        self._take(host)
        try:
            yield time.monotonic() - began
        finally:
            self._leave(host)

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave at least so many seconds between requests to a host, as it asks itself."""
        with self._changed:
            self._hosts[host].gap_seconds = seconds

    def _take(self, name: str) -> None:
        with self._changed:
            host = self._hosts[name]
            while (pause := self._pause(host)) != 0:
                self._changed.wait(pause)
            host.busy += 1
            host.ready_at = time.monotonic() + max(self._gap_seconds, host.gap_seconds)

    def _leave(self, name: str) -> None:
        with self._changed:
            host = self._hosts[name]
            host.busy -= 1
            host.ready_at = time.monotonic() + max(self._gap_seconds, host.gap_seconds)
            self._changed.notify_all()

    def _pause(self, host: _Host) -> float | None:
        """Seconds until this host may be asked, 0 for now, None for when somebody leaves."""
        if host.busy >= self._connections:
            return None
        return max(0.0, host.ready_at - time.monotonic())
