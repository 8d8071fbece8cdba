"""Tests of platforms/iqm2.py and iqm2_outline.py that no sample can show."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.domain.reading import Days, MeetingStatus
from oversight.errors import FeedError
from oversight.platforms.iqm2 import Iqm2
from tests.factories import NOW, make_answer, make_council

CALENDAR = "https://samplewa.iqm2.com/Citizens/Calendar.aspx"
COUNCIL = make_council(platform="iqm2", url=CALENDAR)
DETAIL = "https://samplewa.iqm2.com/Citizens/Detail_Meeting.aspx?ID=501"


def row(number: int, when: str = "Dec 1, 2026 6:00 PM", *, said: str = "", rest: str = "") -> str:
    link = f'<a href="/Citizens/Detail_Meeting.aspx?ID={number}" title="{said}">{when}</a>'
    return f'<div class="Row MeetingRow"><div class="RowLink">{link}</div>{rest}</div>'


def read(body: str | bytes, *, asked: Request | None = None):
    answer = make_answer(body)
    return Iqm2().read(COUNCIL, Answer(asked.url if asked else "", {}, answer.body, asked))


def outline(*rows: str, asked: Request | None = None):
    return read(f"<span id='lblOutline'><table id='MeetingDetail'>{''.join(rows)}</table></span>", asked=asked)


def line(title: str, *, depth: int = 1, number: str = "") -> str:
    return f"{'<tr>' + '<td></td>' * depth}<td class='Num'>{number}</td><td class='Title'>{title}</td></tr>"


def file_link(number: int, words: str) -> str:
    return f"<a href='Detail_LegiFile.aspx?Frame=&MeetingID=501&MediaPosition=&ID={number}&CssClass='>{words}</a>"


def test_a_poll_is_one_question_for_the_days() -> None:
    (question,) = Iqm2().start(COUNCIL, FeedState(NOW, NOW - timedelta(hours=1)))
    assert question.url == f"{CALENDAR}?View=List&From=11/13/2026&To=12/20/2026"


@pytest.mark.parametrize("url", ["https://samplewa.iqm2.com/", f"{CALENDAR}?From=1/1/2020&To=1/1/2021"])
def test_a_feed_may_be_named_by_another_page_of_its_site(url: str) -> None:
    (question,) = Iqm2().start(make_council(url=url), FeedState(NOW, None))
    assert question.url == f"{CALENDAR}?View=List&From=10/21/2026&To=12/20/2026"


def test_an_answer_covers_the_days_that_were_asked_about() -> None:
    (question,) = Iqm2().start(COUNCIL, FeedState(NOW, None))
    assert read(row(1), asked=question).covers == Days(date(2026, 10, 21), date(2026, 12, 20))
    assert read(row(1)).covers is None


@pytest.mark.parametrize(("count", "group", "covers"), [(1, "All", True), (2, "All", False), (1, "Other", False)])
def test_a_page_covers_what_it_claims_to_show_whole(count: int, group: str, covers: bool) -> None:
    claim = f"Displaying {count} meetings from 12/1/2026 to 12/31/2026 for {group} Meeting Groups"
    days = Days(date(2026, 12, 1), date(2026, 12, 31))
    assert read(f"<p>{claim}</p>{row(1)}").covers == (days if covers else None)


def test_an_outline_is_asked_for_anew_when_its_row_changed_and_on_its_day() -> None:
    (before,), (same,), (after,) = (read(one).next for one in (row(1), row(1), row(1, "Dec 1, 2026 7:00 PM")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (after.url, True)
    assert (before.again_on, before.meeting_uid) == (date(2026, 12, 1), "1")


def test_the_outline_of_a_cancelled_meeting_is_not_asked_for() -> None:
    found = read(row(1, rest="<span class='MeetingCancelled'>Cancelled</span>"))
    assert (found.meetings[0].status, found.next) == (MeetingStatus.CANCELLED, ())


def test_a_status_that_is_not_known_is_not_guessed() -> None:
    said = "TUESDAY&#13;&#13;Board:&#09;Council&#13;Status:&#09;Under Review"
    assert read(row(1, said=said)).meetings[0].status == MeetingStatus.UNKNOWN


def test_who_asked_for_an_outline_knows_the_meeting_already() -> None:
    found = outline(line(file_link(7, "A lease")), asked=Request(DETAIL, meeting_uid="501"))
    assert (found.meetings, [item.meeting_uid for item in found.items]) == ((), ["501"])


def test_a_meeting_without_an_agenda_has_no_items() -> None:
    assert outline(asked=Request(DETAIL, meeting_uid="501")).items == ()


@pytest.mark.parametrize(
    ("title", "file"),
    [
        ("26-R-0101 : A resolution", "26-R-0101"),
        ("Resolution 2026-13 : A title", "Resolution 2026-13"),
        ("CMA 2026 #141 : A report", "CMA 2026 #141"),
        ("2026-0012 / Lease of cameras", "2026-0012"),
        ("DRH25-00335 / Main Street", "DRH25-00335"),
        ("June 4, 2026: Minutes", None),
        ("Ratio 1:2", None),
        ("2026: A year of parks", None),
        ("Item 3: Roads", None),
        ("TP-MOD-0326-28 : A change", "TP-MOD-0326-28"),
        ("A report on 3 parks: which to keep", None),
        ("Consent agenda", None),
    ],
)
def test_the_printed_number_of_a_file_is_its_matter(title: str, file: str | None) -> None:
    found = outline(line(file_link(7, title)))
    assert [item.matter_file for item in found.items] == [file]
    assert [matter.file for matter in found.matters] == ([file] if file else [])


def test_a_number_is_no_matter_where_no_file_is_linked() -> None:
    assert outline(line("26-R-0101 : A resolution")).items[0].matter_file is None


def test_a_heading_with_lines_below_it_is_no_item() -> None:
    found = outline(line("<strong>Consent</strong>", depth=0), line("Lease"), line("<strong>Adjourn</strong>", depth=0))
    assert [(item.title, item.sequence) for item in found.items] == [("Lease", 1), ("Adjourn", 2)]


def test_a_linked_line_is_an_item_even_with_files_and_lines_below_it() -> None:
    heading = line(f"<strong>{file_link(7, 'Budget')}</strong>", depth=0)
    file = line("<a href='FileOpen.aspx?Type=4&ID=8'>Draft</a>", depth=2, number="a. ")
    found = outline(heading, file, line("First part"))
    assert [item.title for item in found.items] == ["Budget", "First part"]
    assert [(one.title, one.item_uid) for one in found.documents] == [("Draft", found.items[0].uid)]


def test_a_file_at_two_meetings_is_two_items() -> None:
    first, second = (
        outline(line(file_link(7, "Lease")), asked=Request(DETAIL, meeting_uid=uid)).items[0] for uid in ("501", "502")
    )
    assert (first.uid, second.uid) == ("501-7", "502-7")


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("http://SampleWA.IQM2.com/Citizens/Detail_Meeting.aspx?ID=1", CALENDAR),
        ("samplewa.iqm2.com", CALENDAR),
        ("https://iqm2.example.org/Citizens/Calendar.aspx", None),
        ("https://samplewa.iqm2.com.example.org/", None),
    ],
)
def test_an_address_of_a_site_is_recognised(address: str, url: str | None) -> None:
    assert Iqm2().recognise(address) == url


SHREDS = [row(1), row(2, ""), line("x"), line(file_link(1, "y")), "<table id='MeetingDetail'>", "&#13;", "<td>"]
MORE = ["<div class='MeetingRow'>", "<a href='Detail_Meeting.aspx?ID='>", "<span id='lblMeetingDate'>", "</table>"]
PAGES = st.lists(st.sampled_from(SHREDS + MORE))


@given(st.binary(max_size=200) | PAGES.map(lambda page: "".join(page).encode()))
def test_any_bytes_end_in_a_reading_or_a_refusal(body: bytes) -> None:
    try:
        assert read(body).meetings is not None
    except FeedError as error:
        assert error.outcome in Outcome
