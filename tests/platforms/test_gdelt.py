"""Tests of platforms/gdelt.py that no sample can show: what is asked, recognised addresses, and odd answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState
from oversight.platforms.gdelt import Gdelt
from tests.factories import NOW, make_feed
from tests.platforms.garbage import is_survived, json_with

API = "https://api.gdeltproject.org/api/v2/doc/doc"


def asked(url: str) -> str:
    (request,) = Gdelt().start(make_feed(url=url), FeedState(NOW, None))
    return request.url


def test_a_search_is_asked_for_all_it_may_give() -> None:
    assert (
        asked(f"{API}?query=drones")
        == f"{API}?query=drones&mode=artlist&format=json&maxrecords=250&timespan=1d&sort=datedesc"
    )


def test_what_the_feed_says_itself_stays() -> None:
    assert asked(f"{API}?query=drones&timespan=3d&maxrecords=10").startswith(
        f"{API}?query=drones&timespan=3d&maxrecords=10&mode="
    )


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        (f"{API}?query=%22city%20council%22&mode=artlist", True),
        (API, False),
        ("https://gdeltproject.org/?query=x", False),
    ],
)
def test_a_search_is_recognised(address: str, is_ours: bool) -> None:
    assert Gdelt().recognise(address) == (address if is_ours else None)


@given(st.binary() | json_with("articles", "url", "title", "seendate", "domain").map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("gdelt", body)
