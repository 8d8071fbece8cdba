"""Tests of platforms/municode.py and its parts that no sample can show: what is asked, identities, odd answers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome, Request
from oversight.domain.reading import Days
from oversight.errors import FeedError
from oversight.platforms.municode import Municode
from tests.factories import NOW, make_answer, make_council

SITE = "https://riverton-wa.municodemeetings.com"
PIECES = st.sampled_from(
    [
        "<tr>",
        '<td data-th="Date">12/01/2026 6:00 pm</td>',
        '<td data-th="Meeting">Council</td>',
        '<td class="agenda"><a href="http://[">x</a></td>',
        '<table class="views-table">',
        '<a href="https://meetings.municode.com/adaHtmlDocument/index?me=1">',
        '<section class="agenda-section">',
        '<ol class="agenda-items"><li>1. First</li><li>1. First</li></ol>',
        '<div class="calendar-calendar">',
        '<div class="calendar.1.field_x.0.0 contents"><a>y</a><span content="0001-01-01T00:00">z</span></div>',
        "</div>",
        "</table>",
        "\x00",
    ]
)


def read(body: str | bytes, *, url: str = "", **feed: object):
    return Municode().read(make_council(url=SITE, **feed), make_answer(body, url=url))


def row(hour: str = "6:00 pm", agenda: str = "", page: str = "/bc-cc/page/council-1") -> str:
    return (
        f'<table class="views-table"><tr><td data-th="Date">12/01/2026 {hour}</td><td data-th="Meeting">Council</td>'
        f'<td data-th="Agenda">{agenda}</td><td data-th="View"><a href="{page}">View</a></td></tr></table>'
    )


HTML_AGENDA = (
    '<a href="https://meetings.municode.com/adaHtmlDocument/index?cc=X&me=00000000000000000000000000000abc">h</a>'
)


def test_a_poll_is_one_question() -> None:
    assert [request.url for request in Municode().start(make_council(url=SITE), FeedState(NOW, None))] == [SITE]


def test_a_calendar_is_asked_for_this_month_and_the_next() -> None:
    feed = make_council(url="https://riverton.example.gov/calendar/month?tid=27")
    assert [request.url for request in Municode().start(feed, FeedState(NOW, None))] == [
        "https://riverton.example.gov/calendar/month/2026-11?tid=27",
        "https://riverton.example.gov/calendar/month/2026-12?tid=27",
    ]


def test_a_month_covers_its_days() -> None:
    page = '<div class="calendar-calendar"></div>'
    assert read(page, url=f"{SITE}/calendar/month/2026-12").covers == Days(date(2026, 12, 1), date(2026, 12, 31))
    assert read(page).covers is None
    assert read(page, url=f"{SITE}/calendar/month/2026-13").covers is None


def test_a_meeting_keeps_its_id_when_its_agenda_is_posted() -> None:
    before, after = read(row()), read(row(agenda=HTML_AGENDA))
    assert before.meetings[0].uid == after.meetings[0].uid


def test_an_agenda_is_asked_for_anew_only_when_its_row_changed() -> None:
    (first,), (same,), (moved,) = (read(row(hour, HTML_AGENDA)).next for hour in ("6:00 pm", "6:00 pm", "7:00 pm"))
    assert (first, first.url, first.meeting_uid) == (same, moved.url, "bc-cc/page/council-1")
    assert first.revision != moved.revision
    assert first.again_on == date(2026, 12, 1)


def test_items_belong_to_the_meeting_that_was_asked_about() -> None:
    page = (
        '<section class="agenda-section"><ol class="agenda-items"><li>1. Cameras</li><li>2. Cameras</li></ol></section>'
    )
    url = "https://meetings.municode.com/adaHtmlDocument/index?cc=X&me=00000000000000000000000000000abc"
    answer = replace(make_answer(page, url=url), request=Request(url, meeting_uid="bc-cc/page/council-1"))
    reading = Municode().read(make_council(url=SITE), answer)
    assert ({item.meeting_uid for item in reading.items}, reading.meetings) == ({"bc-cc/page/council-1"}, ())
    assert [item.sequence for item in reading.items] == [1, 2]
    assert len({item.uid for item in reading.items}) == 2


def test_an_item_keeps_its_id_when_another_is_put_before_it() -> None:
    page = '<section class="agenda-section"><ol class="agenda-items">{}<li>{}. Cameras</li></ol></section>'
    (before,) = read(page.format("", 1)).items
    assert before.uid in {item.uid for item in read(page.format("<li>1. Towing</li>", 2)).items}


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{SITE}/bc-cc/page/council-1", f"{SITE}/"),
        (
            "https://meetings.municode.com/PublishPage/index?cid=CLOVIS&ppid=5157d66d&p=2",
            "https://meetings.municode.com/PublishPage/index?cid=CLOVIS&ppid=5157d66d&p=2",
        ),
        (
            "https://meetings.municode.com/adaHtmlDocument/index?cc=CLOVIS&me=1&ip=True",
            "https://meetings.municode.com/PublishPage/index?cid=CLOVIS&ppid=0&p=-1",
        ),
        ("https://meetings.municode.com/", None),
        ("https://library.municode.com/wa/riverton", None),
        ("http://[", None),
    ],
)
def test_addresses_of_the_platform_are_recognised(address: str, url: str | None) -> None:
    assert Municode().recognise(address) == url


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.EMPTY_BODY),
        ("%PDF-1.4", Outcome.NOT_A_FEED),
        ("{}", Outcome.NOT_A_FEED),
        ("<p>Council</p>", Outcome.NOT_A_FEED),
        ("<title>Just a moment...</title>", Outcome.HTTP_ERROR),
    ],
)
def test_what_is_no_directory_is_refused(body: str, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.outcome == outcome


@given(st.binary(max_size=200) | st.lists(PIECES | st.text(max_size=10), max_size=20).map("".join).map(str.encode))
def test_no_bytes_end_in_anything_but_a_reading_or_a_refusal(body: bytes) -> None:
    try:
        reading = read(body)
    except FeedError as error:
        assert str(error)
    else:
        assert len({item.uid for item in reading.items}) == len(reading.items)
