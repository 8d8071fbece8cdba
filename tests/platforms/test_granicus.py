"""Tests of platforms/granicus.py that no sample can show: what is asked, windows, odd rows, and addresses."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.domain.reading import MeetingStatus, Reading
from oversight.errors import FeedError
from oversight.platforms.granicus import Granicus
from oversight.platforms.granicus_player import file_number
from oversight.platforms.granicus_words import read_title
from tests.factories import NOW, make_answer, make_council

HOST = "https://sampleton.granicus.com"
URL = f"{HOST}/ViewPublisherRSS.php?view_id=7&mode=agendas"
AGENDA = f"{HOST}/AgendaViewer.php?view_id=7&clip_id=402"
QUESTION = Request(AGENDA, meeting_uid="clip-402")
PARTS = "<gran:pubDateParts yr='2026' mo='08' day='13' hr='14' min='00' sec='0' tz='7' />"
CHICAGO = "America/Chicago"


def read(body: bytes | str, *, request: Request | None = None, url: str = "", **feed: object) -> Reading:
    answer = dataclasses.replace(make_answer(body, url=url), request=request)
    return Granicus().read(make_council(platform="granicus", url=URL, **feed), answer)


def entry(title: str, *, link: str = f"{HOST}/MediaPlayer.php?view_id=7&amp;clip_id=1", parts: str = PARTS) -> str:
    return f"<item><guid>g</guid><title>{title}</title>{parts}<link>{link}</link></item>"


def feed_of(*entries: str) -> str:
    gran = "https://www.granicus.com/schema/rss-supplements"
    return f'<rss version="2.0" xmlns:gran="{gran}"><channel><title>t</title>{"".join(entries)}</channel></rss>'


def row(name: str, day: str, clip: int | None = None) -> str:
    link = f'<a href="{HOST}/AgendaViewer.php?view_id=7&clip_id={clip}">Agenda</a>' if clip else ""
    return f'<tr><td headers="Name">{name}</td><td headers="Date">{day}</td><td>{link}</td></tr>'


def page_of(*rows: str) -> str:
    return f'<html><title>x</title><table class="listingTable">{"".join(rows)}</table></html>'


def test_a_poll_is_one_question_for_the_view() -> None:
    council = make_council(platform="granicus", url=URL)
    assert [request.url for request in Granicus().start(council, FeedState(NOW, None))] == [URL]


def test_the_hour_of_a_recording_is_of_24_hours_and_in_the_zone_of_the_feed() -> None:
    (meeting,) = read(feed_of(entry("Council - Aug 13, 2026")), timezone=CHICAGO).meetings
    assert meeting.starts_at is not None
    assert meeting.starts_at.isoformat() == "2026-08-13T14:00:00-05:00"


def test_without_a_zone_only_the_day_is_known() -> None:
    (meeting,) = read(feed_of(entry("Council - Aug 13, 2026")), timezone=None).meetings
    assert (meeting.date, meeting.starts_at) == (date(2026, 8, 13), None)


def test_the_printed_day_is_the_meeting_s_not_the_day_of_the_upload() -> None:
    (meeting,) = read(feed_of(entry("Council - Aug 12, 2026"))).meetings
    assert (meeting.date, meeting.starts_at) == (date(2026, 8, 12), None)


def test_an_agenda_s_hour_of_publication_is_never_the_meeting_s() -> None:
    ahead = f"{HOST}/AgendaViewer.php?view_id=7&amp;event_id=9"
    (meeting,) = read(feed_of(entry("Council - Aug 13, 2026", link=ahead))).meetings
    assert (meeting.uid, meeting.date, meeting.starts_at) == ("event-9", date(2026, 8, 13), None)


@pytest.mark.parametrize(
    "parts",
    ["", "<gran:pubDateParts />", "<gran:pubDateParts>2026</gran:pubDateParts>", "<gran:pubDateParts yr='x' mo='²'/>",
     "<gran:pubDateParts yr='1' mo='0' day='0' hr='99' min='-1'/>"],
)  # fmt: skip
def test_an_entry_with_unreadable_parts_keeps_its_printed_day(parts: str) -> None:
    (meeting,) = read(feed_of(entry("Council - Aug 13, 2026", parts=parts))).meetings
    assert (meeting.date, meeting.starts_at) == (date(2026, 8, 13), None)


def test_one_recording_of_two_entries_is_one_meeting() -> None:
    twice = entry("Council - Aug 13, 2026")
    assert len(read(feed_of(twice, twice)).meetings) == 1


def test_two_sittings_of_one_day_stay_two() -> None:
    second = entry("Council - Aug 13, 2026", link=f"{HOST}/MediaPlayer.php?view_id=7&amp;clip_id=2")
    assert len(read(feed_of(entry("Council - Aug 13, 2026"), second)).meetings) == 2


def test_an_empty_feed_of_the_platform_is_an_empty_reading() -> None:
    assert read(feed_of()) == Reading()


def test_cancelled_meetings_stay_listed() -> None:
    (meeting,) = read(page_of(row("Council - Cancelled", "Aug 13, 2026", 1))).meetings
    assert (meeting.body, meeting.status) == ("Council", MeetingStatus.CANCELLED)


def test_only_recent_agendas_are_asked_for() -> None:
    page = page_of(
        row("Council", "Aug 13, 2026", 5), row("Council", "Aug 1, 2026", 4), row("Council", "Jun 1, 2026", 3),
        row("Council", "Sep 30, 2026", None), row("Council", "Mar 3, 2009", 1),
    )  # fmt: skip
    assert [request.meeting_uid for request in read(page).next] == ["clip-5", "clip-4"]


def test_an_agenda_is_asked_for_again_when_its_row_changed_and_on_the_day() -> None:
    (first,) = read(page_of(row("Council", "Aug 13, 2026", 5))).next
    (same,) = read(page_of(row("Council", "Aug 13, 2026", 5))).next
    (moved,) = read(page_of(row("Council", "Aug 14, 2026", 5))).next
    assert first == same
    assert first.again_on == date(2026, 8, 13)
    assert moved.revision != first.revision


def test_a_row_that_has_the_link_of_another_day_is_a_meeting_of_its_own() -> None:
    found = read(page_of(row("Council", "Aug 13, 2026", 5), row("Council", "Aug 6, 2026", 5))).meetings
    assert [meeting.uid[:14] for meeting in found] == ["clip-5", "day-2026-08-06"]


def test_rows_without_a_day_or_a_number_are_no_meetings() -> None:
    assert read(page_of("<tr><td>Nothing planned</td></tr>", "<tr></tr>")).meetings == ()


def test_a_row_whose_day_cannot_be_read_is_kept() -> None:
    (meeting,) = read(page_of(row("Council", "to be announced"))).meetings
    assert (meeting.body, meeting.date, meeting.starts_at) == ("Council", None, None)


def test_the_items_of_a_question_belong_to_its_meeting() -> None:
    agenda = f'<table><tr><td>1.</td><td>Opening</td></tr></table><a href="{HOST}/MetaViewer.php?meta_id=9">Paper</a>'
    found = read(agenda, request=QUESTION, url=AGENDA)
    assert (found.meetings, [item.meeting_uid for item in found.items]) == ((), ["clip-402"])
    assert [document.item_uid for document in found.documents] == [found.items[0].uid]


def test_an_agenda_that_is_a_file_is_a_document_of_its_meeting() -> None:
    (document,) = read(b"%PDF-1.7 ...", request=QUESTION, url="https://files.example.gov/a").documents
    assert (document.url, document.media_type) == ("https://files.example.gov/a", "application/pdf")
    assert document.meeting_uid == "clip-402"


def test_a_file_without_an_address_is_a_warning() -> None:
    assert read(b"%PDF-1.7 ...").warnings == ("the answer is a document without an address",)


def test_an_agenda_on_a_page_of_another_system_is_a_document() -> None:
    found = read("<title>Agenda</title><p>Roll call</p>", request=QUESTION, url="https://other.example.gov/agenda")
    assert [(document.url, document.meeting_uid) for document in found.documents] == [
        ("https://other.example.gov/agenda", "clip-402")
    ]


def test_a_numbered_agenda_without_marks_is_read_where_it_was_asked_for() -> None:
    plain = "<table><tr><td>1.</td><td>Opening</td></tr><tr><td>2.</td><td>Cameras</td></tr></table>"
    assert [item.title for item in read(plain, request=QUESTION, url=AGENDA).items] == ["Opening", "Cameras"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.EMPTY_BODY),
        ("<html><title>Just a moment...</title></html>", Outcome.HTTP_ERROR),
        ("<html><title>News</title><p>Hello</p></html>", Outcome.NOT_A_FEED),
        ("not a page at all", Outcome.NOT_A_FEED),
        ("<rss version='2.0'><channel><title>news</title><item><title>a</title></item></channel></rss>",
         Outcome.NOT_A_FEED),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_granicus_is_refused(body: str, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as refused:
        read(body)
    assert refused.value.outcome is outcome


@pytest.mark.parametrize(
    ("text", "body", "day"),
    [
        ("City Council - Part 2 - Aug 13, 2026", "City Council - Part 2", date(2026, 8, 13)),
        ("City Council Meeting 12/18/2026 (Closed Session at 6:00 PM)", "City Council Meeting", date(2026, 12, 18)),
        ("Council Session - CANCELLED - Aug 13, 2026", "Council Session", date(2026, 8, 13)),
        ("Council on 2026-04-09 7:00 PM - Apr 02, 2026", "Council", date(2026, 4, 9)),
        ("Council on the Arts", "Council on the Arts", None),
        ("Council on 2026-99-99", "Council on 2026-99-99", None),
    ],
)
def test_a_title_says_the_body_and_the_day(text: str, body: str, day: date | None) -> None:
    title = read_title(text)
    assert (title.body, title.day) == (body, day)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("1. 22-852 Conference", "22-852"),
        ("22-0848 Zone", "22-0848"),
        ("Purchase. File ID: 2025-00111", "2025-00111"),
        ("2022-2023 budget", None),
        ("XIV. 2 hearings", None),
        ("File the report", None),
    ],
)
def test_a_file_number_stands_at_the_beginning_or_is_labelled(title: str, number: str | None) -> None:
    assert file_number(title) == number


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{HOST}/ViewPublisher.php?view_id=7", URL),
        (f"{HOST}/viewpublisher.php?View_ID=7&mode=rss", URL),
        (
            "http://SAMPLETON.granicus.com/ViewPublisherRSS.php?view_id=7&mode=minutes",
            URL.replace("agendas", "minutes"),
        ),
        (f"{HOST}/player/clip/4519?view_id=7&redirect=true", URL),
        (f"{HOST}/GeneratedAgendaViewer.php?view_id=7&clip_id=2", URL),
        (f"{HOST}/player/clip/4519", None),
        (f"{HOST}/ViewPublisher.php?view_id=seven", None),
        (f"{HOST}/", None),
        ("https://granicus.com.example.org/ViewPublisher.php?view_id=7", None),
        ("https://city.example.gov/ViewPublisher.php?view_id=7", None),
        ("http://[broken", None),
    ],
)
def test_an_address_with_its_view_is_recognised(address: str, url: str | None) -> None:
    assert Granicus().recognise(address) == url


PIECES = st.sampled_from(
    [
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "<table class='listingTable'>",
        "</table>",
        "Aug 13, 9999",
        "1/1/1901",
        "1.",
        "a.",
        "<td headers='Name'>",
        "<td headers='Date'>",
        "<div class='row'>",
        "<div id='video-name'>",
        "<span style='display:none'>",
        "<div class='index-point' data-id='²'>",
        "99999999999999999999",
        f"<a href='{AGENDA}'>",
        "<a onclick=\"open('//[')\">",
        "<a class='Agenda' href='?meta_id=1'>",
        "<a href='/MetaViewer.php?meta_id=1'>x</a>",
        "</a>",
        "<ul class='detail-list'>",
        "<a href='/Components/Calendar/Event/1'>",
        "<rss>",
        "<item>",
        "granicus",
        "<gran:pubDateParts yr='9'/>",
        "<!DOCTYPE x [",
    ]
)


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = read(body)
    except FeedError:
        return
    assert isinstance(found, Reading)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_page_after_a_question_is_read_or_refused(body: str) -> None:
    council = make_council(platform="granicus", url=URL)
    try:
        found = Granicus().read(council, Answer(AGENDA, {}, body.encode(), QUESTION))
    except FeedError:
        return
    assert {item.meeting_uid for item in found.items} <= {"clip-402"} or found.meetings
