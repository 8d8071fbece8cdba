"""Tests of platforms/legiscan.py that no sample can show: what is asked, paging, the key, and odd answers."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome
from oversight.errors import FeedError
from oversight.platforms.legiscan import API, LegiScan
from tests.factories import NOW, make_answer, make_council, make_feed
from tests.platforms.garbage import is_survived, json_with

SEARCH = f"{API}?op=getSearch&state=WA&query=surveillance&key={{LEGISCAN_KEY}}"
NAMES = ("status", "bill", "searchresult", "masterlist", "results", "0", "summary", "page_current", "page_total")
MORE = ("bill_id", "number", "title", "url", "history", "date", "action", "texts", "alert", "message", "change_hash")


def read(parsed: object, *, jurisdiction: str | None = "ocd-division/country:us/state:wa"):
    feed = make_council(platform="legiscan", url=SEARCH, jurisdiction=jurisdiction)
    return LegiScan().read(feed, make_answer(json.dumps(parsed), url=SEARCH.replace("{LEGISCAN_KEY}", "secret")))


def found_bill(**changes: object) -> dict[str, object]:
    bill = {"bill_id": 1, "bill_number": "HB1", "title": "Cameras", "url": "https://legiscan.com/WA/bill/HB1/2026"}
    return {"status": "OK", "bill": bill | changes}


def test_the_feeds_question_is_asked_with_a_key() -> None:
    (request,) = LegiScan().start(make_feed(url=SEARCH.partition("&key")[0]), FeedState(NOW, None))
    assert request.url == SEARCH


def test_a_search_asks_for_its_next_page_and_for_each_bill_by_its_hash() -> None:
    summary = {"page_current": 1, "page_total": "3"}
    found = read(
        {"status": "OK", "searchresult": {"summary": summary, "results": [{"bill_id": 5, "change_hash": "aa"}]}}
    )
    page, bill = found.next
    assert page.url == f"{SEARCH}&page=2"
    assert (bill.url, bill.revision) == (f"{API}?key={{LEGISCAN_KEY}}&op=getBill&id=5", "aa")


def test_of_a_sessions_whole_list_no_bill_is_asked_for() -> None:
    listed = {"0": {"bill_id": 1, "number": "HB1", "title": "Cameras"}, "session": {"session_id": 3}}
    found = read({"status": "OK", "masterlist": listed})
    assert (len(found.items), found.next) == (1, ())


def test_steps_of_one_day_are_told_apart() -> None:
    day = {"date": "2026-01-12", "chamber": "H"}
    steps = read(found_bill(history=[day | {"action": "First reading"}, day | {"action": "Referred"}])).steps
    assert [(step.uid, step.date) for step in steps] == [
        ("2026-01-12-H", date(2026, 1, 12)),
        ("2026-01-12-H-2", date(2026, 1, 12)),
    ]


def test_a_bill_is_told_apart_by_its_state_where_the_feed_is_of_no_one_state() -> None:
    assert read(found_bill(state="WA"), jurisdiction=None).items[0].matter_file == "WA HB1 (2026)"


def test_a_used_up_key_asks_to_wait() -> None:
    with pytest.raises(FeedError) as caught:
        read({"status": "ERROR", "alert": {"message": "API query limit reached"}})
    assert caught.value.outcome is Outcome.RATE_LIMITED


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{API}?key=secret&op=getSearch&state=WA&query=surveillance", SEARCH),
        (f"{API}?key=secret&op=getDataset&id=1", None),
        ("https://legiscan.com/WA/bill/HB1/2026", None),
    ],
)
def test_a_question_is_recognised_without_its_key(address: str, url: str | None) -> None:
    assert LegiScan().recognise(address) == url


@given(st.binary() | json_with(*NAMES, *MORE).map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("legiscan", body)


@given(json_with(*NAMES, *MORE))
def test_any_bill_is_survived(bill: object) -> None:
    assert is_survived("legiscan", json.dumps({"status": "OK", "bill": bill, "masterlist": {"0": bill}}))
