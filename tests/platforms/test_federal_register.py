"""Tests of platforms/federal_register.py that no sample can show: what is asked, paging, and odd answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState
from oversight.errors import FeedError
from oversight.platforms.federal_register import API, FederalRegister
from tests.factories import NOW, make_answer, make_feed
from tests.platforms.garbage import is_survived, json_with

SEARCH = f"{API}?conditions[term]=%22facial+recognition%22&order=newest&per_page=50"
NAMES = ("count", "results", "next_page_url", "document_number", "title", "agencies", "name", "publication_date")


def test_a_poll_asks_for_what_was_published_since_the_last() -> None:
    (request,) = FederalRegister().start(make_feed(url=SEARCH), FeedState(NOW, NOW))
    assert request.url == f"{SEARCH}&conditions[publication_date][gte]=2026-11-17"


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("https://www.federalregister.gov/api/v1/documents?page=2", 1),
        ("https://elsewhere.example.org/?page=2", 0),
        (7, 0),
    ],
)
def test_only_the_registers_own_next_page_is_followed(address: object, count: int) -> None:
    body = json.dumps({"count": 9, "results": [], "next_page_url": address})
    assert len(FederalRegister().read(make_feed(), make_answer(body)).next) == count


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (SEARCH, SEARCH),
        ("https://www.federalregister.gov/documents/search?conditions[term]=drones#", f"{API}?conditions[term]=drones"),
        ("https://www.federalregister.gov/documents/2026/11/18/2026-1/x", None),
        (API, None),
    ],
)
def test_a_search_is_recognised(address: str, url: str | None) -> None:
    assert FederalRegister().recognise(address) == url


def test_a_search_of_another_service_is_refused() -> None:
    with pytest.raises(FeedError):
        FederalRegister().read(make_feed(), make_answer('{"count": 1, "results": [{"caseName": "A v. B"}]}'))


@given(st.binary() | json_with(*NAMES, "abstract", "excerpts", "pdf_url", "html_url").map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("federal_register", body)
