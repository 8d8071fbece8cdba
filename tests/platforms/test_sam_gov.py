"""Tests of platforms/sam_gov.py that no sample can show: what is asked, the key, and odd answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome
from oversight.errors import FeedError
from oversight.platforms.sam_gov import API, SamGov
from tests.factories import NOW, make_answer, make_feed
from tests.platforms.garbage import is_survived, json_with

SEARCH = f"{API}?title=facial+recognition&api_key={{SAM_GOV_KEY}}"
NAMES = ("opportunitiesData", "totalRecords", "noticeId", "title", "solicitationNumber", "award", "awardee", "name")
MORE = ("placeOfPerformance", "city", "resourceLinks", "description", "error", "code", "errorMessage", "postedDate")


def asked(url: str) -> str:
    (request,) = SamGov().start(make_feed(url=url), FeedState(NOW, NOW))
    return request.url


def test_dates_are_written_as_the_service_wants_them() -> None:
    assert asked(SEARCH) == f"{SEARCH}&limit=1000&postedFrom=11/17/2026&postedTo=11/20/2026"


def test_dates_that_the_feed_holds_are_replaced_and_a_key_is_added() -> None:
    assert asked(f"{API}?title=x&postedFrom=MM/dd/yyyy&postedTo=MM/dd/yyyy").count("posted") == 2
    assert "api_key={SAM_GOV_KEY}" in asked(f"{API}?title=x")


def test_a_copied_address_loses_its_key() -> None:
    copied = f"{API}?api_key=0123456789&title=facial+recognition&postedFrom=01/01/2026&postedTo=02/01/2026"
    assert SamGov().recognise(copied) == SEARCH


@pytest.mark.parametrize("address", ["https://sam.gov/opp/aaa111/view", "https://api.sam.gov/entity"])
def test_others_are_not_recognised(address: str) -> None:
    assert SamGov().recognise(address) is None


def test_a_used_up_key_asks_to_wait() -> None:
    body = json.dumps({"error": {"code": "OVER_RATE_LIMIT", "message": "You have exceeded your rate limit."}})
    with pytest.raises(FeedError) as caught:
        SamGov().read(make_feed(), make_answer(body))
    assert caught.value.outcome is Outcome.RATE_LIMITED


@given(st.binary() | json_with(*NAMES, *MORE).map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("sam_gov", body)
