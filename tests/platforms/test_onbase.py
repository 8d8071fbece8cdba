"""Tests of platforms/onbase.py and onbase_agenda.py that no sample can show."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.errors import FeedError
from oversight.platforms.onbase import OnBase
from tests.factories import NOW, make_answer, make_council

SITE = "https://sample.hylandcloud.com/221agendaonline"
COUNCIL = make_council(platform="onbase", url=SITE)
FIRST = f"{SITE}/Documents/ViewAgenda?meetingId=7&type=agenda&doctype=1"
SECOND = f"{SITE}/Meetings/ViewMeetingAgenda?meetingId=7&type=1"
FAULT = "<title>Error - OnBase Agenda Online</title>"


def meeting(number: object, when: str = "2026-12-03T09:00:00-08:00", **changes: object) -> dict[str, object]:
    return {
        "ID": number,
        "Name": "Regular",
        "MeetingTypeName": "Council",
        "Time": when,
        "IsAgendaAvailable": True,
    } | changes


def home(*rows: object) -> str:
    return f"<script>showSearchResults(new SearchResults({json.dumps({'Meetings': rows})}));</script><p>Welcome</p>"


def read(body: str | bytes, *, asked: Request | None = None):
    answer = make_answer(body)
    return OnBase().read(COUNCIL, Answer(asked.url if asked else "", {}, answer.body, asked))


def test_a_poll_is_one_question_with_the_days_beside_it() -> None:
    (question,) = OnBase().start(COUNCIL, FeedState(NOW, NOW - timedelta(hours=1)))
    assert question.url == f"{SITE}/#days=2026-11-13/2026-12-20"


def test_the_days_are_filled_into_a_search() -> None:
    url = f"{SITE}/Meetings/Search?dropid=11&dropsv={{since}}&dropev={{until}}"
    (question,) = OnBase().start(make_council(url=url), FeedState(NOW, None))
    assert question.url.startswith(f"{SITE}/Meetings/Search?dropid=11&dropsv=10/21/2026&dropev=12/20/2026#days=")


def test_agendas_are_asked_for_of_the_days_asked_about_only() -> None:
    (question,) = OnBase().start(COUNCIL, FeedState(NOW, NOW - timedelta(hours=1)))
    rows = [meeting(1, "2026-11-12T09:00:00"), meeting(2, "2026-11-13T09:00:00"), meeting(3, IsAgendaAvailable=False)]
    found = read(home(*rows), asked=question)
    assert [one.uid for one in found.meetings] == ["1", "2", "3"]
    assert [one.meeting_uid for one in found.next] == ["2"]


def test_an_agenda_is_asked_for_anew_when_its_row_changed_and_on_its_day() -> None:
    (before,), (same,), (after,) = (
        read(home(one)).next for one in (meeting(7), meeting(7), meeting(7, Name="Special"))
    )
    assert before == same
    assert (before.url, before.revision != after.revision) == (FIRST, True)
    assert (before.again_on, before.meeting_uid) == (date(2026, 12, 3), "7")
    assert ("X-Requested-With", "XMLHttpRequest") in before.headers


def test_an_agenda_that_is_not_at_the_first_address_is_asked_for_at_the_second() -> None:
    first = Request(FIRST, revision="r", again_on=date(2026, 12, 3), meeting_uid="7")
    (second,) = read(FAULT, asked=first).next
    assert (second.url, second.revision, second.again_on, second.meeting_uid) == (SECOND, "r", first.again_on, "7")
    with pytest.raises(FeedError) as caught:
        read(FAULT, asked=second)
    assert "error page" in str(caught.value)


def test_the_address_of_an_item_is_its_own_page() -> None:
    link = "<a href='#' onclick='loadAgendaItem(88); return false;'>Lease</a>"
    body = f"<div class='accessible-item accessible-item-level-1'>{link}</div>"
    (item,) = read(body, asked=Request(SECOND, meeting_uid="7")).items
    assert item.meeting_uid == "7"
    assert item.url == f"{SITE}/Meetings/ViewMeetingAgendaItem?meetingId=7&itemId=88&isSection=false&type=agenda"


def test_an_agenda_without_bookmarks_is_a_document() -> None:
    body = (
        "<html><head><meta name='generator' content='Aspose.Words for .NET'></head><body><p>1. Lease</p></body></html>"
    )
    found = read(body, asked=Request(FIRST, meeting_uid="7"))
    assert (found.items, found.next) == ((), ())
    assert [(one.url, one.meeting_uid) for one in found.documents] == [(FIRST, "7")]


def test_a_list_that_was_cut_off_is_refused() -> None:
    with pytest.raises(FeedError) as caught:
        read(home(meeting(7))[:60])
    assert caught.value.outcome == Outcome.PARSE_ERROR


@pytest.mark.parametrize("row", [None, 7, [], {"ID": None}, {"ID": [1]}, {"ID": 9, "Name": [], "Time": 7, "Media": 1}])
def test_odd_rows_do_not_cost_the_others(row: object) -> None:
    assert "7" in [one.uid for one in read(home(row, meeting(7))).meetings]


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("Resolution No. 2026-50 on reserves", "2026-50"),
        ("File No. VAC-26-09", "VAC-26-09"),
        ("A lease (Ward 1) Communication: AUG05-26-213", "AUG05-26-213"),
        ("A budget resolution for 2026", None),
        ("Files of the police", None),
    ],
)
def test_the_printed_number_of_a_file_is_its_matter(title: str, file: str | None) -> None:
    link = f"<a onclick='loadAgendaItem(1)'><span class='accessible-item-text'>{title}</span></a>"
    found = read(f"<div class='accessible-item x'>{link}</div>")
    assert [item.matter_file for item in found.items] == [file]
    assert [matter.file for matter in found.matters] == ([file] if file else [])


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{SITE}/Meetings/ViewMeeting?id=1&doctype=1", SITE),
        ("https://docs.example.gov/OnBaseAgendaOnline", "https://docs.example.gov/OnBaseAgendaOnline"),
        ("https://agenda.example.gov/Board/Meetings/ViewMeeting?id=1", "https://agenda.example.gov/Board"),
        ("https://agendas.example.gov/Meetings/ViewMeeting?id=1&doctype=1", "https://agendas.example.gov"),
        ("https://www.example.gov/agenda", None),
        ("https://www.example.gov/Meetings", None),
    ],
)
def test_an_address_of_a_site_is_recognised(address: str, url: str | None) -> None:
    assert OnBase().recognise(address) == url


SHREDS = [
    home(meeting(1)),
    "<script>new SearchResults({",
    "<tr data-meeting-id='3'>",
    "<td data-sortable-type='mtgTime'>",
]
MORE = [
    "<a href='ViewMeeting?id=4' title='View Agenda for x on 1/1/2026'>",
    "<a name='I1'>",
    "<p>x",
    "<div id='meetings-list'>",
]
CALLS = [
    "<div class='accessible-item x'>",
    "<a onclick='loadAgendaItem(2)'>",
    "<a href='javascript:loadAgendaItem(1,false)'>",
]
PAGES = st.lists(st.sampled_from(SHREDS + MORE + CALLS))


@given(st.binary(max_size=200) | PAGES.map(lambda page: "".join(page).encode()))
def test_any_bytes_end_in_a_reading_or_a_refusal(body: bytes) -> None:
    try:
        assert read(body).meetings is not None
    except FeedError as error:
        assert error.outcome in Outcome
