"""Several processes at once: every feed is asked once a slot, also when one of them is killed or suspended."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from oversight.domain.schedule import SPREAD
from oversight.jobs.supervise import gunicorn_command
from oversight.jobs.tools import Tools
from oversight.jobs.work import poll_due_feeds, spread_overdue
from oversight.services.visit import Collector
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow, ItemRow, JobRow, PollRow
from tests.cli.commands import family_of, free_port, run, start, start_python, wait_until, write_feeds
from tests.cli.site import Site
from tests.factories import ALPR_TITLE, NOW, PLAIN_TITLE, add_feed, rss
from tests.jobs.test_processes import END_SECONDS, PATIENCE_SECONDS, end, output_of, status_of

FEEDS = 40
PATHS = [f"/{number}" for number in range(FEEDS)]


@pytest.fixture
def many(site: Site, instance: Path) -> Site:
    """A site with many feeds of two items each."""
    for path in PATHS:
        site.pages[path] = rss((f"{path}-a", ALPR_TITLE), (f"{path}-b", PLAIN_TITLE)).encode()
    write_feeds(instance / "feeds.toml", {f"feed-{path[1:]}": site.url(path) for path in PATHS})
    return site


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def ask(url: str, query) -> list:
    """The first column of what a query finds."""
    with opened(url) as engine, reading(open_sessions(engine)) as session:
        return list(session.scalars(query))


def polled(url: str) -> Counter[int]:
    """How often each feed was polled."""
    return Counter(ask(url, select(PollRow.feed_id)))


def ticks(url: str) -> int:
    """How often any clock was through with polling what was due."""
    return sum(ask(url, select(JobRow.runs).where(JobRow.name == "poll_due_feeds")))


def start_web(instance: Path, workers: int, **settings: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start the web with so many processes, and wait until it answers."""
    port = free_port()
    command = gunicorn_command("127.0.0.1", port)
    command[command.index("--workers") + 1] = str(workers)
    web = start_python(instance, *command, **settings)
    wait_until(lambda: status_of(port) == 200, "the first page is answered", seconds=PATIENCE_SECONDS)
    return web, port


def test_two_clocks_and_four_web_processes_ask_each_feed_once(instance: Path, many: Site, database_url: str) -> None:
    settings = {"ALLOW_HOSTS": many.host, "DATABASE_URL": database_url}
    assert run(instance, "db", "upgrade", **settings).exit_code == 0
    web, port = start_web(instance, 4, **settings)
    clocks = [start(instance, "clock", **settings) for _ in range(2)]
    wait_until(lambda: ticks(database_url) >= len(clocks), "both clocks have ticked", seconds=PATIENCE_SECONDS)
    assert {status_of(port, "/feeds/") for _ in range(8)} == {200}
    assert Counter(many.asked) == dict.fromkeys(PATHS, 1)
    assert sorted(polled(database_url).values()) == [1] * FEEDS
    assert len(set(ask(database_url, select(ItemRow.id)))) == FEEDS * 2
    assert [end(process)[0] for process in (*clocks, web)] == [0, 0, 0], output_of(instance)
    wait_until(lambda: family_of(instance) == {}, "no process is left", seconds=END_SECONDS)


def poll_until_held(instance: Path, site: Site, url: str, *, answers: int) -> subprocess.Popen[bytes]:
    """Start a clock that gets so many answers, writes them, and waits for the rest."""
    settings = {"ALLOW_HOSTS": site.host, "DATABASE_URL": url}
    assert run(instance, "db", "upgrade", **settings).exit_code == 0
    site.hold_after = answers
    clock = start(instance, "clock", **settings)
    wait_until(lambda: site.held == FEEDS - answers, "the site holds back", seconds=PATIENCE_SECONDS)
    wait_until(lambda: len(polled(url)) == answers, "what was answered is written", seconds=PATIENCE_SECONDS)
    return clock


def test_when_one_clock_is_killed_in_mid_poll_its_feeds_are_taken_over_at_once(
    instance: Path, many: Site, database_url: str
) -> None:
    settings = {"ALLOW_HOSTS": many.host, "DATABASE_URL": database_url}
    killed = poll_until_held(instance, many, database_url, answers=12)
    written = set(many.asked) - {path for path in PATHS if path in held_paths(database_url)}
    other = start(instance, "clock", **settings)
    wait_until(lambda: ticks(database_url) == 1, "the other clock has ticked", seconds=PATIENCE_SECONDS)
    assert Counter(many.asked) == dict.fromkeys(PATHS, 1)  # what the first holds is left to it while it lives

    killed.kill()
    killed.wait()
    many.forget()
    assert run(instance, "poll", **settings).exit_code == 0
    assert Counter(many.asked) == dict.fromkeys(set(PATHS) - written, 1)
    assert sorted(polled(database_url).values()) == [1] * FEEDS
    assert len(ask(database_url, select(ItemRow.id))) == FEEDS * 2
    assert end(other)[0] == 0, output_of(instance)


def held_paths(url: str) -> set[str]:
    """The paths of the feeds that somebody holds."""
    addresses = ask(url, select(FeedRow.url).where(FeedRow.lease_token.is_not(None)))
    return {f"/{address.rpartition('/')[2]}" for address in addresses}


def test_a_clock_suspended_for_longer_than_its_lease_writes_nothing_late(
    instance: Path, many: Site, database_url: str
) -> None:
    settings = {"ALLOW_HOSTS": many.host, "DATABASE_URL": database_url}
    suspended = poll_until_held(instance, many, database_url, answers=12)
    os.kill(suspended.pid, signal.SIGSTOP)
    with opened(database_url) as engine, open_sessions(engine).begin() as session:
        ended = NOW - timedelta(days=300)
        session.execute(update(FeedRow).where(FeedRow.lease_token.is_not(None)).values(lease_until=ended))
    many.forget()
    assert run(instance, "poll", **settings).exit_code == 0
    assert (len(many.asked), sorted(polled(database_url).values())) == (FEEDS - 12, [1] * FEEDS)

    os.kill(suspended.pid, signal.SIGCONT)
    many.let_go()
    wait_until(lambda: ticks(database_url) == 1, "the suspended clock ends its pass", seconds=PATIENCE_SECONDS)
    assert sorted(polled(database_url).values()) == [1] * FEEDS
    assert len(ask(database_url, select(ItemRow.id))) == FEEDS * 2
    assert "were overtaken by another process and are dropped" in output_of(instance)
    assert end(suspended)[0] == 0


def test_after_three_days_of_downtime_two_clocks_poll_each_feed_once_over_ten_minutes(
    tools: Tools, collector: Collector
) -> None:
    with tools.sessions.begin() as session:
        for number in range(300):
            url = f"https://site-{number}.example.org/feed"
            add_feed(session, url=url, every_minutes=1440, next_due_at=NOW - timedelta(days=3))
            collector.web.answer(url, rss((url, PLAIN_TITLE)))  # type: ignore[attr-defined]
    for _ in range(2):
        spread_overdue(tools)
    for minute in range(12):
        tools.settings = replace(tools.settings, test_now=NOW + timedelta(minutes=minute))
        for _ in range(2):
            poll_due_feeds(tools, collector)
    with reading(tools.sessions) as session:
        started = Counter(session.scalars(select(PollRow.started_at)))
        assert len(set(session.scalars(select(PollRow.feed_id)))) == sum(started.values()) == 300
        assert set(session.scalars(select(FeedRow.late_polls))) == {1}
    assert max(started) <= NOW + SPREAD
    assert len(started) >= 10
    assert max(started.values()) < 75
