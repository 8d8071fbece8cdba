"""Tests of jobs/engine.py: never two of a name at once, every skip and failure counted."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from oversight.jobs.engine import EmbeddedEngine
from oversight.jobs.tools import Tools
from oversight.services.collect import Collector
from oversight.storage.engine import reading
from oversight.storage.jobs import job_counters
from tests.cli.commands import wait_until
from tests.factories import NOW


class Slow:
    """A job that runs until it is let go, and knows how many of it ran at once."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Event()
        self.runs = 0
        self.most = 0
        self._now = 0

    def __call__(self, _tools: Tools, _collector: Collector) -> None:
        self.runs += 1
        self._now += 1
        self.most = max(self.most, self._now)
        self.begun.release()
        self.may_end.wait(30)
        self._now -= 1


class Locked:
    """A database that another process does not let go of."""

    def begin(self) -> None:
        raise OperationalError("UPDATE jobs", {}, Exception("database is locked"))


def fail(_tools: Tools, _collector: Collector) -> None:
    raise ValueError("no such thing")


@contextmanager
def engine_of(tools: Tools, collector: Collector, **work: Callable[..., Any]) -> Iterator[EmbeddedEngine]:
    """An engine; when the block ends, every job that began has ended and is counted."""
    engine = EmbeddedEngine(tools, collector, work)
    try:
        yield engine
    finally:
        engine.close()


def counters(tools: Tools) -> dict[str, tuple[int, int, int]]:
    """Runs, failures and skips of each job."""
    with reading(tools.sessions) as session:
        return {row.name: (row.runs, row.failures, row.skipped) for row in job_counters(session)}


def test_a_job_runs_and_is_counted(tools: Tools, collector: Collector) -> None:
    done: list[Tools] = []
    with engine_of(tools, collector, work=lambda tools, _: done.append(tools)) as engine:
        engine.submit("work")
        wait_until(lambda: counters(tools), "the run is counted")
    assert done == [tools]
    with reading(tools.sessions) as session:
        (row,) = job_counters(session)
    assert (row.runs, row.failures, row.skipped, row.last_run_at, row.last_error) == (1, 0, 0, NOW, None)


def test_a_job_that_still_runs_is_skipped_and_the_skip_counted(tools: Tools, collector: Collector) -> None:
    slow = Slow()
    with engine_of(tools, collector, slow=slow) as engine:
        engine.submit("slow")
        slow.begun.acquire()
        engine.submit("slow")
        engine.submit("slow")
        slow.may_end.set()
    assert (slow.runs, counters(tools)) == (1, {"slow": (1, 0, 2)})


def test_many_at_once_start_one(tools: Tools, collector: Collector) -> None:
    slow = Slow()
    with engine_of(tools, collector, slow=slow) as engine:
        threads = [threading.Thread(target=engine.submit, args=("slow",)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        slow.begun.acquire()
        slow.may_end.set()
    assert (slow.most, counters(tools)) == (1, {"slow": (1, 0, 19)})


def test_a_job_that_ended_runs_again(tools: Tools, collector: Collector) -> None:
    slow = Slow()
    slow.may_end.set()
    with engine_of(tools, collector, slow=slow) as engine:
        engine.submit("slow")
        wait_until(lambda: counters(tools) == {"slow": (1, 0, 0)}, "the first run is counted")
        engine.submit("slow")
        wait_until(lambda: counters(tools) == {"slow": (2, 0, 0)}, "the second run is counted")


def test_a_slow_job_does_not_hold_up_another(tools: Tools, collector: Collector) -> None:
    slow, quick = Slow(), Slow()
    quick.may_end.set()
    with engine_of(tools, collector, slow=slow, quick=quick) as engine:
        engine.submit("slow")
        engine.submit("quick")
        assert quick.begun.acquire(timeout=30)
        slow.may_end.set()
    assert counters(tools) == {"quick": (1, 0, 0), "slow": (1, 0, 0)}


def test_a_failing_job_is_counted_with_its_reason_and_may_run_again(tools: Tools, collector: Collector) -> None:
    with engine_of(tools, collector, bad=fail) as engine:
        engine.submit("bad")
        wait_until(lambda: counters(tools) == {"bad": (1, 1, 0)}, "the first failure is counted")
        engine.submit("bad")
        wait_until(lambda: counters(tools) == {"bad": (2, 2, 0)}, "the second failure is counted")
    with reading(tools.sessions) as session:
        assert job_counters(session)[0].last_error == "ValueError: no such thing"


def test_a_failing_job_does_not_stop_the_others(tools: Tools, collector: Collector) -> None:
    good = Slow()
    good.may_end.set()
    with engine_of(tools, collector, bad=fail, good=good) as engine:
        engine.submit("bad")
        engine.submit("good")
        wait_until(lambda: counters(tools) == {"bad": (1, 1, 0), "good": (1, 0, 0)}, "both are counted")


def test_a_good_run_forgets_the_last_error(tools: Tools, collector: Collector) -> None:
    errors: Iterator[Exception | None] = iter([ValueError("once"), None])

    def sometimes(_tools: Tools, _collector: Collector) -> None:
        error = next(errors)
        if error:
            raise error

    with engine_of(tools, collector, sometimes=sometimes) as engine:
        engine.submit("sometimes")
        wait_until(lambda: counters(tools) == {"sometimes": (1, 1, 0)}, "the failure is counted")
        engine.submit("sometimes")
        wait_until(lambda: counters(tools) == {"sometimes": (2, 1, 0)}, "the good run is counted")
    with reading(tools.sessions) as session:
        assert job_counters(session)[0].last_error is None


def test_a_run_that_cannot_be_counted_is_logged(
    tools: Tools, collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    with engine_of(replace(tools, sessions=Locked()), collector, bad=fail) as engine:
        engine.submit("bad")
        wait_until(lambda: len(caplog.records) == 2, "both are logged")
    assert [record.getMessage() for record in caplog.records] == [
        "job bad failed",
        "job bad ended and could not be counted",
    ]


def test_a_process_that_is_to_stop_starts_no_job_and_counts_no_skip(tools: Tools, collector: Collector) -> None:
    slow = Slow()
    with engine_of(tools, collector, slow=slow) as engine:
        tools.stop.set()
        engine.submit("slow")
    assert (slow.runs, counters(tools)) == (0, {})


def test_closing_waits_for_what_runs(tools: Tools, collector: Collector) -> None:
    slow = Slow()
    engine = EmbeddedEngine(tools, collector, {"slow": slow})
    engine.submit("slow")
    slow.begun.acquire()
    closing = threading.Thread(target=engine.close)
    closing.start()
    assert closing.is_alive()
    slow.may_end.set()
    closing.join(30)
    assert counters(tools) == {"slow": (1, 0, 0)}
