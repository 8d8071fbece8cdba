"""Tests of platforms/open_states.py that no sample can show: what is asked, paging, the key, and odd answers."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome
from oversight.errors import FeedError
from oversight.platforms.open_states import API, OpenStates
from tests.factories import NOW, make_answer, make_council, make_feed
from tests.platforms.garbage import is_survived, json_with

SEARCH = f"{API}?jurisdiction=Washington&q=surveillance&apikey={{OPEN_STATES_KEY}}"
NAMES = ("results", "pagination", "page", "max_page", "id", "identifier", "title", "session", "jurisdiction", "actions")
MORE = ("description", "date", "classification", "organization", "name", "versions", "links", "url", "detail", "order")


def asked() -> str:
    (request,) = OpenStates().start(make_feed(url=SEARCH), FeedState(NOW, NOW))
    return request.url


def read(parsed: object, *, url: str = "", jurisdiction: str | None = "ocd-division/country:us/state:wa"):
    feed = make_council(platform="open_states", url=SEARCH, jurisdiction=jurisdiction)
    return OpenStates().read(feed, make_answer(json.dumps(parsed), url=url))


def bill(**changes: object) -> dict[str, object]:
    return {"id": "ocd-bill/1", "identifier": "HB 1", "title": "Cameras", "session": "2026"} | changes


def test_a_search_is_asked_for_what_changed_with_its_history() -> None:
    assert asked().startswith(f"{SEARCH}&sort=updated_desc&per_page=20&updated_since=2026-11-17&page=1")
    assert asked().count("&include=") == 4


def test_the_next_page_is_asked_with_the_placeholder_of_the_key() -> None:
    answered = asked().replace("{OPEN_STATES_KEY}", "secret")
    (following,) = read({"results": [], "pagination": {"page": 1, "max_page": 2}}, url=answered).next
    assert following.url == asked().replace("page=1", "page=2")


def test_the_last_page_is_the_last() -> None:
    assert read({"results": [], "pagination": {"page": 2, "max_page": 2}}, url=asked()).next == ()


def test_the_steps_say_which_of_them_decided() -> None:
    acts = [
        {"description": "First reading", "date": "2026-01-12", "classification": ["reading-1"], "order": 0},
        {"description": "Passed", "date": "2026-03-04", "classification": ["reading-3", "passage"], "order": 1},
    ]
    steps = read({"results": [bill(actions=acts)]}).steps
    assert [(step.uid, step.date, step.outcome) for step in steps] == [
        ("2026-01-12-0", date(2026, 1, 12), None),
        ("2026-03-04-1", date(2026, 3, 4), "passage"),
    ]


def test_a_bill_is_told_apart_by_its_state_where_the_feed_is_of_no_one_state() -> None:
    found = read(
        {"results": [bill(jurisdiction={"id": "ocd-jurisdiction/country:us/state:wa/government"})]}, jurisdiction=None
    )
    assert found.items[0].matter_file == "WA HB 1 (2026)"


def test_a_used_up_key_asks_to_wait() -> None:
    with pytest.raises(FeedError) as caught:
        read({"detail": "exceeded limit of 500/day"})
    assert caught.value.outcome is Outcome.RATE_LIMITED


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{API}?jurisdiction=Washington&q=surveillance&apikey=secret&page=3", SEARCH),
        (f"{API}?apikey=secret", None),
        ("https://openstates.org/wa/bills/", None),
    ],
)
def test_a_search_is_recognised_without_its_key(address: str, url: str | None) -> None:
    assert OpenStates().recognise(address) == url


@given(st.binary() | json_with(*NAMES, *MORE).map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("open_states", body)
