"""Tests of platforms/civicweb.py that no sample can show."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.domain.reading import Days
from oversight.errors import FeedError
from oversight.platforms.civicweb import CivicWeb
from tests.factories import NOW, make_answer, make_council

SITE = "https://sample.civicweb.net"
COUNCIL = make_council(platform="civicweb", url=f"{SITE}/Portal/MeetingTypeList.aspx")
SERVICE = f"{SITE}/Services/MeetingsService.svc/meetings"


def row(number: int, day: str = "2026-12-01", **changes: object) -> dict[str, object]:
    return {"Id": number, "Name": "Council", "MeetingDate": day, "MeetingTime": "6:00 PM", "Published": True} | changes


def agenda(html: str, **changes: object) -> dict[str, object]:
    return {"DocumentType": 1, "Html": html, "Id": 30, "MeetingId": 7, "Name": "Council - Dec 01 2026"} | changes


def read(rows: object, *, asked: Request | None = None):
    answer = make_answer(json.dumps(rows))
    return CivicWeb().read(COUNCIL, Answer(asked.url if asked else "", {}, answer.body, asked))


def test_a_poll_is_one_question_for_the_days() -> None:
    (question,) = CivicWeb().start(COUNCIL, FeedState(NOW, NOW - timedelta(hours=1)))
    assert question.url == f"{SERVICE}?from=2026-11-13&to=2026-12-20&loadall=false"


def test_an_answer_covers_the_days_that_were_asked_about() -> None:
    (question,) = CivicWeb().start(COUNCIL, FeedState(NOW, None))
    assert read([row(1)], asked=question).covers == Days(date(2026, 10, 21), date(2026, 12, 20))
    assert read([row(1)]).covers is None


def test_documents_are_asked_for_anew_when_the_row_changed_and_on_its_day() -> None:
    (before,), (same,), (after,) = (read([one]).next for one in (row(7), row(7), row(7, MeetingTime="7:00 PM")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (f"{SERVICE}/7/meetingDocuments", True)
    assert (before.again_on, before.meeting_uid) == (date(2026, 12, 1), "7")


@pytest.mark.parametrize("changes", [{"Published": False}, {"Name": "Council - CANCELLED"}])
def test_nothing_is_asked_of_a_meeting_that_is_off_or_not_published(changes: dict[str, object]) -> None:
    found = read([row(7, **changes)])
    assert (len(found.meetings), found.next) == (1, ())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Board Meetings - Dec 01 2026", "Board Meetings"),
        ("CANCELLED - Board Briefing - Jan 09 2026", "Board Briefing"),
        ("Wastewater Agency - May 27 2026 - NO MEETING", "Wastewater Agency"),
        ("Work-Session Committee", "Work-Session Committee"),
        ("Dec 01 2026", "Dec 01 2026"),
    ],
)
def test_the_body_is_the_name_without_its_day_and_its_state(name: str, body: str) -> None:
    assert read([row(7, Name=name)]).meetings[0].body == body


@pytest.mark.parametrize("hour", ["", None, "12:00 AM", 7])
def test_an_hour_that_is_not_set_is_not_midnight(hour: object) -> None:
    (meeting,) = read([row(7, MeetingDateTime="2026-12-01 00:00", MeetingTime=hour)]).meetings
    assert (meeting.date, meeting.starts_at) == (date(2026, 12, 1), None)


def test_who_asked_for_documents_knows_the_meeting_already() -> None:
    asked = Request(f"{SERVICE}/7/meetingDocuments", meeting_uid="7")
    found = read([agenda("<a name='AgendaItem1'></a>Lease")], asked=asked)
    assert (found.meetings, [(item.uid, item.meeting_uid) for item in found.items]) == ((), [("7-1", "7")])


def test_the_agenda_is_read_before_the_minutes() -> None:
    minutes = agenda("<a name='AgendaItem2'></a>Passed", DocumentType=9, Id=31)
    assert [item.title for item in read([minutes, agenda("<a name='AgendaItem1'></a>Lease")]).items] == ["Lease"]
    assert [item.title for item in read([minutes, agenda("")]).items] == ["Passed"]


@pytest.mark.parametrize("body", ["", "<html>", "7", '"text"', "{}", '[{"Id": 1}]', "[null]", "[" * 5_000])
def test_what_is_not_the_service_s_answer_is_refused(body: str) -> None:
    with pytest.raises(FeedError) as caught:
        CivicWeb().read(COUNCIL, make_answer(body))
    assert caught.value.outcome in (Outcome.NOT_A_FEED, Outcome.EMPTY_BODY)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{SITE}/Portal/MeetingInformation.aspx?Org=Cal&Id=7", COUNCIL.url),
        ("http://Sample.CivicWeb.net", COUNCIL.url),
        (
            "https://sample.community.highbond.com/Portal/",
            "https://sample.community.highbond.com/Portal/MeetingTypeList.aspx",
        ),
        ("https://civicweb.example.org/Portal/", None),
    ],
)
def test_an_address_of_a_site_is_recognised(address: str, url: str | None) -> None:
    assert CivicWeb().recognise(address) == url


KEYS = ["Id", "Name", "MeetingDate", "MeetingDateTime", "MeetingTime", "Published", "DocumentType", "Html", "MeetingId"]
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("<a name='AgendaItem1'>x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)
ROW = st.fixed_dictionaries({"Id": st.integers(), "Name": VALUE}, optional=dict.fromkeys(KEYS[2:], VALUE))


@given(st.lists(VALUE | ROW, max_size=4).map(json.dumps) | VALUE.map(json.dumps) | st.text(max_size=50))
def test_any_answer_ends_in_a_reading_or_a_refusal(body: str) -> None:
    try:
        assert CivicWeb().read(COUNCIL, make_answer(body.encode("utf-8", "surrogatepass"))).meetings is not None
    except FeedError as error:
        assert error.outcome in Outcome
