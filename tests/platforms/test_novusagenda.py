"""Tests of platforms/novusagenda.py that no sample can show."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.domain.reading import Days
from oversight.errors import FeedError
from oversight.platforms.novusagenda import NovusAgenda
from tests.factories import NOW, make_answer, make_council

SITE = "https://sample.novusagenda.com/AgendaPublic/"
COUNCIL = make_council(platform="novusagenda", url=SITE)
VIEW = "MeetingView.aspx?MeetingID={0}&amp;MinutesMeetingID=-1&amp;doctype=Agenda"
RANGE = "<input name='a$radCalendarFrom' value='2026-08-01'><input name='a$radCalendarTo' value='2027-02-01'>"


def row(number: int, day: str = "12/01/26", body: str = "Council", *rest: str) -> str:
    link = f"<a onclick=\"window.open('{VIEW.format(number)}')\">x</a>"
    cells = "".join(f"<td>{cell}</td>" for cell in (day, body, *rest, link))
    return f"<tr class='rgRow'>{cells}</tr>"


def grid(*rows: str, more: str = "") -> str:
    return f"{RANGE}<table id='x_radGridMeetings_ctl00'>{more}<tbody>{''.join(rows)}</tbody></table>"


def read(body: str | bytes, *, asked: Request | None = None):
    answer = make_answer(body)
    return NovusAgenda().read(COUNCIL, Answer(asked.url if asked else "", {}, answer.body, asked))


def test_a_poll_is_one_question_with_the_days_beside_it() -> None:
    (question,) = NovusAgenda().start(COUNCIL, FeedState(NOW, NOW - timedelta(hours=1)))
    assert question.url == f"{SITE}#days=2026-11-13/2026-12-20"


def test_agendas_are_asked_for_of_the_days_asked_about_only() -> None:
    (question,) = NovusAgenda().start(COUNCIL, FeedState(NOW, NOW - timedelta(hours=1)))
    found = read(grid(row(1, "11/12/26"), row(2, "11/13/26"), row(3, "12/21/26")), asked=question)
    assert [meeting.uid for meeting in found.meetings] == ["1", "2", "3"]
    assert [one.meeting_uid for one in found.next] == ["2"]


def test_an_agenda_is_asked_for_anew_when_its_row_changed_and_on_its_day() -> None:
    (before,), (same,), (after,) = (read(grid(one)).next for one in (row(1), row(1), row(1, body="Board")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (after.url, True)
    assert (before.again_on, before.meeting_uid) == (date(2026, 12, 1), "1")


def test_a_row_of_the_older_grid_tells_its_hour() -> None:
    link = "<a href='DisplayAgendaPDF.ashx?MeetingID=900'>Agenda PDF</a>"
    cells = "".join(f"<td>{cell}</td>" for cell in ("08/19/2026", "Planning Commission", "6:30 PM", link))
    (meeting,) = read(f"<title>NovusAGENDA</title><table><tr>{cells}</tr></table>").meetings
    assert (meeting.body, meeting.starts_at and f"{meeting.starts_at:%d %H:%M}") == ("Planning Commission", "19 18:30")
    assert meeting.agenda_url == f"{SITE}DisplayAgendaPDF.ashx?MeetingID=900"


def test_the_days_of_the_search_are_covered_where_all_of_it_is_on_one_page() -> None:
    assert read(grid(row(1))).covers == Days(date(2026, 8, 1), date(2027, 2, 1))
    assert read(grid(row(1), more="<tfoot><tr class='rgPager'><td>2 pages</td></tr></tfoot>")).covers is None


def test_an_item_is_the_same_in_the_search_and_in_its_agenda() -> None:
    link = "CoverSheet.aspx?ItemID=7&MeetingID=1"
    heads = "<thead><tr><th>Date</th><th>Title</th></tr></thead>"
    cells = "<td>12/01/26</td><td>Lease</td><td><a href='#' onclick=\"open('Coversheet.aspx?ItemID=7&MeetingID=1')\">"
    (listed,) = read(f"<table id='x_radGridItems'>{heads}<tr>{cells}</a></td></tr></table>").items
    (told,) = read(f"<a href='{link}'>Lease</a>", asked=Request(f"{SITE}{VIEW}", meeting_uid="1")).items
    assert (listed.uid, listed.title, listed.url) == (told.uid, told.title, told.url)
    assert told.url == f"{SITE}{link}"


def test_an_agenda_without_cover_sheets_has_no_items() -> None:
    asked = Request(f"{SITE}MeetingView.aspx?MeetingID=1", meeting_uid="1")
    assert read("<form action='/AgendaPublic/MeetingView.aspx'>1. Lease</form>", asked=asked).items == ()


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://sample.novusagenda.com/agendapublic/CoverSheet.aspx?ItemID=1&MeetingID=2", SITE),
        ("http://Sample.NovusAgenda.com", SITE),
        (
            "https://sample.novusagenda.com/agendapublic/meetingsresponsive.aspx?MeetingType=45",
            f"{SITE}?MeetingType=45",
        ),
        ("https://novusagenda.example.org/agendapublic/", None),
    ],
)
def test_an_address_of_a_site_is_recognised(address: str, url: str | None) -> None:
    assert NovusAgenda().recognise(address) == url


SHREDS = [grid(row(1)), row(2, "0/0/00"), "<table id='radGridItems'>", "<tr><td>", RANGE, "<a>"]
MORE = ["<a href='CoverSheet.aspx?ItemID=&MeetingID='>", "<tr class='rgPager'>"]
PAGES = st.lists(st.sampled_from(SHREDS + MORE))


@given(st.binary(max_size=200) | PAGES.map(lambda page: "".join(page).encode()))
def test_any_bytes_end_in_a_reading_or_a_refusal(body: bytes) -> None:
    try:
        assert read(body).meetings is not None
    except FeedError as error:
        assert error.outcome in Outcome
