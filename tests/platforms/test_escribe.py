"""Tests of platforms/escribe.py that no sample can show: what is asked, which page follows, and odd answers."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome, Request
from oversight.domain.reading import Days, Reading
from oversight.errors import FeedError
from oversight.platforms.escribe import Escribe
from tests.factories import NOW, make_answer, make_council

SITE = "https://pub-sample.escribemeetings.com"
CALENDAR = f"{SITE}/MeetingsCalendarView.aspx/GetCalendarMeetings"
GUID = "0f0f0f0f-1111-2222-3333-444444444401"
PAGE = f"{SITE}/Meeting.aspx?Id={GUID}&Agenda=Agenda&lang=English"
FIELDS = (
    *("d", "ID", "MeetingName", "MeetingType", "StartDate", "Description", "Location", "Url", "HasAgenda", "Type"),
    *(
        "MeetingDocumentLink",
        "Format",
        "Title",
        "TimeOverride",
        "DelegationRequestLink",
        "AllowPublicComments",
        "Message",
    ),
)
SCRAPS = (
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    st.sampled_from(["2026/12/01 17:15:00", "/Date(1)/", "/Date(999999999999999)/", "http://[", "<a href='http://['>"]),
)
VALUES = st.recursive(
    st.one_of(*SCRAPS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8),
    max_leaves=25,
)
MARKUP = st.lists(
    st.sampled_from(
        [
            *("<div class='AgendaItems'>", "<div class='AgendaItemContainer'>", "<div class='AgendaItem AgendaItem3'>"),
            *("</div>", "<h2>", "<div class='AgendaItemTitle'>", "<a href='filestream.ashx?DocumentId=1'>", "words"),
            *(
                f"<form action='./Meeting.aspx?Id={GUID}'>",
                "<time datetime='0000-13-45'>",
                "<header class='AgendaHeader'>",
            ),
            *("<div class='MotionResult'>", "<div class='AgendaItemAttachment3'>", "\x00", "&#55296;", "<!--"),
        ]
    ),
    max_size=30,
).map("".join)


def feed():
    return make_council(platform="escribe", url=CALENDAR)


def read(body: object, *, url: str = "", request: Request | None = None) -> Reading:
    answer = make_answer(body if isinstance(body, str | bytes) else json.dumps(body), url=url)
    return Escribe().read(feed(), replace(answer, request=request))


def asked(last_ok_at: datetime | None = None) -> Request:
    (question,) = Escribe().start(feed(), FeedState(NOW, last_ok_at))
    return question


def meeting(**changes: object) -> dict[str, object]:
    valid = {"ID": GUID, "MeetingName": "City Council", "StartDate": "2026/12/01 17:15:00", "HasAgenda": True}
    return valid | changes


def paper(type_: str, form: str = "HTML") -> dict[str, str]:
    return {"Type": type_, "Format": form, "Title": type_, "Url": f"Meeting.aspx?Id={GUID}&Agenda={type_}"}


def agenda(*items: str) -> str:
    return f"<div class='AgendaItems'>{''.join(items)}</div>"


def item(number: int, title: str, inside: str = "") -> str:
    return (
        f"<div class='AgendaItemContainer'><div class='AgendaItem AgendaItem{number}'>"
        f"<div class='AgendaItemTitle'>{title}</div>{inside}</div></div>"
    )


def test_the_days_stand_in_the_body_of_the_question() -> None:
    question = asked()
    assert question.url == CALENDAR
    assert json.loads(question.body or "") == {"calendarStartDate": "2026-10-21", "calendarEndDate": "2026-12-21"}
    assert question.content_type.startswith("application/json")


def test_later_polls_ask_for_a_week_back() -> None:
    assert '"calendarStartDate": "2026-11-13"' in (asked(NOW - timedelta(hours=1)).body or "")


def test_an_answer_covers_the_days_that_were_asked_for() -> None:
    assert read({"d": []}, request=asked()).covers == Days(date(2026, 10, 21), date(2026, 12, 20))
    assert read({"d": []}).covers is None
    assert read({"d": []}, request=Request(CALENDAR, body="no JSON")).covers is None


@pytest.mark.parametrize(
    ("papers", "page"),
    [
        ([paper("Agenda")], "Agenda=Agenda"),
        ([paper("Agenda"), paper("PostMinutes")], "Agenda=PostMinutes"),
        ([paper("PostAgenda"), paper("Merged")], "Agenda=Merged"),
        ([], "Agenda=Merged&lang=English"),
    ],
)
def test_the_page_that_says_most_is_asked_for(papers: list[dict[str, str]], page: str) -> None:
    (request,) = read({"d": [meeting(MeetingDocumentLink=papers)]}).next
    assert request.url == f"{SITE}/Meeting.aspx?Id={GUID}&{page}"
    assert (request.meeting_uid, request.again_on) == (f"meeting-{GUID}", date(2026, 12, 1))


def test_a_page_is_asked_for_anew_when_its_row_changed_but_not_for_the_label_of_a_link() -> None:
    rows = (meeting(), meeting(LiveVideoStandAloneLink="View on 04 December"), meeting(Location="Room 2"))
    (before,), (relabelled,), (after,) = (read({"d": [row]}).next for row in rows)
    assert before == relabelled
    assert before.revision != after.revision


def test_milliseconds_are_in_utc() -> None:
    (one,) = read({"d": [meeting(StartDate="/Date(1796176800000)/")]}).meetings
    assert one.starts_at is not None
    assert one.starts_at.isoformat() == "2026-12-01T18:00:00-08:00"


def test_a_list_within_a_text_is_read_as_well() -> None:
    assert len(read({"d": json.dumps([meeting()])}).meetings) == 1


def test_what_the_clerk_wrote_over_the_hour_counts() -> None:
    rows = [meeting(TimeOverride="6:30 PM or later"), meeting(ID=GUID[:-1] + "2", TimeOverride="After the hearing")]
    first, second = (one.starts_at for one in read({"d": rows}).meetings)
    assert (first.hour if first else None, second) == (18, None)


def test_a_page_that_the_calendar_asked_for_does_not_tell_the_meeting_again() -> None:
    page = f"<header class='AgendaHeader'></header>{agenda(item(3, 'Plate readers'))}"
    known = read(page, url=PAGE, request=Request(PAGE, meeting_uid=f"meeting-{GUID}"))
    assert (len(known.meetings), len(read(page, url=PAGE).meetings)) == (0, 1)
    assert known.items[0].url == f"{PAGE}&Item=3&Tab=attachments"


def test_an_items_text_is_its_own_and_not_of_the_items_below_it() -> None:
    inner = item(2, "Inner", "<div class='AgendaItemDescription'>Of the inner</div>")
    outer, below = read(agenda(item(1, "Outer", inner)), url=PAGE).items
    assert (outer.text, below.text) == (None, "Of the inner")


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("BOA-0039-2026: A road", "BOA-0039-2026"),
        ("File No. 26-1209 - A road", "26-1209"),
        ("2026-2027: the budget of two years", None),
        ("FY2026-27: the budget", None),
        ("11-17-2026: minutes", None),
        ("Minutes of November 17", None),
        ("Re-zoning: a road", None),
    ],
)
def test_a_file_number_stands_before_the_title(title: str, file: str | None) -> None:
    assert read(agenda(item(1, title)), url=PAGE).items[0].matter_file == file


@pytest.mark.parametrize("address", [CALENDAR, f"{SITE}/", PAGE, f"{SITE}/FileStream.ashx?DocumentId=1"])
def test_an_address_of_the_portal_is_recognised(address: str) -> None:
    assert Escribe().recognise(address) == CALENDAR


@pytest.mark.parametrize(
    "address", ["https://www.escribemeetings.com/", "https://example.org/Meeting.aspx", "https://["]
)
def test_an_address_of_others_is_not(address: str) -> None:
    assert Escribe().recognise(address) is None


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.EMPTY_BODY),
        ({"d": None}, Outcome.NOT_A_FEED),
        ({"d": [{"ID": 1}]}, Outcome.NOT_A_FEED),
        ("[" * 100_000, Outcome.NOT_A_FEED),
        ("<html><title>Meetings</title></html>", Outcome.NOT_A_FEED),
        ("plain words", Outcome.NOT_A_FEED),
    ],
)
def test_what_is_no_answer_is_refused(body: object, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.outcome == outcome


@given(VALUES.map(json.dumps) | MARKUP | st.binary())
def test_any_answer_is_read_or_refused(body: str | bytes) -> None:
    try:
        assert isinstance(read(body), Reading)
    except FeedError as error:
        assert error.outcome
