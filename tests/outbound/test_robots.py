"""Tests of robots.py: what a site allows, what follows where it does not say, and how often it is asked."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Outcome
from oversight.outbound.client import Client, Fetched
from oversight.outbound.failure import FetchError, Hop
from oversight.outbound.limits import Limits
from oversight.outbound.robots import (
    ASK_AGAIN_SECONDS,
    KEPT_SECONDS,
    MOST_SITES,
    PARSED_BYTES,
    Robots,
    RobotsCache,
    Verdict,
)

from .conftest import Serve, client_for
from .servers import answer, ok, redirect
from .test_hostile import HOSTILE, asked, free_port

SITE = "https://council.example.gov"
RULES = b"""
User-agent: *
Disallow: /private/
Disallow: /*.doc$
Allow: /private/agenda
Crawl-delay: 5

User-agent: OtherBot
User-agent: Oversight/0.1
Disallow: /search

User-agent: GreedyBot
Disallow: /
"""


class Clock:
    """Monotonic seconds that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Site:
    """What is fetched from it: one body, or one failure; counts how often it was asked."""

    def __init__(self, tells: bytes | FetchError) -> None:
        self.tells = tells
        self.asked: list[str] = []

    def __call__(self, url: str, *, accept: str) -> Fetched:
        self.asked.append(url)
        if isinstance(self.tells, FetchError):
            raise self.tells
        return Fetched(
            status=200,
            url=url,
            headers={},
            body=self.tells,
            etag=None,
            last_modified=None,
            wire_bytes=len(self.tells),
            hops=(),
        )


def failure(outcome: Outcome, *statuses: int | None) -> FetchError:
    error = FetchError(outcome, "it did not work")
    error.hops = tuple[Hop, ...]((f"{SITE}/{number}", status) for number, status in enumerate(statuses))
    return error


def verdict_on(tells: bytes | FetchError, path: str = "/") -> Verdict:
    return RobotsCache(Site(tells)).check(SITE + path)


def test_our_own_group_counts_and_not_the_one_for_everybody() -> None:
    robots = Robots.parse(RULES)
    assert not robots.may_fetch(f"{SITE}/search?q=drone")
    assert robots.may_fetch(f"{SITE}/private/plan.doc")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private/plan", False),
        ("/private/agenda.pdf", True),
        ("/plan.doc", False),
        ("/plan.docx", True),
        ("/search", True),
        ("/robots.txt", True),
    ],
)
def test_the_group_for_everybody_counts_for_a_robot_without_its_own(path: str, allowed: bool) -> None:
    assert Robots.parse(RULES, "another").may_fetch(SITE + path) is allowed


@pytest.mark.parametrize(
    "line",
    [
        "User-agent: *",
        "user-agent:*",
        "User-Agent : * # all",
        "useragent *",
        "USER  AGENT: oversight",
        "\tUser-agent:\t*",
    ],
)
def test_a_group_may_be_named_in_many_ways(line: str) -> None:
    assert not Robots.parse(f"{line}\nDisallow: /x".encode()).may_fetch(f"{SITE}/x")


@pytest.mark.parametrize("name", ["over", "Oversightful", "*bot", "Mozilla/5.0 (Oversight)", "others", ""])
def test_the_group_of_another_robot_is_not_ours(name: str) -> None:
    assert Robots.parse(f"User-agent: {name}\nDisallow: /".encode()).may_fetch(f"{SITE}/x")


@pytest.mark.parametrize(
    ("written", "seconds"), [("5", 5), ("0.5", 0.5), ("600", 60), ("-1", 0), ("nan", 0), ("inf", 0), ("soon", 0)]
)
def test_a_crawl_delay_is_honoured_up_to_a_minute(written: str, seconds: float) -> None:
    assert Robots.parse(f"User-agent: *\nCrawl-delay: {written}".encode()).delay_seconds == seconds


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_and_line_ends_do_not_matter(end: bytes, mark: bytes) -> None:
    assert not Robots.parse(mark + end.join([b"User-agent: *", b"Disallow: /x"])).may_fetch(f"{SITE}/x")


def test_only_whole_lines_of_the_first_500_kilobytes_count() -> None:
    head = b"User-agent: *\nDisallow: /early\n"
    filler = b"#" * (PARSED_BYTES - len(head) - len(b"\nDisallow: /")) + b"\n"
    robots = Robots.parse(head + filler + b"Disallow: /late\n")
    assert not robots.may_fetch(f"{SITE}/early")
    assert robots.may_fetch(f"{SITE}/late")


def test_thousands_of_robots_with_thousands_of_rules_stay_small() -> None:
    names = b"".join(b"User-agent: bot%d\n" % number for number in range(8_000))
    rules = b"".join(b"Disallow: /%d\n" % number for number in range(8_000))
    robots = Robots.parse(names + b"User-agent: *\n" + rules)
    assert not robots.may_fetch(f"{SITE}/7999")
    assert len(robots._rules._user_agents) == 2


@given(st.binary(max_size=300) | st.lists(st.sampled_from([*RULES.split(b" "), b":", b"\x00", b"\xff"])).map(b" ".join))
def test_any_bytes_are_a_robots_txt(body: bytes) -> None:
    robots = Robots.parse(body)
    assert robots.may_fetch(f"{SITE}/x") in (True, False)
    assert 0 <= robots.delay_seconds <= 60


def test_a_verdict_says_what_the_file_says() -> None:
    assert verdict_on(RULES, "/x") == Verdict(True, "robots.txt allows it", 0)
    assert verdict_on(b"User-agent: *\nDisallow: /x\nCrawl-delay: 9", "/x?y") == Verdict(
        False, "robots.txt forbids it", 9
    )


@pytest.mark.parametrize(
    "error",
    [
        failure(Outcome.HTTP_ERROR, 404),
        failure(Outcome.HTTP_ERROR, 403),
        failure(Outcome.HTTP_ERROR, 301, 410),
        failure(Outcome.RATE_LIMITED, 429),
        failure(Outcome.EMPTY_BODY, 200),
        failure(Outcome.HTTP_ERROR, 204),
        failure(Outcome.REDIRECT_LOOP, 301, 301),
        failure(Outcome.BAD_REDIRECT, 301),
        failure(Outcome.BLOCKED_ADDRESS, 301, None),
    ],
    ids=lambda error: f"{error.outcome}-{error.status}",
)
def test_a_site_without_robots_txt_forbids_nothing(error: FetchError) -> None:
    assert verdict_on(error).allowed


@pytest.mark.parametrize(
    "error",
    [
        failure(Outcome.HTTP_ERROR, 500),
        failure(Outcome.HTTP_ERROR, 301, 503),
        failure(Outcome.TIMEOUT, None),
        failure(Outcome.CONNECTION_ERROR, None),
        failure(Outcome.TLS_ERROR, None),
        failure(Outcome.PROTOCOL_ERROR, None),
        failure(Outcome.TRUNCATED, 200),
        failure(Outcome.TOO_LARGE, 200),
        failure(Outcome.BLOCKED_ADDRESS, None),
    ],
    ids=lambda error: f"{error.outcome}-{error.status}",
)
def test_a_site_that_cannot_say_forbids_everything(error: FetchError) -> None:
    verdict = verdict_on(error)
    assert not verdict.allowed
    assert "it did not work" in verdict.reason


@pytest.mark.parametrize("url", ["ftp://council.example.gov/", "https://me@council.example.gov/", "nonsense", ""])
def test_an_address_that_is_never_fetched_is_refused_without_asking(url: str) -> None:
    site = Site(b"")
    assert not RobotsCache(site).check(url).allowed
    assert site.asked == []


def test_a_site_is_asked_once_a_day() -> None:
    site, clock = Site(RULES), Clock()
    cache = RobotsCache(site, clock=clock)
    cache.check(f"{SITE}/a")
    clock.now += KEPT_SECONDS - 1
    cache.check(f"{SITE}/b")
    assert site.asked == [f"{SITE}/robots.txt"]
    clock.now += 1
    cache.check(f"{SITE}/c")
    assert len(site.asked) == 2


@pytest.mark.parametrize("error", [failure(Outcome.TIMEOUT, None), failure(Outcome.RATE_LIMITED, 429)])
def test_a_site_that_could_not_say_is_asked_again_after_an_hour(error: FetchError) -> None:
    site, clock = Site(error), Clock()
    cache = RobotsCache(site, clock=clock)
    cache.check(f"{SITE}/search")
    clock.now += ASK_AGAIN_SECONDS - 1
    cache.check(f"{SITE}/search")
    assert len(site.asked) == 1
    clock.now += 1
    site.tells = RULES
    assert cache.check(f"{SITE}/search").reason == "robots.txt forbids it"


def test_each_origin_has_its_own_rules() -> None:
    site = Site(RULES)
    cache = RobotsCache(site)
    for origin in (SITE, "http://council.example.gov", f"{SITE}:8443", f"{SITE}:443", SITE.upper()):
        cache.check(f"{origin}/a")
    assert site.asked == [
        f"{SITE}/robots.txt",
        "http://council.example.gov/robots.txt",
        f"{SITE}:8443/robots.txt",
    ]


def test_no_more_than_some_sites_are_kept() -> None:
    site = Site(RULES)
    cache = RobotsCache(site)
    urls = [f"https://{number}.example.gov/" for number in range(MOST_SITES + 1)]
    for url in (*urls, urls[-1], urls[1]):
        cache.check(url)
    assert len(site.asked) == MOST_SITES + 1
    cache.check(urls[0])
    assert len(site.asked) == MOST_SITES + 2


def test_many_threads_ask_a_site_once() -> None:
    site, together = Site(RULES), Barrier(16)
    cache = RobotsCache(site)

    def check(number: int) -> bool:
        together.wait()
        return cache.check(f"{SITE}/{number}").allowed

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(check, range(16)))
    assert len(site.asked) == 1


def test_the_guarded_client_asks(serve: Serve) -> None:
    server = serve(ok(RULES))
    verdict = RobotsCache(client_for(server.port).fetch).check(server.url("/search"))
    assert verdict.reason == "robots.txt forbids it"
    assert server.requests[0].startswith("GET /robots.txt HTTP/1.1")


def test_the_rules_at_the_end_of_a_redirect_count(serve: Serve) -> None:
    end = serve(ok(RULES))
    server = serve(redirect(end.url("/rules")))
    assert not RobotsCache(client_for(server.port, end.port).fetch).check(server.url("/search")).allowed


def test_a_redirect_to_an_inner_address_is_not_followed(serve: Serve) -> None:
    inner = serve(ok(RULES))
    server = serve(redirect(inner.url("/rules")))
    assert RobotsCache(client_for(server.port).fetch).check(server.url("/search")).allowed
    assert inner.requests == []


@pytest.mark.parametrize(("status", "allowed"), [("404 Not Found", True), ("503 Service Unavailable", False)])
def test_the_status_of_the_answer_decides(serve: Serve, status: str, allowed: bool) -> None:
    server = serve(answer(status, "Content-Length: 0"))
    assert RobotsCache(client_for(server.port).fetch).check(server.url("/x")).allowed is allowed


@pytest.fixture(scope="module")
def hostile() -> Iterator[tuple[Client, int]]:
    """The shared hostile server, and a client that may reach it but not its canary."""
    if not (HOSTILE / "manifest.json").is_file():
        pytest.skip("the hostile server is not at ../shared/hostile")
    port = free_port()
    options = ["--port", str(port), "--canary-port", str(free_port()), "--slow", "0.3"]
    command = [sys.executable, str(Path(HOSTILE / "hostile_server.py")), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith(b"hostile on")
            yield client_for(port, limits=Limits(total_seconds=15)), port
        finally:
            server.kill()


@pytest.mark.parametrize(
    ("mode", "allowed"),
    [
        ("allow", True),
        ("disallow", False),
        ("s500", False),
        ("s404", True),
        ("redirect", True),
        ("garbage", True),
        ("huge", False),
    ],
)
def test_the_hostile_server_is_understood(hostile: tuple[Client, int], mode: str, allowed: bool) -> None:
    client, port = hostile
    client.fetch(f"http://127.0.0.1:{port}/__robots?mode={mode}")
    verdict = RobotsCache(client.fetch).check(f"http://127.0.0.1:{port}/b/article")
    assert verdict.allowed is allowed
    assert verdict.delay_seconds == (5 if mode == "disallow" else 0)
    assert asked(port)["canary"] == []
