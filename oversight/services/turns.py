"""Who is polled next: the feeds of a site stand in a chain and wait for each other, and threads work on the chains."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from oversight.storage.models import FeedRow

MOST_THREADS = 64
THREADS_AT_ONCE = 8


class Turns:
    """The chains of one pass. A feed that waits for its turn holds no thread that others could use."""

    def __init__(self, threads: ThreadPoolExecutor, poll: Callable[[FeedRow], None]) -> None:
        self._threads, self._poll = threads, poll
        self._lock = threading.Lock()
        self._chains: dict[str, deque[FeedRow]] = {}
        self._idle: deque[str] = deque()
        self._busy = 0

    def append(self, rows: Iterable[tuple[str, FeedRow]]) -> None:
        """Append each feed to the chain of that name, and set the first threads to work."""
        with self._lock:
            for name, row in rows:
                if name not in self._chains:
                    self._idle.append(name)
                self._chains.setdefault(name, deque()).append(row)
        self._add_threads()

    def hurry(self, ended: int) -> None:
        """Set more threads to work where fewer polls ended in a moment than there are threads.

        Then they wait for servers. Where servers answer at once, more threads would only wait for each other.
        """
        if ended < self._busy:
            self._add_threads()

    def _add_threads(self) -> None:
        with self._lock:
            count = min(THREADS_AT_ONCE, MOST_THREADS - self._busy, len(self._idle))
            self._busy += count
        for _ in range(count):
            self._threads.submit(self._work)

    def _work(self) -> None:
        """Take one chain after the other, until there is none that nobody works on."""
        while (name := self._next_chain()) is not None:
            while (row := self._next_of(name)) is not None:
                self._poll(row)

    def _next_chain(self) -> str | None:
        with self._lock:
            if self._idle:
                return self._idle.popleft()
            self._busy -= 1
            return None

    def _next_of(self, name: str) -> FeedRow | None:
        with self._lock:
            if self._chains[name]:
                return self._chains[name].popleft()
            del self._chains[name]
            return None
