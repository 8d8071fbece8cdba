"""Tests of domain/link_check.py: a link is dead only after several failures over several days."""

from datetime import timedelta

import pytest

from oversight.domain.feed import Outcome
from oversight.domain.link_check import (
    Link,
    Look,
    after_look,
    link_words,
    look_at_answer,
    look_at_failure,
    next_look,
    plain,
)
from oversight.domain.record import LinkState
from tests.factories import NOW

URL = "https://www.example.org/acts/12"
WORKS = Look(state=LinkState.LIVE, text_hash="a")
GONE = Look(state=LinkState.FAILING, is_gone=True)
SILENT = Look(state=LinkState.FAILING, is_silent=True)
CLOSED = Look(state=LinkState.CLOSED)
DAY = timedelta(days=1)


def after(*looks: tuple[int, Look], link: Link | None = None) -> Link:
    """What is known after looks on these days."""
    link = link or Link()
    for days, look in looks:
        link = after_look(link, look, now=NOW + days * DAY)
    return link


def test_a_link_that_fails_once_is_not_dead() -> None:
    assert after((0, GONE)).state is LinkState.FAILING


def test_many_failures_on_one_day_make_no_dead_link() -> None:
    assert after(*[(0, GONE)] * 30).state is LinkState.FAILING


def test_a_page_that_is_not_there_four_times_over_five_days_is_dead_since_the_first() -> None:
    link = after((0, GONE), (1, GONE), (3, GONE), (7, GONE))
    assert (link.state, link.failing_since, link.failures) == (LinkState.DEAD, NOW, 4)


def test_silence_is_believed_later_than_a_refusal() -> None:
    week = [(0, SILENT), (1, SILENT), (3, SILENT), (7, SILENT)]
    assert after(*week).state is LinkState.FAILING
    assert after(*week, (15, SILENT), (23, SILENT)).state is LinkState.DEAD


def test_one_look_that_works_in_between_begins_anew() -> None:
    link = after((0, GONE), (1, GONE), (2, WORKS), (3, GONE), (9, GONE))
    assert (link.state, link.failing_since, link.failures) == (LinkState.FAILING, NOW + 3 * DAY, 2)


def test_a_dead_link_that_fails_stays_dead_and_one_that_works_lives() -> None:
    dead = Link(state=LinkState.DEAD, failures=4, failing_since=NOW)
    assert after((30, SILENT), link=dead).state is LinkState.DEAD
    assert after((30, WORKS), link=dead) == Link(state=LinkState.LIVE, text_hash="a", text_looks=1)


def test_a_site_that_refuses_us_is_never_dead_however_often() -> None:
    assert after(*((day, CLOSED) for day in range(60))).state is LinkState.CLOSED


@pytest.mark.parametrize(
    ("outcome", "status", "state", "is_gone", "is_silent"),
    [
        (Outcome.HTTP_ERROR, 404, LinkState.FAILING, True, False),
        (Outcome.HTTP_ERROR, 410, LinkState.FAILING, True, False),
        (Outcome.HTTP_ERROR, 500, LinkState.FAILING, False, False),
        (Outcome.HTTP_ERROR, 401, LinkState.CLOSED, False, False),
        (Outcome.HTTP_ERROR, 403, LinkState.CLOSED, False, False),
        (Outcome.HTTP_ERROR, 451, LinkState.CLOSED, False, False),
        (Outcome.RATE_LIMITED, 429, LinkState.CLOSED, False, False),
        (Outcome.ROBOTS_DISALLOWED, None, LinkState.CLOSED, False, False),
        (Outcome.BLOCKED_ADDRESS, None, LinkState.CLOSED, False, False),
        (Outcome.TLS_ERROR, None, LinkState.CLOSED, False, False),
        (Outcome.REDIRECT_LOOP, 302, LinkState.CLOSED, False, False),
        (Outcome.CONNECTION_ERROR, None, LinkState.FAILING, False, True),
        (Outcome.TIMEOUT, None, LinkState.FAILING, False, True),
        (Outcome.EMPTY_BODY, 200, LinkState.FAILING, False, False),
        (Outcome.TOO_LARGE, 200, LinkState.LIVE, False, False),
    ],
)
def test_what_a_failure_says(
    outcome: Outcome, status: int | None, state: LinkState, is_gone: bool, is_silent: bool
) -> None:
    look = look_at_failure(outcome, status, "so")
    assert (look.state, look.is_gone, look.is_silent) == (state, is_gone, is_silent)


@pytest.mark.parametrize(
    ("hops", "state", "moved_to"),
    [
        ([(URL, 200)], LinkState.LIVE, None),
        ([(URL, 301), ("https://example.org/acts/12/", 200)], LinkState.LIVE, None),
        ([(URL, 302), ("https://www.example.org/s?id=5", 200)], LinkState.LIVE, None),
        ([(URL, 301), ("https://www.example.org/laws/12", 200)], LinkState.MOVED, "https://www.example.org/laws/12"),
        ([(URL, 302), ("https://parked.example/x", 200)], LinkState.MOVED, "https://parked.example/x"),
        ([(URL, 301), ("https://www.example.org/", 200)], LinkState.FAILING, "https://www.example.org/"),
    ],
)
def test_what_redirects_say(hops: list[tuple[str, int | None]], state: LinkState, moved_to: str | None) -> None:
    look = look_at_answer(URL, hops, text_hash=None)
    assert (look.state, look.moved_to) == (state, moved_to)


def test_the_front_page_of_a_site_may_be_a_source() -> None:
    assert look_at_answer("https://example.org", [("https://example.org/", 200)], text_hash=None).state == "live"


def test_scheme_www_and_a_last_slash_change_nothing_and_a_query_does() -> None:
    assert plain("http://www.Example.org/a/") == plain("https://example.org/a#b")
    assert plain("https://example.org/a?id=1") != plain("https://example.org/a?id=2")


def test_only_a_text_that_stood_still_can_change() -> None:
    other = Look(state=LinkState.LIVE, text_hash="b")
    assert after((0, WORKS), (30, other)).text_changed_at is None
    assert after((0, WORKS), (30, WORKS), (60, other)).text_changed_at == NOW + 60 * DAY
    assert after((0, WORKS), (30, WORKS), (60, GONE), (61, WORKS)).text_changed_at is None


def test_what_fails_is_looked_at_sooner_and_ever_later() -> None:
    def days(link: Link) -> int:
        return (next_look(link, now=NOW, chance=0.5) - NOW).days

    assert [days(Link(state=LinkState.FAILING, failures=count)) for count in (1, 2, 3, 4, 5)] == [1, 2, 4, 8, 8]
    assert days(Link(state=LinkState.LIVE)) == days(Link(state=LinkState.DEAD, failures=9)) == 30


def test_a_dead_link_says_whether_a_copy_is_kept() -> None:
    assert link_words(LinkState.DEAD, is_archived=True) == "link dead, archive kept"
    assert link_words(LinkState.DEAD, is_archived=False) == "link dead, no archive"
    assert link_words(None, is_archived=True) == "link not checked"
