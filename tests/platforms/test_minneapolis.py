"""Tests of platforms/minneapolis.py that no sample can show: what is asked, the days covered, and odd answers."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState
from oversight.domain.reading import Days
from oversight.platforms.minneapolis import CALENDAR, PAGE, Minneapolis
from tests.factories import NOW, make_answer, make_council
from tests.platforms.garbage import is_survived, json_with

NAMES = ("data", "Id", "id", "committeeName", "CommitteeName", "meetingDate", "meetingTime", "videoTimestamps", "files")
MORE = ("agendaId", "abbreviation", "markedAgendaPublished", "agendaStatus", "mainVideoURL", "committeeReportDocument")
ROW = {
    "Id": 1,
    "CommitteeName": "City Council",
    "MeetingDate": "2026-12-03T00:00:00",
    "MeetingTime": "2026-12-03T09:30:00",
}


def read(parsed: object, url: str = ""):
    return Minneapolis().read(make_council(platform="minneapolis"), make_answer(json.dumps(parsed), url=url))


def asked() -> str:
    (request,) = Minneapolis().start(make_council(), FeedState(NOW, NOW))
    return request.url


def test_a_poll_asks_for_a_week_back_and_a_month_ahead() -> None:
    assert asked().startswith(f"{CALENDAR}?fromDate=2026-11-13&toDate=2026-12-20&")


def test_the_calendar_covers_the_days_that_were_asked() -> None:
    assert read([ROW], url=asked()).covers == Days(date(2026, 11, 13), date(2026, 12, 20))
    assert read([ROW]).covers is None


def test_a_full_page_covers_nothing() -> None:
    assert read([ROW] * PAGE, url=asked()).covers is None


def test_an_empty_calendar_is_one() -> None:
    assert read([]).meetings == ()


def test_a_published_agenda_is_asked_for_once_more_on_its_day() -> None:
    row = ROW | {"AgendaId": 7, "Abbreviation": "Council", "MarkedAgendaPublished": True}
    (request,) = read([row]).next
    assert request.url == "https://lims.minneapolismn.gov/MarkedAgenda/Council/7"
    assert (request.again_on, request.meeting_uid) == (date(2026, 12, 3), "meeting-1")


def test_marks_of_a_video_elsewhere_have_the_videos_address() -> None:
    marks = json.dumps({"6": {"title": "Discussion", "files": {"9": {"title": "Drones", "timeInSeconds": 10}}}})
    row = ROW | {"VideoTimestamps": marks, "MainVideoURL": "https://video.example.gov/7"}
    assert [item.url for item in read([row]).items] == ["https://video.example.gov/7"]


@pytest.mark.parametrize("address", [CALENDAR, "https://lims.minneapolismn.gov/MarkedAgenda/CI/6133"])
def test_the_citys_addresses_are_recognised(address: str) -> None:
    assert Minneapolis().recognise(address) == CALENDAR


def test_others_are_not() -> None:
    assert Minneapolis().recognise("https://www.minneapolismn.gov/") is None


@given(
    st.binary()
    | json_with(*NAMES, *MORE).map(json.dumps)
    | st.text("<a>li/File1- '\"href=", max_size=60).map("<a href='/File/1'>{}".format)
)
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("minneapolis", body)


@given(json_with("title", "files", "timeInSeconds", "1"))
def test_any_marks_of_a_video_are_survived(marks: object) -> None:
    assert is_survived("minneapolis", json.dumps([ROW | {"videoTimestamps": json.dumps(marks)}]))
