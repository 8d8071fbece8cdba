"""Tests of platforms/dc.py that no sample can show: what is asked, the days covered, and odd answers."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState
from oversight.domain.reading import Days
from oversight.platforms.dc import CALENDAR, LEGISLATION, Dc
from tests.factories import NOW, make_answer, make_council
from tests.platforms.garbage import is_survived, json_with

NAMES = ("hearingId", "hearingDateTime", "hearingTitle", "topics", "topic", "legislationNumber", "title")
MORE = ("legislationHistory", "actionDate", "actionDescription", "downloadURL", "introductionDate", "attachmentGuid")


def asked(url: str):
    return Dc().start(make_council(platform="dc", url=url), FeedState(NOW, NOW))


def test_the_calendar_is_asked_for_each_month_of_the_window() -> None:
    bodies = [json.loads(request.body or "") for request in asked(CALENDAR)]
    assert [(body["year"], body["month"]) for body in bodies] == [("2026", "11"), ("2026", "12")]
    assert all(body["committeeId"] == 0 for body in bodies)


def test_an_answer_covers_the_month_that_was_asked_for() -> None:
    december = asked(CALENDAR)[1]
    found = Dc().read(make_council(platform="dc"), Answer(CALENDAR, {}, b"[]", december))
    assert found.covers == Days(date(2026, 12, 1), date(2026, 12, 31))


def test_legislation_is_asked_for_by_council_period_with_the_key_in_a_header() -> None:
    requests = asked(LEGISLATION)
    assert [request.url for request in requests] == [f"{LEGISLATION}/BulkData/{kind}/26" for kind in (1, 6)]
    assert {request.headers for request in requests} == {(("Authorization", "Bearer {DC_LIMS_KEY}"),)}


def test_a_kind_of_measure_without_any_is_answered_with_nothing() -> None:
    assert Dc().read(make_council(), make_answer("null")).items == ()


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://lims.dccouncil.gov/Hearings/hearings/2408", CALENDAR),
        ("https://lims.dccouncil.gov/", CALENDAR),
        ("https://lims.dccouncil.gov/Legislation/B26-0400", LEGISLATION),
        (f"{LEGISLATION}/BulkData/1/26", LEGISLATION),
        ("https://dccouncil.gov/", None),
    ],
)
def test_the_councils_addresses_are_recognised(address: str, url: str | None) -> None:
    assert Dc().recognise(address) == url


@given(st.binary() | json_with(*NAMES, *MORE).map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("dc", body)
