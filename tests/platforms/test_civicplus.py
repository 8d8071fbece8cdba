"""Tests of platforms/civicplus.py and its parts that no sample can show: what is asked and covered, odd answers."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome
from oversight.domain.reading import Days
from oversight.errors import FeedError
from oversight.platforms.civicplus import CivicPlus
from tests.factories import NOW, make_answer, make_council

SITE = "https://riverton.example.gov"
PIECES = st.sampled_from(
    [
        '<tr class="catAgendaRow">',
        "</tr>",
        "<td>",
        '<a href="/AgendaCenter/ViewFile/Agenda/_13452026-1">x</a>',
        '<a href="http://[">y</a>',
        '<a href="/AgendaCenter/ViewFile/Minutes/_11112026-99999999999999999999">',
        '<div id="AgendaCenterContent">',
        '<div itemtype="http://schema.org/Event">',
        '<span itemprop="startDate">0001-01-01T00:00:00</span>',
        '<a href="/Calendar.aspx?EID=1">e</a>',
        '<div id="calendarSelectors">',
        "<rss><channel><item>",
        "<calendarEvent:EventDates>",
        "</div>",
        "\x00",
    ]
)


def read(body: str | bytes, *, url: str = "", **feed: object):
    return CivicPlus().read(make_council(url=f"{SITE}/AgendaCenter", **feed), make_answer(body, url=url))


def asked(url: str, now: datetime = NOW) -> list[str]:
    return [request.url for request in CivicPlus().start(make_council(url=url), FeedState(now, None))]


def row(token: str, title: str = "Regular meeting") -> str:
    return f'<tr class="catAgendaRow"><td><p><a href="/AgendaCenter/ViewFile/Agenda/_{token}">{title}</a></p></td></tr>'


def center(*rows: str) -> str:
    return f'<html><body><div id="AgendaCenterContent"><table>{"".join(rows)}</table></div></body></html>'


def test_a_poll_is_one_search_of_thirty_days_back_and_sixty_ahead() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert asked(f"{SITE}/AgendaCenter", summer) == [
        f"{SITE}/AgendaCenter/Search/?term=&CIDs=all&startDate=06%2F01%2F2026&endDate=08%2F30%2F2026"
        "&dateRange=&dateSelector="
    ]


def test_a_search_never_crosses_new_year_because_a_category_shows_one_year() -> None:
    spans = [
        ("startDate=10%2F21%2F2026", "endDate=12%2F31%2F2026"),
        ("startDate=01%2F01%2F2027", "endDate=01%2F19%2F2027"),
    ]
    assert all(
        first in url and last in url for url, (first, last) in zip(asked(f"{SITE}/AgendaCenter"), spans, strict=True)
    )


def test_one_category_is_asked_for_by_its_number() -> None:
    assert all("CIDs=49%2C&" in url for url in asked(f"{SITE}/AgendaCenter/City-Council-49"))


def test_a_feed_is_asked_for_as_it_is() -> None:
    url = f"{SITE}/RSSFeed.aspx?ModID=65&CID=All-0"
    assert asked(url) == [url]


def test_a_calendar_is_searched_for_the_same_days() -> None:
    (url,) = asked(f"{SITE}/Calendar.aspx?CID=68")
    assert url == f"{SITE}/calendar.aspx?Keywords=&startDate=10%2F21%2F2026&enddate=01%2F19%2F2027&CID=68"


def test_a_search_covers_the_days_that_were_asked_for() -> None:
    url = f"{SITE}/AgendaCenter/Search/?term=&CIDs=all&startDate=11%2F01%2F2026&endDate=11%2F30%2F2026"
    assert read(center(), url=url).covers == Days(date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    "query",
    [
        "term=flock&CIDs=all&startDate=11/01/2026&endDate=11/30/2026",
        "term=&CIDs=all&startDate=12/01/2026&endDate=01/31/2027",
        "term=&CIDs=all&startDate=11/30/2026&endDate=11/01/2026",
        "term=&CIDs=all&startDate=soon&endDate=11/30/2026",
        "term=&CIDs=all",
    ],
)
def test_a_search_that_may_leave_something_out_covers_nothing(query: str) -> None:
    assert read(center(row("11172026-1")), url=f"{SITE}/AgendaCenter/Search/?{query}").covers is None


def test_a_stored_page_covers_nothing() -> None:
    assert read(center(row("11172026-1"))).covers is None


def test_a_search_of_the_calendar_covers_its_days() -> None:
    url = f"{SITE}/calendar.aspx?Keywords=&startDate=11%2F01%2F2026&enddate=01%2F31%2F2027&CID="
    covers = read('<div id="calendarSelectors"></div>', url=url).covers
    assert covers == Days(date(2026, 11, 1), date(2027, 1, 31))


def test_a_day_that_is_none_is_left_out() -> None:
    assert read(center(row("13452026-7"))).meetings[0].date is None


def test_two_days_under_one_number_are_two_meetings() -> None:
    meetings = read(center(row("03252026-1000"), row("03112026-1000"), row("04082026-1001"))).meetings
    assert [one.uid for one in meetings] == ["agenda-1000-2026-03-25", "agenda-1000-2026-03-11", "agenda-1001"]


def test_a_feed_for_one_category_names_the_body() -> None:
    body = (
        "<rss version='2.0'><channel><title>t</title><item><title>Agenda</title>"
        f"<link>{SITE}/AgendaCenter/ViewFile/Agenda/_12012026-5</link></item></channel></rss>"
    )
    feed = make_council(url=f"{SITE}/RSSFeed.aspx?ModID=65&CID=City-Council-49")
    assert CivicPlus().read(feed, make_answer(body)).meetings[0].body == "City Council"


def test_an_empty_feed_is_no_error() -> None:
    assert read("<rss version='2.0'><channel><title>t</title></channel></rss>").items == ()


def test_without_a_time_zone_no_hour_is_guessed() -> None:
    event = (
        "<rss version='2.0' xmlns:calendarEvent='x'><channel><title>t</title><item><title>City Council</title>"
        f"<link>{SITE}/Calendar.aspx?EID=5</link><calendarEvent:EventDates>December 1, 2026</calendarEvent:EventDates>"
        "<calendarEvent:EventTimes>06:00 PM - 08:00 PM</calendarEvent:EventTimes></item></channel></rss>"
    )
    (meeting,) = read(event, timezone=None).meetings
    assert (meeting.date, meeting.starts_at) == (date(2026, 12, 1), None)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{SITE}/agendacenter", f"{SITE}/AgendaCenter"),
        (f"{SITE}/AgendaCenter/City-Council-9/?#_08172022-724", f"{SITE}/AgendaCenter/City-Council-9"),
        (f"{SITE}/AgendaCenter/ViewFile/Agenda/_08172022-724?html=true", f"{SITE}/AgendaCenter"),
        (f"{SITE}/AgendaCenter/Search/?term=&CIDs=all", f"{SITE}/AgendaCenter"),
        (f"{SITE}/RSSFeed.aspx?ModID=58&CID=All-calendar.xml", f"{SITE}/RSSFeed.aspx?ModID=58&CID=All-calendar.xml"),
        (f"{SITE}/CivicAlerts.aspx?AID=5", f"{SITE}/RSSFeed.aspx?ModID=1&CID=All-newsflash.xml"),
        (f"{SITE}/Calendar.aspx?EID=5&month=1", f"{SITE}/calendar.aspx"),
        (f"{SITE}/calendar.aspx?CID=68", f"{SITE}/calendar.aspx?CID=68"),
        ("https://az-douglas.civicplus.com/", "https://az-douglas.civicplus.com/AgendaCenter"),
        ("https://seattle.legistar.com/Calendar.aspx", None),
        ("https://council.example.gov/Citizens/Calendar.aspx?From=1/1/2026", None),
        (f"{SITE}/agendas", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_addresses_of_the_platform_are_recognised(address: str, url: str | None) -> None:
    assert CivicPlus().recognise(address) == url


def test_a_challenge_to_robots_is_refused() -> None:
    with pytest.raises(FeedError) as caught:
        read("<html><head><title>Just a moment...</title></head><body>x</body></html>")
    assert caught.value.outcome == Outcome.HTTP_ERROR


@pytest.mark.parametrize(
    "body", ["%PDF-1.7 <html>", "PK\x03\x04", "{}", "[]", "plain words", "<html><p>Council</p></html>"]
)
def test_files_and_other_pages_are_refused(body: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.outcome == Outcome.NOT_A_FEED


@given(st.binary(max_size=200) | st.lists(PIECES | st.text(max_size=10), max_size=20).map("".join).map(str.encode))
def test_no_bytes_end_in_anything_but_a_reading_or_a_refusal(body: bytes) -> None:
    try:
        reading = read(body)
    except FeedError as error:
        assert str(error)
    else:
        assert len({meeting.uid for meeting in reading.meetings}) == len(reading.meetings)
