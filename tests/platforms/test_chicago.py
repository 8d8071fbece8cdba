"""Tests of platforms/chicago.py that no sample can show: what is asked, paging, the days covered, and odd answers."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState
from oversight.domain.reading import Days
from oversight.platforms.chicago import Chicago
from tests.factories import NOW, make_answer, make_council
from tests.platforms.garbage import is_survived, json_with

API = "https://api.chicityclerkelms.chicago.gov"
NAMES = ("data", "meta", "meetingId", "matterId", "recordNumber", "date", "agenda", "groups", "items", "files", "path")
MORE = ("title", "actions", "actionName", "votes", "vote", "attachments", "videoLink", "skip", "count", "comment")


def read(parsed: object, *, url: str = "", **feed: object):
    return Chicago().read(make_council(platform="chicago", **feed), make_answer(json.dumps(parsed), url=url))


def asked(last_ok=None):
    return [request.url for request in Chicago().start(make_council(), FeedState(NOW, last_ok))]


def page(*rows: dict[str, object], count: int, skip: int = 0) -> dict[str, object]:
    return {"data": list(rows), "meta": {"skip": skip, "top": 500, "count": count}}


MEETING = {"meetingId": "A1", "body": "City Council", "date": "2026-12-01T16:00:00+00:00"}


def test_the_first_poll_asks_for_a_month_back_and_ahead() -> None:
    meetings, matters = asked()
    assert "date+ge+2026-10-21T00:00:00Z+and+date+lt+2026-12-21T06:00:00Z" in meetings
    assert "lastPublicationDate+gt+2026-10-21T00:00:00Z" in matters


def test_a_later_poll_asks_for_what_changed_in_the_last_days() -> None:
    meetings, matters = asked(NOW - timedelta(hours=1))
    assert "date+ge+2026-11-13T" in meetings
    assert "lastPublicationDate+gt+2026-11-17T" in matters


def test_an_answer_that_holds_all_covers_the_days_that_were_asked() -> None:
    url = asked()[0]
    assert read(page(MEETING, count=1), url=url).covers == Days(date(2026, 10, 21), date(2026, 12, 20))
    assert read(page(MEETING, count=1)).covers is None


def test_a_page_with_more_behind_it_is_followed_and_covers_nothing() -> None:
    found = read(page(MEETING, count=501, skip=0), url=asked()[0])
    assert found.covers is None
    assert found.next[-1].url == asked()[0].replace("skip=0", "skip=1")


def test_the_last_of_several_pages_covers_nothing() -> None:
    found = read(page(MEETING, count=501, skip=500), url=asked()[0])
    assert (found.covers, [request.url for request in found.next]) == (None, [f"{API}/meeting-agenda/A1"])


def test_an_agenda_is_asked_again_when_the_row_changed_and_on_the_day_itself() -> None:
    first, second = (read(page(MEETING | more, count=1)).next[0] for more in ({}, {"comment": "Moved to room 2"}))
    assert (first.meeting_uid, first.again_on) == ("A1", date(2026, 12, 1))
    assert first.revision != second.revision


def test_a_changed_matter_is_asked_for_whole() -> None:
    row = {"matterId": "M1", "recordNumber": "O2026-1", "title": "Cameras", "actions": None, "attachments": None}
    assert [request.url for request in read(page(row, count=1)).next] == [f"{API}/matter/M1"]


def test_the_steps_of_a_matter_leave_out_what_happens_inside_the_office() -> None:
    acts = [
        {"actionName": "Create", "actionDate": "2026-09-10T15:00:00+00:00"},
        {"actionName": "Referred", "actionDate": "2026-09-16T15:00:00+00:00", "actionByName": "City Council"},
        {"actionName": "Referred", "actionDate": "2026-09-16T15:00:00+00:00", "actionByName": "City Council"},
        {
            "actionName": "Passed",
            "actionDate": "2026-12-09T02:00:00+00:00",
            "votes": [{"vote": "Yea"}, {"vote": "Nay"}],
        },
    ]
    steps = read({"matterId": "M1", "recordNumber": "O2026-1", "actions": acts}).steps
    assert [step.action for step in steps] == ["Referred", "Referred", "Passed"]
    assert len({step.uid for step in steps}) == 3
    assert (steps[-1].date, steps[-1].votes) == (date(2026, 12, 8), "1 Yea, 1 Nay")


def test_the_deadline_for_comments_is_told() -> None:
    deadline = {"publicCommentDeadline": "2026-11-30T22:00:00+00:00"}
    told = read(MEETING | deadline, timezone="America/Chicago").meetings[0].how_to_comment
    assert told == "Written public comment until 2026-11-30 16:00"


def test_a_feed_without_a_zone_has_the_citys_own() -> None:
    meeting = read(MEETING, timezone=None).meetings[0]
    assert meeting.starts_at is not None
    assert meeting.starts_at.isoformat() == "2026-12-01T10:00:00-06:00"


def test_an_answer_that_is_wrapped_in_a_string_is_read() -> None:
    assert len(read(json.dumps(MEETING)).meetings) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://chicityclerkelms.chicago.gov/Meetings/",
        "https://chicityclerkelms.chicago.gov/Meeting/?meetingId=A1",
        f"{API}/meeting-agenda",
    ],
)
def test_the_citys_addresses_are_recognised(address: str) -> None:
    assert Chicago().recognise(address) == f"{API}/meeting-agenda"


@pytest.mark.parametrize(
    "address", ["https://chicago.legistar.com/", "http://[", "", "chicityclerkelms.chicago.gov.evil.com"]
)
def test_others_are_not(address: str) -> None:
    assert Chicago().recognise(address) is None


@given(st.binary() | json_with(*NAMES, *MORE).map(json.dumps))
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("chicago", body)
