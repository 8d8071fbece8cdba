"""Tests of platforms/json_events.py that no sample can show: the shapes of sites, and odd answers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState
from oversight.platforms.json_events import JsonEvents
from tests.factories import NOW, make_answer, make_council, make_feed
from tests.platforms.garbage import is_survived, json_with

TRIBE = "https://council.example.gov/wp-json/tribe/events/v1/events"
NAMES = ("title", "start", "date", "id", "url", "location", "name", "html", "Items", "isAllDay", "meeting_time")


def meetings(parsed: object, **feed: object):
    return JsonEvents().read(make_council(platform="json_events", **feed), make_answer(json.dumps(parsed))).meetings


def starts(**row: object) -> str | None:
    (meeting,) = meetings([{"title": "Council"} | row])
    return meeting.starts_at.isoformat() if meeting.starts_at else None


@pytest.mark.parametrize(
    ("row", "moment"),
    [
        ({"start": "2026-12-01T17:00:00"}, "2026-12-01T17:00:00-08:00"),
        ({"start": "2026-12-02T01:00:00Z"}, "2026-12-01T17:00:00-08:00"),
        ({"start_date": "2026-12-01 17:00:00"}, "2026-12-01T17:00:00-08:00"),
        ({"Date": "12/1/2026", "Start_Time": "5:00 PM"}, "2026-12-01T17:00:00-08:00"),
        ({"start": "2026-12-01T00:00:00"}, None),
        ({"start": "2026-12-01T17:00:00", "allDay": True}, None),
        ({"start": "2026-12-01"}, None),
    ],
)
def test_the_hour_is_the_councils_own(row: dict[str, object], moment: str | None) -> None:
    assert starts(**row) == moment


def test_without_a_zone_only_the_day_is_known() -> None:
    (meeting,) = meetings([{"title": "Council", "start": "2026-12-01T17:00:00"}], timezone=None)
    assert (str(meeting.date), meeting.starts_at) == ("2026-12-01", None)


def test_an_event_without_an_id_is_known_by_its_address_and_day() -> None:
    row = {"title": "Council", "start": "2026-12-01T17:00:00", "url": "/events/council"}
    first, moved = (meetings([row | more])[0] for more in ({}, {"start": "2026-12-02T17:00:00"}))
    assert first.uid != moved.uid
    assert meetings([row | {"title": "Council (amended)"}])[0].uid == first.uid


def test_the_same_event_twice_is_one() -> None:
    assert len(meetings([{"id": 1, "title": "Council", "start": "2026-12-01"}] * 2)) == 1


def test_what_stands_inside_an_event_is_no_event() -> None:
    file = {"name": "Agenda", "date": "2026-11-24"}
    assert len(meetings([{"title": "Council", "start": "2026-12-01", "files": [file]}])) == 1


def test_an_empty_calendar_is_one() -> None:
    assert meetings([]) == ()


def test_the_feeds_address_is_asked_as_it_is() -> None:
    requests = JsonEvents().start(make_feed(url=TRIBE), FeedState(NOW, None))
    assert [request.url for request in requests] == [TRIBE]


def test_only_an_address_that_can_be_nothing_else_is_recognised() -> None:
    assert JsonEvents().recognise(f"{TRIBE}?per_page=50") == f"{TRIBE}?per_page=50"
    assert JsonEvents().recognise("https://council.example.gov/calendar.json") is None


@given(st.binary() | json_with(*NAMES).map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("json_events", body)


@given(st.text("<>/article divtmpo=\"' Event", max_size=80))
def test_any_markup_inside_is_survived(markup: str) -> None:
    assert is_survived("json_events", json.dumps({"html": markup}))
