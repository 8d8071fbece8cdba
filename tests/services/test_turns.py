"""The chains of a pass: one feed of a site after the other, and threads only where servers are slow."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from oversight.services.turns import MOST_THREADS, THREADS_AT_ONCE, Turns
from oversight.storage.models import FeedRow

PATIENCE = 10


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MOST_THREADS) as threads:
        yield threads


class SlowServers:
    """Every poll waits until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.let_go = threading.Event()

    def poll(self, _row: FeedRow) -> None:
        self.entered.release()
        self.let_go.wait(PATIENCE)

    def hold(self, count: int) -> bool:
        """Whether so many polls more are under way at once."""
        return all(self.entered.acquire(timeout=PATIENCE) for _ in range(count))


def feeds(*names: str) -> list[tuple[str, FeedRow]]:
    return [(name, FeedRow(key=str(place))) for place, name in enumerate(names)]


def test_the_feeds_of_a_chain_are_polled_one_after_the_other(threads: ThreadPoolExecutor) -> None:
    polled: list[str] = []
    with threads:
        Turns(threads, lambda row: polled.append(row.key)).append(feeds(*["site"] * 50))
    assert polled == [str(number) for number in range(50)]


def test_every_feed_of_many_chains_is_polled_once(threads: ThreadPoolExecutor) -> None:
    polled: list[str] = []
    with threads:
        Turns(threads, lambda row: polled.append(row.key)).append(feeds(*(f"site {one % 100}" for one in range(500))))
    assert sorted(polled, key=int) == [str(number) for number in range(500)]


def test_threads_are_added_while_servers_are_slow(threads: ThreadPoolExecutor) -> None:
    servers = SlowServers()
    turns = Turns(threads, servers.poll)
    turns.append(feeds(*(f"site {number}" for number in range(100))))
    assert servers.hold(THREADS_AT_ONCE)
    turns.hurry(0)
    assert servers.hold(THREADS_AT_ONCE)
    for _ in range(MOST_THREADS):
        turns.hurry(0)
    assert servers.hold(MOST_THREADS - 2 * THREADS_AT_ONCE)
    assert not servers.entered.acquire(timeout=0.05)
    servers.let_go.set()


def test_no_thread_is_added_where_polls_end_at_once(threads: ThreadPoolExecutor) -> None:
    servers = SlowServers()
    turns = Turns(threads, servers.poll)
    turns.append(feeds(*(f"site {number}" for number in range(100))))
    turns.hurry(THREADS_AT_ONCE)
    assert servers.hold(THREADS_AT_ONCE)
    assert not servers.entered.acquire(timeout=0.05)
    servers.let_go.set()


def test_what_comes_later_is_polled_too(threads: ThreadPoolExecutor) -> None:
    polled: list[str] = []
    with threads:
        turns = Turns(threads, lambda row: polled.append(row.key))
        for _ in range(20):
            turns.append(feeds("site", "another"))
    assert len(polled) == 40
