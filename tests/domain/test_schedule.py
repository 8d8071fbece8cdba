"""Tests of domain/schedule.py: when a feed is due again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.schedule import (
    SPREAD,
    Rhythm,
    after_downtime,
    after_failure,
    furthest_due,
    is_late,
    next_due,
    retry_after,
)
from tests.factories import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
chances = st.floats(0, 1, exclude_max=True)
moments = st.datetimes(timezones=st.just(UTC))


@given(chances, st.integers(15, 24 * 60))
def test_the_next_poll_is_one_interval_away_give_or_take_a_tenth(chance: float, every: int) -> None:
    wait = next_due(now=NOW, interval=timedelta(minutes=every), chance=chance) - NOW
    assert timedelta(minutes=every * 0.9) - timedelta(milliseconds=1) <= wait <= timedelta(minutes=every * 1.1)


def test_half_a_chance_is_the_interval_itself() -> None:
    assert next_due(now=NOW, interval=timedelta(minutes=60), chance=0.5) == NOW + timedelta(hours=1)


def test_a_poll_is_late_after_ten_minutes() -> None:
    assert not is_late(due_at=NOW - SPREAD, now=NOW)
    assert is_late(due_at=NOW - SPREAD - timedelta(seconds=1), now=NOW)


@given(chances)
def test_after_downtime_polls_are_spread_over_ten_minutes(chance: float) -> None:
    assert NOW <= after_downtime(now=NOW, chance=chance) <= NOW + SPREAD


# After failures


@given(st.integers(1, 10**9), chances)
def test_a_feed_that_fails_is_tried_again_within_a_minute_and_a_day(failures: int, chance: float) -> None:
    assert MINUTE <= after_failure(now=NOW, failures=failures, chance=chance) - NOW <= DAY


@pytest.mark.parametrize(
    ("failures", "longest"), [(1, 30 * MINUTE), (2, HOUR), (3, 2 * HOUR), (6, 16 * HOUR), (7, DAY), (99, DAY)]
)
def test_the_longest_wait_doubles_with_each_failure_up_to_a_day(failures: int, longest: timedelta) -> None:
    assert after_failure(now=NOW, failures=failures, chance=0.5) - NOW == longest / 2
    assert after_failure(now=NOW, failures=failures, chance=0) - NOW == MINUTE


# What a site asks for


@given(
    st.none()
    | st.text(max_size=40)
    | st.integers().map(str)
    | st.from_regex(r"\s*[0-9]{1,400}\s*", fullmatch=True)
    | moments.map(lambda moment: format_datetime(moment, usegmt=True))
    | st.from_regex(r"(Mon|Sun), [0-9]{1,3} (Jan|Feb) [0-9]{1,6} [0-9]{2}:[0-9]{2}:[0-9]{2} ([+-][0-9]{4,9}|GMT|)"),
    moments.filter(lambda moment: 1990 < moment.year < 2200),
)
def test_whatever_retry_after_says_the_wait_is_between_a_minute_and_a_day(said: str | None, now: datetime) -> None:
    assert MINUTE <= retry_after(said, now=now) <= DAY


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 120 ", 2 * MINUTE),
        ("0", MINUTE),
        ("59", MINUTE),
        ("86400", DAY),
        ("86401", DAY),
        ("9" * 400, DAY),
        ("-5", 15 * MINUTE),
        ("1.5", 15 * MINUTE),
        ("\u0661\u0662\u0660", 15 * MINUTE),
        ("tomorrow", 15 * MINUTE),
        ("", 15 * MINUTE),
        (None, 15 * MINUTE),
        ("Fri, 20 Nov 2026 12:30:00 GMT", 30 * MINUTE),
        ("Fri, 20 Nov 2026 13:30:00 +0100", 30 * MINUTE),
        ("Fri, 20 Nov 2026 12:30:00 -0000", 30 * MINUTE),
        ("Fri, 20 Nov 2026 12:00:10 GMT", MINUTE),
        ("Fri, 20 Nov 2026 12:00:00 GMT", 15 * MINUTE),
        ("Fri, 20 Nov 2020 12:00:00 GMT", 15 * MINUTE),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("Fri, 31 Dec 9999 23:59:59 -2359", DAY),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 15 * MINUTE),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_garbage_is_the_default(said: str | None, wait: timedelta) -> None:
    assert retry_after(said, now=NOW) == wait


# The rhythm of a feed

rhythms = st.builds(Rhythm, st.integers(1, 10**6), st.none() | st.integers(0, 10**6), st.none() | moments)


@given(rhythms, moments.filter(lambda moment: 1990 < moment.year < 2200))
def test_no_feed_is_polled_more_often_than_each_15_minutes_or_less_than_daily(rhythm: Rhythm, now: datetime) -> None:
    assert 15 * MINUTE <= rhythm.interval(now) <= DAY


def test_a_publisher_may_ask_for_less_but_never_for_more() -> None:
    assert Rhythm(60, wished_minutes=180).interval(NOW) == 3 * HOUR
    assert Rhythm(60, wished_minutes=20).interval(NOW) == HOUR
    assert Rhythm(60, wished_minutes=10**6).interval(NOW) == DAY


@pytest.mark.parametrize(
    ("ahead", "interval"),
    [
        (73 * HOUR, 240 * MINUTE),
        (72 * HOUR, 120 * MINUTE),
        (13 * HOUR, 120 * MINUTE),
        (12 * HOUR, 60 * MINUTE),
        (0 * HOUR, 60 * MINUTE),
        (-MINUTE, 240 * MINUTE),
    ],
)
def test_before_a_meeting_its_feed_is_polled_more_often(ahead: timedelta, interval: timedelta) -> None:
    assert Rhythm(240, next_meeting_at=NOW + ahead).interval(NOW) == interval


def test_no_feed_is_due_later_than_two_days() -> None:
    assert furthest_due(NOW) - NOW == 2 * DAY
    assert next_due(now=NOW, interval=DAY, chance=0.999) < furthest_due(NOW)
