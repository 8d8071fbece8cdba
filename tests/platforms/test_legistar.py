"""Tests of platforms/legistar.py that no sample can show: what is asked, paging, and odd rows."""

import json
from datetime import timedelta

import pytest

from oversight.domain.feed import FeedState, Outcome
from oversight.errors import FeedError
from oversight.platforms.legistar import PAGE, Legistar
from tests.factories import NOW, make_answer, make_council

ROOT = "https://webapi.legistar.com/v1/seattle"
EVENTS = f"{ROOT}/events?$filter=x&$top={PAGE}"


def read(rows: object, *, url: str = "", **feed: object):
    return Legistar().read(make_council(**feed), make_answer(json.dumps(rows), url=url))


def asked(**feed: object) -> list[str]:
    state = FeedState(NOW, None)
    return [request.url for request in Legistar().start(make_council(**feed), state)]


def event(number: int, **changes: object) -> dict[str, object]:
    return {"EventId": number, "EventDate": "2026-12-01T00:00:00", "EventTime": "2:00 PM"} | changes


def test_the_first_poll_asks_for_thirty_days_back_and_ahead() -> None:
    events, matters = asked()
    assert "EventDate+ge+datetime'2026-10-21'+and+EventDate+lt+datetime'2026-12-20'" in events
    assert "MatterLastModifiedUtc+gt+datetime'2026-10-21'" in matters


def test_later_polls_ask_for_a_week_back_and_three_days_of_changes() -> None:
    state = FeedState(NOW, NOW - timedelta(hours=1))
    events, matters = (request.url for request in Legistar().start(make_council(), state))
    assert "EventDate+ge+datetime'2026-11-13'" in events
    assert "MatterLastModifiedUtc+gt+datetime'2026-11-17'" in matters


def test_a_slash_at_the_end_of_the_address_makes_no_difference() -> None:
    assert asked(url=f"{ROOT}/") == asked(url=ROOT)
    assert Legistar().read(make_council(url=f"{ROOT}/"), make_answer(json.dumps([event(1)]))) == read([event(1)])


def test_every_question_asks_for_json() -> None:
    questions = [*Legistar().start(make_council(), FeedState(NOW, None)), *read([event(1)]).next]
    assert {question.accept for question in questions} == {"application/json"}


def test_a_full_page_is_followed_by_the_next() -> None:
    rows = [{"MatterId": number, "MatterTitle": "A bill"} for number in range(PAGE)]
    first = read(rows, url=EVENTS).next
    second = read(rows, url=first[0].url).next
    assert [request.url for request in (*first, *second)] == [f"{EVENTS}&$skip={PAGE}", f"{EVENTS}&$skip={2 * PAGE}"]


def test_a_page_that_is_not_full_is_the_last() -> None:
    assert read([{"MatterId": 1, "MatterTitle": "A bill"}] * (PAGE - 1), url=EVENTS).next == ()


def test_an_agenda_is_asked_for_anew_when_anything_of_its_meeting_changed() -> None:
    (before,), (same,), (after,) = (read([row]).next for row in (event(1), event(1), event(1, EventComment="moved")))
    assert before == same
    assert (before.url, before.revision != after.revision) == (after.url, True)


def test_a_meeting_given_twice_is_asked_for_once_with_what_was_said_last() -> None:
    (twice,), (last,) = read([event(1), event(1, EventTime="4:00 PM")]).next, read([event(1, EventTime="4:00 PM")]).next
    assert twice == last


def test_without_a_time_zone_no_hour_is_guessed() -> None:
    reading = read([event(1)], timezone=None)
    assert reading.meetings[0].starts_at is None
    assert any("no time zone" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("hour", "clock"), [("2:00 PM", "14:00"), ("9:30 a.m.", "09:30"), ("14:00", "14:00"), ("6 pm", "18:00")]
)
def test_an_hour_is_read_however_it_is_written(hour: str, clock: str) -> None:
    starts_at = read([event(1, EventTime=hour)]).meetings[0].starts_at
    assert starts_at is not None
    assert f"{starts_at:%H:%M}" == clock


def test_an_outcome_that_was_not_recorded_is_none() -> None:
    row = {"EventItemId": 1, "EventItemEventId": 1, "EventItemAgendaSequence": 1, "EventItemTitle": "A vote"}
    assert read([row]).items[0].outcome is None


@pytest.mark.parametrize("body", ["", "<html>", "null", '"text"', "7", "[" * 5_000])
def test_what_is_not_a_list_of_rows_is_refused(body: str) -> None:
    with pytest.raises(FeedError) as caught:
        Legistar().read(make_council(), make_answer(body))
    assert caught.value.outcome == Outcome.NOT_A_FEED
