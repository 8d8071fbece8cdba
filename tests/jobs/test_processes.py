"""`flask clock` and `flask up` as processes: they poll by themselves, end in time, and leave nobody behind."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from oversight.jobs.supervise import gunicorn_command
from tests.cli.commands import family_of, finish, free_port, run, start, start_python, wait_until, write_feeds
from tests.cli.site import Site
from tests.factories import ALPR_TITLE, PLAIN_TITLE, rss
from tests.outbound.servers import Server, answer

END_SECONDS = 10  # how long SIGTERM may take
PATIENCE_SECONDS = 60  # how long a start may take on a busy machine


def output_of(instance: Path) -> str:
    return (instance / "output").read_text("utf-8", "replace")


def polls(instance: Path) -> list[str]:
    """The outcome of every poll on record; none where there is no database yet."""
    file = instance / "oversight.sqlite3"
    if not file.is_file():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
        with suppress(sqlite3.OperationalError):
            return [outcome for (outcome,) in database.execute("SELECT outcome FROM polls")]
        return []


def status_of(port: int, path: str = "/") -> int:
    """The status of a page; 0 where nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def end(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Ask a process to end; its exit code, and how many seconds it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(END_SECONDS * 3)
    return code, time.monotonic() - began


@pytest.fixture
def news(site: Site, instance: Path) -> Site:
    """A site with one feed, which is in the feeds.toml of the instance."""
    site.pages["/news"] = rss(("1", ALPR_TITLE)).encode()
    write_feeds(instance / "feeds.toml", {"news": site.url("/news")})
    return site


def start_clock(instance: Path, site: Site) -> subprocess.Popen[bytes]:
    run(instance, "db", "upgrade")
    return start(instance, "clock", ALLOW_HOSTS=site.host)


def start_up(instance: Path, site: Site) -> tuple[subprocess.Popen[bytes], int]:
    """Start `flask up`, and wait until it answers and has polled."""
    port = free_port()
    process = start(instance, "up", "--port", str(port), ALLOW_HOSTS=site.host, SECRET_KEY="")
    wait_until(lambda: status_of(port) == 200, "the first page is answered", seconds=PATIENCE_SECONDS)
    wait_until(lambda: polls(instance), "the clock has polled", seconds=PATIENCE_SECONDS)
    return process, port


def test_the_clock_polls_what_is_due_and_ends_when_it_is_asked(instance: Path, news: Site) -> None:
    clock = start_clock(instance, news)
    wait_until(lambda: polls(instance) == ["ok"], "the feed is polled", seconds=PATIENCE_SECONDS)
    code, seconds = end(clock)
    assert code == 0, output_of(instance)
    assert seconds < END_SECONDS
    wait_until(lambda: family_of(instance) == {}, "no process is left", seconds=END_SECONDS)


def test_the_clock_ends_in_the_middle_of_a_poll_that_nobody_answers(instance: Path, news: Site) -> None:
    news.hold_after = 0
    clock = start_clock(instance, news)
    wait_until(lambda: news.held, "the site is asked", seconds=PATIENCE_SECONDS)
    code, seconds = end(clock)
    assert code == 0, output_of(instance)
    assert seconds < END_SECONDS
    wait_until(lambda: family_of(instance) == {}, "no process is left", seconds=END_SECONDS)
    assert polls(instance) == []


def test_up_serves_and_polls_once_and_ends_all_together(instance: Path, news: Site) -> None:
    process, port = start_up(instance, news)
    assert [status_of(port, path) for path in ("/feeds/", "/mentions/", "/jurisdictions/")] == [200, 200, 200]
    assert (polls(instance), news.asked) == (["ok"], ["/news"])
    assert (instance / "secret_key").stat().st_mode & 0o777 == 0o600
    code, seconds = end(process)
    assert code == 0, output_of(instance)
    assert seconds < END_SECONDS
    wait_until(lambda: family_of(instance) == {}, "no process is left", seconds=END_SECONDS)


def test_killing_up_ends_its_children(instance: Path, news: Site) -> None:
    process, _ = start_up(instance, news)
    process.kill()
    process.wait()
    wait_until(lambda: family_of(instance) == {}, "no process is left", seconds=END_SECONDS)


def test_the_web_alone_never_polls(instance: Path, news: Site) -> None:
    settings = {"ALLOW_HOSTS": news.host}
    run(instance, "db", "upgrade")
    run(instance, "poll", "--feed", "news", **settings)
    news.forget()
    with sqlite3.connect(instance / "oversight.sqlite3") as database:
        database.execute("UPDATE feeds SET next_due_at = '2020-01-01 00:00:00'")
    port = free_port()
    web = start_python(instance, *gunicorn_command("127.0.0.1", port), **settings)
    wait_until(lambda: status_of(port) == 200, "the first page is answered", seconds=PATIENCE_SECONDS)
    assert {status_of(port, "/feeds/news") for _ in range(20)} == {200}
    children = [line for line in family_of(instance).values() if "gunicorn" not in line]
    assert (news.asked, polls(instance), children) == ([], ["ok"], [])
    assert end(web)[0] == 0


def test_a_site_that_asks_for_peace_is_left_alone_as_a_whole_and_no_other(instance: Path, site: Site) -> None:
    busy = Server(answer("429 Too Many Requests", "Retry-After: 120", "Content-Length: 0"))
    paths = [f"/{number}" for number in range(4)]
    site.pages |= {path: rss((path, PLAIN_TITLE)).encode() for path in paths}
    feeds = {f"calm-{path[1:]}": site.url(path) for path in paths}
    feeds |= {f"busy-{path[1:]}": busy.url(path) for path in paths}
    write_feeds(instance / "feeds.toml", feeds)
    settings = {
        "ALLOW_HOSTS": f"{site.host},127.0.0.1:{busy.port}",
        "HOST_GAP_SECONDS": "0.02",
        "HOST_CONNECTIONS": "1",
    }
    first = json.loads(finish(instance, "poll", "--json", **settings).stdout)
    again = json.loads(finish(instance, "poll", "--all", "--json", **settings).stdout)
    busy.close()
    assert (first["outcomes"], first["feeds"]) == ({"not_due": 3, "ok": 4, "rate_limited": 1}, 8)
    assert again["outcomes"] == {"not_due": 4, "not_modified": 4}
    assert len(busy.requests) == 1


SUPERVISED = """
import os, sys
from pathlib import Path
from oversight.jobs.supervise import supervise
child = "import os, sys, threading; print(os.getpid(), file=open(sys.argv[1], 'a')); threading.Event().wait()"
supervise({"child": ["-c", child, sys.argv[1]]})
"""


def test_a_child_that_dies_is_started_again(instance: Path) -> None:
    started = instance / "started"
    supervisor = start_python(instance, "-c", SUPERVISED, str(started))

    def pids() -> list[int]:
        return [int(line) for line in started.read_text().split()] if started.is_file() else []

    wait_until(lambda: len(pids()) == 1, "the child is started")
    os.kill(pids()[0], signal.SIGKILL)
    wait_until(lambda: len(pids()) == 2, "the child is started again")
    assert end(supervisor)[0] == 0
    wait_until(lambda: family_of(instance) == {}, "no process is left", seconds=END_SECONDS)
