"""Tests of Legistar's public pages and their RSS that no sample can show: what is asked, and pages of any shape."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.reading import MeetingStatus, Reading
from oversight.errors import FeedError
from oversight.platforms.legistar import Legistar
from tests.factories import NOW, make_answer, make_council
from tests.platforms.test_samples import DATA

HOST = "https://sample.legistar.com"
KEY = "00009001-AAAA-4BBB-8CCC-0123456789AB"
CALENDAR = f"{HOST}/Calendar.aspx"
RSS = f"{HOST}/Feed.ashx?M=Calendar&ID=1&GUID=2&Mode=All"
LATER = FeedState(NOW, NOW - timedelta(hours=1))


def feed_at(url: str = CALENDAR) -> Feed:
    return make_council(url=url)


def sample(name: str, *, request: Request | None = None, url: str = "", feed: str = CALENDAR) -> Reading:
    return Legistar().read(feed_at(feed), Answer(url, {}, (DATA / "legistar" / name).read_bytes(), request))


def entry(title: str, *, stamp: str = "2026-11-09-16-48-13", kind: str = "MD", text: str = "") -> str:
    link = f"\n   {HOST}/Gateway.aspx?M={kind}&amp;From=RSS&amp;ID=9001&amp;GUID={KEY}"
    guid = f"<guid isPermaLink='false'>{KEY}-{stamp}</guid>"
    return f"<item><title>{title}</title><link>{link}</link>{guid}<description>{text}</description></item>"


def rss(*entries: str, feed: str = RSS) -> Reading:
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>{''.join(entries)}</channel></rss>"
    return Legistar().read(feed_at(feed), make_answer(body))


# What is asked


@pytest.mark.parametrize("url", [CALENDAR, "https://legistar.council.nyc.gov/Calendar.aspx", RSS])
def test_a_page_is_asked_for_with_the_days_beside_it(url: str) -> None:
    (question,) = Legistar().start(feed_at(url), LATER)
    assert question.url == f"{url}#days=2026-11-13/2026-12-20"


def test_the_root_of_a_public_site_means_its_calendar() -> None:
    (question,) = Legistar().start(feed_at(f"{HOST}/"), LATER)
    assert question.url.startswith(f"{CALENDAR}#")


@pytest.mark.parametrize(
    ("days", "count"), [("2026-12-01/2026-12-03", 2), ("2026-12-03/2026-12-20", 1), ("2027-01-01/2027-02-01", 0)]
)
def test_agendas_are_asked_for_of_the_days_of_the_poll_only(days: str, count: int) -> None:
    request = Request(f"{CALENDAR}#days={days}")
    assert len(sample("insite-calendar.html", request=request).next) == count


def test_an_agenda_is_asked_for_once_more_on_its_day_and_whenever_its_row_changed() -> None:
    question = sample("insite-calendar.html").next[0]
    assert (question.again_on, question.meeting_uid) == (date(2026, 12, 1), "meeting-9001")
    assert question.revision != sample("insite-calendar-kept.json").next[0].revision


def test_an_edit_in_the_rss_asks_for_the_agenda_anew() -> None:
    (first,), (second,) = (rss(entry("Council - 12/1/2026", stamp=f"2026-11-0{n}-10-00-00")).next for n in (1, 2))
    assert (first.url, first.revision != second.revision) == (second.url, True)


# What pages say


def test_a_file_that_was_led_to_is_not_told_twice() -> None:
    led = sample("insite-file.html", request=Request(f"{HOST}/LegislationDetail.aspx", revision="1"))
    assert (led.items, len(led.steps), [document.item_uid for document in led.documents]) == (
        (),
        2,
        ["legislation-7001"] * 2,
    )


def test_the_history_of_a_file_is_read_step_by_step() -> None:
    last, first = sample("insite-file.html").steps
    assert (last.uid, last.date, last.body, last.action, last.outcome) == (
        "history-3002",
        date(2026, 12, 1),
        "City Council",
        "Approve",
        "Fail",
    )
    assert (first.uid, first.body, first.outcome) == ("history-2990", "Public Safety Committee", None)


def test_an_agenda_has_one_item_and_many_steps_where_one_file_was_acted_on_twice() -> None:
    reading = sample("insite-meeting.html")
    assert [(item.matter_file, item.outcome) for item in reading.items] == [
        (None, None),
        ("26-0101", "Fail"),
        ("26-0102", None),
    ]
    assert [(step.uid, step.action) for step in reading.steps] == [
        ("history-3001", "Close the public hearing"),
        ("history-3002", "Approve"),
    ]


def test_items_belong_to_the_meeting_that_was_asked_about() -> None:
    request = Request(f"{HOST}/MeetingDetail.aspx", meeting_uid="event-7")
    assert {item.meeting_uid for item in sample("insite-meeting.html", request=request).items} == {"event-7"}


def test_papers_that_hang_on_no_item_hang_on_their_meeting() -> None:
    documents = sample("insite-calendar.html").documents
    assert [(document.title, document.meeting_uid) for document in documents] == [
        ("Agenda Packet", "meeting-9001"),
        ("Agenda", "meeting-9002"),
        ("Notice of Cancellation", "meeting-9005"),
    ]


def test_the_way_to_comment_is_kept() -> None:
    assert sample("insite-meeting.html").meetings[0].how_to_comment == "https://ecomment.example.gov/9001"
    assert sample("insite-calendar-kept.json").meetings[2].how_to_comment == "https://ecomment.example.gov/9003"


def test_links_are_relative_to_where_the_page_came_from() -> None:
    here = sample("insite-calendar.html", url="https://legistar.council.nyc.gov/Calendar.aspx").meetings[0]
    assert here.url == f"https://legistar.council.nyc.gov/MeetingDetail.aspx?ID=9001&GUID={KEY}"


def test_a_page_of_one_body_names_the_body_in_its_title() -> None:
    body = b"<title>City - Parks Board</title><form action='./DepartmentDetail.aspx?ID=1'><table class='rgMasterTable'>"
    body += b"<tr><th class='rgHeader'>Date</th><th class='rgHeader'></th></tr><tr class='rgRow'><td>12/1/2026</td>"
    body += f"<td><a href='View.ashx?M=IC&amp;ID=5&amp;GUID={KEY}'></a></td></tr></table></form>".encode()
    (meeting,) = Legistar().read(feed_at(), make_answer(body)).meetings
    assert (meeting.uid, meeting.body) == ("meeting-5", "Parks Board")


def test_a_calendar_without_meetings_is_empty_and_no_fault() -> None:
    grid = "<div id='ctl00_ContentPlaceHolder1_gridCalendar'><table class='rgMasterTable'></table></div>"
    page = f"<form action='./Calendar.aspx'>{grid}</form>"
    assert Legistar().read(feed_at(), make_answer(page)) == Reading()


# What entries say


def test_edits_of_a_meeting_are_one_meeting_as_it_was_said_last() -> None:
    new, old = entry("Council - 12/1/2026 (CANCELED)"), entry("Council - 12/1/2026", stamp="2026-10-01-00-00-00")
    (meeting,) = rss(new, old).meetings
    assert (meeting.uid, meeting.body, meeting.status) == ("meeting-9001", "Council", MeetingStatus.CANCELLED)


def test_an_entry_without_a_link_keeps_its_id_without_the_moment_of_its_edit() -> None:
    guid = f"<guid isPermaLink='false'>{KEY}-2026-11-09-16-48-13</guid>"
    bare = f"<item><title>Council - 12/1/2026</title>{guid}</item>"
    assert [meeting.uid for meeting in rss(bare).meetings] == [f"meeting-{KEY}"]


def test_the_rss_of_one_meeting_lists_its_items() -> None:
    fields = ["File #: 26-0101", "Agenda #: 4", "Type: Ordinance", "Title: Cameras", "Action: Approve", "Result: Pass"]
    text = "&lt;br /&gt;".join(fields)
    reading = rss(entry("26-0101", kind="LD", text=text), feed=f"{HOST}/Feed.ashx?M=CalendarDetail&ID=77&GUID=2")
    (item,) = reading.items
    assert (item.uid, item.meeting_uid, item.kind.value) == ("meeting-77-9001", "meeting-77", "agenda_item")
    assert (item.title, item.matter_file, item.outcome) == ("Cameras", "26-0101", "Pass")


def test_a_link_that_cannot_be_read_is_no_link() -> None:
    row = {"Meeting Date": "12/1/2026", "Name": "Council", "Meeting Details": {"url": f"http://[?ID=1&GUID={KEY}"}}
    (meeting,) = Legistar().read(feed_at(), make_answer(json.dumps([row]))).meetings
    assert (meeting.uid, meeting.body) == ("meeting-1", "Council")
    assert rss(entry("Council - 12/1/2026").replace(HOST, "http://[")).meetings[0].body == "Council"


# What is refused


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        ("<html><body><p>Welcome</p></body></html>", Outcome.NOT_A_FEED),
        ("<html><head><title>Just a moment...</title></head></html>", Outcome.HTTP_ERROR),
        ("<html><body>Invalid parameters!</body></html>", Outcome.NOT_A_FEED),
        ("<ArrayOfGranicusEvent><GranicusEvent/></ArrayOfGranicusEvent>", Outcome.NOT_A_FEED),
        ("<rss", Outcome.NOT_A_FEED),
    ],
)
def test_what_is_no_page_of_legistar_is_refused(page: str, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as caught:
        Legistar().read(feed_at(), make_answer(page))
    assert caught.value.outcome == outcome


PIECES = st.sampled_from(
    [
        "<table class='rgMasterTable'>",
        "<tr class='rgRow'>",
        "<tr>",
        "<th class='rgHeader'>",
        "<td>",
        "</td>",
        "</tr>",
        "<em>",
        "Meeting Date",
        "Name",
        "File #",
        "Title",
        "Action",
        "12/1/2026",
        "99/99/9999",
        "<a href='View.ashx?M=IC&ID=1'>",
        "<a id='x_hypMeetingDetail' href='http://['>",
        "<a onclick=\"open('Video.aspx?x')\">",
        "<form action='//[?ID=1'>",
        "<span id='ctl00_ContentPlaceHolder1_lblFile2'>",
        "<span id='ctl00_ContentPlaceHolder1_lblDate'>",
        "</table>",
        "<span id='ctl00_ContentPlaceHolder1_hypName'>",
        "<rss version='2.0'><channel>",
        "<item><title>",
        "</title>",
        "<link>",
        "http://[",
        "</item>",
        "Gateway.aspx?M=MD&amp;ID=1",
    ]
)


@hypothesis_settings(deadline=None)
@given(pieces=st.lists(PIECES | st.text(max_size=5), max_size=40))
def test_pages_of_any_shape_are_read_or_refused(pieces: list[str]) -> None:
    try:
        Legistar().read(feed_at(), make_answer("<html>" + "".join(pieces)))
    except FeedError as error:
        assert error.outcome in Outcome
