"""Tests of platforms/legistar.py and the Web API that no sample can show: what is asked, paging, and odd rows."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.domain.reading import Days
from oversight.errors import FeedError
from oversight.platforms.legistar import Legistar
from oversight.platforms.legistar_api import PAGE
from tests.factories import NOW, make_answer, make_council

ROOT = "https://webapi.legistar.com/v1/seattle"
EVENTS = f"{ROOT}/events?$filter=x&$top={PAGE}"
LATER = FeedState(NOW, NOW - timedelta(hours=1))
TOKEN = "?token={LEGISTAR_TOKEN}"


def read(rows: object, *, url: str = "", **feed: object):
    return Legistar().read(make_council(**feed), make_answer(json.dumps(rows), url=url))


def asked(*, state: FeedState | None = None, **feed: object) -> list[str]:
    return [request.url for request in Legistar().start(make_council(**feed), state or FeedState(NOW, None))]


def event(number: int, **changes: object) -> dict[str, object]:
    return {"EventId": number, "EventDate": "2026-12-01T00:00:00", "EventTime": "2:00 PM"} | changes


def matter(number: int, **changes: object) -> dict[str, object]:
    return {"MatterId": number, "MatterFile": f"CB {number}", "MatterTitle": "A bill"} | changes


# What is asked


def test_the_first_poll_asks_for_thirty_days_back_and_ahead() -> None:
    events, matters = asked()
    assert "EventDate+ge+datetime'2026-10-21'+and+EventDate+lt+datetime'2026-12-20'" in events
    assert "MatterLastModifiedUtc+gt+datetime'2026-10-21'" in matters


def test_later_polls_ask_for_a_week_back_and_three_days_of_changes() -> None:
    events, matters = asked(state=LATER)
    assert "EventDate+ge+datetime'2026-11-13'" in events
    assert "MatterLastModifiedUtc+gt+datetime'2026-11-17'" in matters


def test_one_question_asks_for_the_days_and_for_what_was_published_lately() -> None:
    events, _ = asked(state=LATER)
    assert "+or+EventAgendaLastPublishedUTC+gt+datetime'2026-11-17'" in events
    assert "+or+EventMinutesLastPublishedUTC+gt+datetime'2026-11-17'" in events


def test_a_slash_at_the_end_of_the_address_makes_no_difference() -> None:
    assert asked(url=f"{ROOT}/") == asked(url=ROOT)
    assert Legistar().read(make_council(url=f"{ROOT}/"), make_answer(json.dumps([event(1)]))) == read([event(1)])


def test_every_question_asks_for_json() -> None:
    questions = [*Legistar().start(make_council(), FeedState(NOW, None)), *read([event(1), matter(1)]).next]
    assert {question.accept for question in questions} == {"application/json"}


def test_the_place_of_a_token_is_carried_into_every_question() -> None:
    feed = make_council(url=ROOT + TOKEN)
    rows = [event(1), matter(1), *({"MatterId": number} for number in range(PAGE))]
    answer = make_answer(json.dumps(rows), url=f"{EVENTS}&token=a-secret")
    questions = [*asked(url=feed.url), *(request.url for request in Legistar().read(feed, answer).next)]
    assert len(questions) == 5
    assert all("token={LEGISTAR_TOKEN}" in question and "secret" not in question for question in questions)


def test_an_agenda_is_asked_for_anew_when_anything_of_its_meeting_changed() -> None:
    (before,), (same,), (after,) = (read([row]).next for row in (event(1), event(1), event(1, EventComment="moved")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (after.url, True)


def test_an_agenda_is_asked_for_once_more_on_the_day_of_its_meeting() -> None:
    (question,) = read([event(7)]).next
    assert (question.again_on, question.meeting_uid) == (date(2026, 12, 1), "event-7")


def test_a_meeting_given_twice_is_asked_for_once_with_what_was_said_last() -> None:
    (twice,), (last,) = read([event(1), event(1, EventTime="4:00 PM")]).next, read([event(1, EventTime="4:00 PM")]).next
    assert twice == last


def test_the_history_of_a_matter_is_asked_for_when_its_row_changed() -> None:
    (before,), (same,), (after,) = (read([row]).next for row in (matter(1), matter(1), matter(1, MatterStatusName="x")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (after.url, True)


def test_a_matter_without_a_file_number_has_no_history_that_could_be_kept() -> None:
    assert read([matter(1, MatterFile=None)]).next == ()


# Pages and filters


def test_a_full_page_is_followed_by_the_next() -> None:
    rows = [{"MatterId": number, "MatterTitle": "A bill"} for number in range(PAGE)]
    first = read(rows, url=EVENTS).next
    second = read(rows, url=first[0].url).next
    assert [request.url for request in (*first, *second)] == [f"{EVENTS}&$skip={PAGE}", f"{EVENTS}&$skip={2 * PAGE}"]


def test_a_page_that_is_not_full_is_the_last() -> None:
    assert read([{"MatterId": 1, "MatterTitle": "A bill"}] * (PAGE - 1), url=EVENTS).next == ()


def test_a_tenant_that_ignores_the_filter_is_not_read_to_its_end() -> None:
    events, matters = asked()
    days = [event(number, EventDate=f"{2026 - number // 50}-12-01T00:00:00") for number in range(PAGE)]
    changes = [matter(number, MatterLastModifiedUtc=f"{2026 - number // 50}-11-01") for number in range(PAGE)]
    assert not any(
        "$skip" in request.url
        for rows, url in ((days, events), (changes, matters))
        for request in read(rows, url=url).next
    )
    assert any("$skip" in request.url for request in read(days[::-1], url=events).next)


def test_meetings_and_matters_that_were_not_asked_for_are_left_out() -> None:
    events, matters = asked()
    old = event(2, EventDate="2020-01-01T00:00:00")
    assert [meeting.uid for meeting in read([event(1), old], url=events).meetings] == ["event-1"]
    rows = [
        matter(1, MatterLastModifiedUtc="2026-11-01T09:00:00"),
        matter(2, MatterLastModifiedUtc="2019-01-01T09:00:00"),
    ]
    assert [found.uid for found in read(rows, url=matters).items] == ["matter-1"]


def test_a_meeting_outside_of_the_days_whose_minutes_came_out_is_read() -> None:
    late = event(2, EventDate="2026-09-01T00:00:00", EventMinutesLastPublishedUTC="2026-11-19T10:00:00")
    assert [meeting.uid for meeting in read([late], url=asked()[0]).meetings] == ["event-2"]


def test_an_answer_covers_the_days_that_were_asked_for() -> None:
    events, matters = asked()
    assert read([event(1)], url=events).covers == Days(date(2026, 10, 21), date(2026, 12, 19))
    assert read([matter(1)], url=matters).covers is None


def test_an_answer_that_may_not_be_whole_covers_nothing() -> None:
    events, _ = asked()
    full = [event(number) for number in range(PAGE)]
    readings = [
        read(full, url=events),
        read([event(1)], url=f"{events}&$skip=1000"),
        read([], url=events),
        read([event(1)]),
    ]
    assert [reading.covers for reading in readings] == [None] * 4


# What is refused


@pytest.mark.parametrize(
    "body", ["<html>", "null", '"text"', "7", "[" * 5_000, "[1]", '[{"a": 1}]', '{"Message": "No"}']
)
def test_what_is_not_a_list_of_rows_is_refused(body: str) -> None:
    with pytest.raises(FeedError) as caught:
        Legistar().read(make_council(), make_answer(body))
    assert caught.value.outcome == Outcome.NOT_A_FEED


def test_rows_of_a_new_kind_are_no_fault_where_the_api_gave_them() -> None:
    reading = read([{"NewThing": 1}], url=asked()[0])
    assert (reading.meetings, len(reading.warnings)) == ((), 1)
    with pytest.raises(FeedError):
        read({"Message": "An error has occurred."}, url=asked()[0])


def test_an_empty_body_is_refused_as_such() -> None:
    with pytest.raises(FeedError) as caught:
        Legistar().read(make_council(), make_answer(" \n"))
    assert caught.value.outcome == Outcome.EMPTY_BODY


NAMES = [
    *("EventId", "EventDate", "EventTime", "EventComment", "EventItems", "EventItemId", "EventItemAgendaSequence"),
    *("EventItemTitle", "EventItemMatterFile", "EventItemMatterAttachments", "MatterId", "MatterFile", "MatterTitle"),
    *("MatterIntroDate", "MatterHistoryId", "MatterHistoryEventId", "MatterHistoryActionName", "MatterLastModifiedUtc"),
    *("MatterAttachmentId", "MatterAttachmentHyperlink", "VoteId", "Votes", "EventItemActionName", "BodyId"),
    *("Name", "Meeting Date", "iCalendar", "Meeting Location", "Meeting Details", "Agenda", "label", "url"),
]
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-12-01", "12/1/2026", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)


@hypothesis_settings(deadline=None)
@given(rows=st.lists(st.dictionaries(st.sampled_from(NAMES), ODD), max_size=4), place=st.integers(0, 3))
def test_rows_of_any_shape_are_read_or_refused(rows: list[object], place: int) -> None:
    url = ["", *asked(), f"{ROOT}/matters/9/histories?MatterFile=CB%209"][place]
    try:
        read(rows, url=url)
    except FeedError as error:
        assert error.outcome in Outcome


@hypothesis_settings(deadline=None)
@given(body=st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(body: bytes) -> None:
    try:
        Legistar().read(make_council(), Answer("", {}, body, Request(ROOT)))
    except FeedError as error:
        assert error.outcome in Outcome


# Addresses that people copy


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        (ROOT, ROOT),
        (f"{ROOT}/events?$filter=EventDate+ge+datetime'{{since}}'&$top=1000", ROOT),
        ("https://webapi.legistar.com/v1/Seattle/Matters/12", ROOT),
        ("https://webapi.legistar.com/v1/nyc/events?token=a-secret", f"https://webapi.legistar.com/v1/nyc{TOKEN}"),
        ("https://seattle.legistar.com/", ROOT),
        ("https://seattle.legistar.com/Calendar.aspx", ROOT),
        ("http://seattle.legistar.com/MeetingDetail.aspx?LEGID=1&GID=2&G=3", ROOT),
        ("https://seattle.legistar.com/Gateway.aspx?M=MD&From=RSS&ID=1&GUID=2", ROOT),
        ("https://seattle.legistar.com/Feed.ashx?M=Calendar", ROOT),
        ("https://seattle.legistar1.com/seattle/meetings/2026/9/1_A_Council.pdf", ROOT),
        ("https://legistar2.granicus.com/seattle/meetings/2015/2/1328_A_Committee.pdf", ROOT),
        (
            "https://legistar.council.nyc.gov/MeetingDetail.aspx?ID=1&GUID=2",
            "https://legistar.council.nyc.gov/Calendar.aspx",
        ),
        (
            "http://seattle.legistar.com/Feed.ashx?M=L&ID=1&GUID=2&Title=a+b",
            "https://seattle.legistar.com/Feed.ashx?M=L&ID=1&GUID=2&Title=a+b",
        ),
        ("https://webapi.legistar.com/Help", None),
        ("https://www.legistar.com/", None),
        ("https://council.example.gov/Calendar.aspx", None),
        ("https://[", None),
        ("seattle", None),
        ("mailto:clerk@seattle.legistar.com", None),
    ],
)
def test_what_a_person_copies_leads_to_the_feed(address: str, feed: str | None) -> None:
    assert Legistar().recognise(address) == feed


def test_every_legistar_address_of_the_list_is_recognised_and_asks_something(shared: Path) -> None:
    sources = json.loads((shared / "data" / "feed-sources.json").read_text("utf-8"))
    rows = [row for row in sources if row["platform"] in ("legistar_webapi", "legistar_rss")]
    assert len(rows) > 80
    for row in rows:
        url = Legistar().recognise(row["url"])
        assert url is not None
        assert url == (row["url"].partition("/events?")[0] if "webapi" in row["url"] else row["url"])
        assert len(asked(url=url)) == (2 if "webapi" in url else 1)
