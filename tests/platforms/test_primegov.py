"""Tests of platforms/primegov.py that no sample can show: what is asked, which agendas follow, and odd answers."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome, Request
from oversight.domain.reading import Days, MeetingStatus, Reading
from oversight.errors import FeedError
from oversight.platforms.primegov import PrimeGov
from tests.factories import NOW, make_answer, make_council

SITE = "https://lacity.primegov.com"
LIST = f"{SITE}/api/v2/PublicPortal/ListUpcomingMeetings"
PAGE = f"{SITE}/Portal/Meeting?meetingTemplateId=9001"
FIELDS = (
    *("id", "dateTime", "date", "time", "title", "location", "videoUrl", "zoomMeetingLink", "documentList"),
    *("templateName", "templateId", "compileOutputType", "publishStatus", "link", "templates", "Message"),
)
SCRAPS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["2026-12-01", "//x/["])
VALUES = st.recursive(
    SCRAPS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=20,
)
MARKUP = st.lists(
    st.sampled_from(
        [
            *("<div id='MeetingContents'>", "<div class='agenda-item' id='AgendaItem_1'>", "</div>", "<table>", "<td>"),
            *(
                "<div class='meeting-item'>",
                "<div id='agenda_item_area_1'>",
                "<a href='/meeting/attachment/1.pdf'>",
                "x",
            ),
            *("<a href='http://[/meeting/document/2.pdf'>", "<div class='voteResult'>", "\x00", "&#55296;", "<!--"),
        ]
    ),
    max_size=30,
).map("".join)


def feed():
    return make_council(platform="primegov", url=LIST)


def read(body: object, *, request: Request | None = None, url: str = LIST) -> Reading:
    answer = make_answer(body if isinstance(body, str | bytes) else json.dumps(body), url=url)
    return PrimeGov().read(feed(), replace(answer, request=request))


def asked(now: datetime = NOW, *, last_ok_at: datetime | None = None) -> list[Request]:
    return PrimeGov().start(feed(), FeedState(now, last_ok_at))


def meeting(number: int, **changes: object) -> dict[str, object]:
    paper = {"id": 1, "templateId": 9000 + number, "compileOutputType": 3, "templateName": "HTML Agenda"}
    valid = {"id": number, "dateTime": "2026-12-01T18:00:00", "title": "City Council", "documentList": [paper]}
    return valid | changes


def test_both_lists_are_asked_for() -> None:
    upcoming, archived = asked()
    assert upcoming.url.startswith(LIST)
    assert archived.url.startswith(f"{SITE}/api/v2/PublicPortal/ListArchivedMeetings?year=2026")


def test_in_january_the_year_before_is_asked_for_too() -> None:
    _, before, this = asked(datetime(2027, 1, 3, tzinfo=UTC))
    assert ("year=2026" in before.url, "year=2027" in this.url) == (True, True)


def test_an_agenda_follows_only_where_its_meeting_is_near() -> None:
    question = asked(last_ok_at=NOW - timedelta(hours=1))[0]
    days = ("2026-11-12", "2026-11-13", "2026-12-20", "2026-12-21")
    rows = [meeting(place, dateTime=f"{day}T18:00:00") for place, day in enumerate(days, 1)]
    reading = read(rows, request=question)
    assert len(reading.meetings) == 4
    assert [request.meeting_uid for request in reading.next] == ["meeting-2", "meeting-3"]


def test_the_upcoming_list_covers_the_days_from_tomorrow_on() -> None:
    upcoming, archived = asked()
    assert read([], request=upcoming).covers == Days(date(2026, 11, 21), date(2026, 12, 20))
    assert read([], request=archived).covers is None
    assert read([]).covers is None


def test_an_agenda_is_asked_for_anew_when_its_row_changed_and_on_its_day() -> None:
    (before,), (same,), (after,) = (read([row]).next for row in (meeting(1), meeting(1), meeting(1, location="Room 2")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (after.url, True)
    assert before.again_on == date(2026, 12, 1)


def test_an_item_links_to_its_place_on_the_page_of_its_meeting() -> None:
    page = "<div id='MeetingContents'><div class='agenda-item' id='AgendaItem_7'>Plate readers</div></div>"
    request = Request(PAGE, meeting_uid="meeting-1")
    (item,) = read(page, request=request, url=PAGE).items
    assert (item.url, item.meeting_uid) == (f"{PAGE}#AgendaItem_7", "meeting-1")


def test_a_meeting_in_recess_is_not_held() -> None:
    found = read([meeting(1, title="City Council - RECESS"), meeting(2, title="Recessed Meeting")])
    assert [one.status for one in found.meetings] == [MeetingStatus.CANCELLED, MeetingStatus.CONFIRMED]


def test_without_a_time_zone_no_hour_is_guessed() -> None:
    answer = make_answer(json.dumps([meeting(1)]))
    (one,) = PrimeGov().read(replace(feed(), timezone=None), answer).meetings
    assert (one.date, one.starts_at) == (date(2026, 12, 1), None)


def test_the_older_search_answer_keeps_its_files_under_templates() -> None:
    templates = [{"title": "Agenda", "compiledMeetingDocumentFiles": [{"id": 41005, "compileOutputType": 3}]}]
    reading = read([meeting(1, documentList=None, templates=templates)])
    assert reading.meetings[0].agenda_url == f"{SITE}/Portal/Meeting?compiledMeetingDocumentFileId=41005"


@pytest.mark.parametrize(
    "address", [LIST, f"{SITE}/public/portal?fromiframe=true", PAGE, f"{SITE}/Public/CompiledDocument?x=1", f" {SITE}"]
)
def test_an_address_of_the_portal_is_recognised(address: str) -> None:
    assert PrimeGov().recognise(address) == LIST


@pytest.mark.parametrize(
    "address", ["https://www.primegov.com/", "https://example.org/primegov.com", "https://[", "", "lacity.primegov.com"]
)
def test_an_address_of_others_is_not(address: str) -> None:
    assert PrimeGov().recognise(address) is None


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.EMPTY_BODY),
        ("[{", Outcome.NOT_A_FEED),
        ("[" * 100_000, Outcome.NOT_A_FEED),
        ([{"id": 1, "name": "A committee"}], Outcome.NOT_A_FEED),
        ("<html><title>Just a moment...</title></html>", Outcome.HTTP_ERROR),
        ("%PDF-1.7", Outcome.NOT_A_FEED),
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
