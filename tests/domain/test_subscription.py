"""Tests of domain/subscription.py: when alerts are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.subscription import AT_ONCE, Cadence, Rhythm

ZONES = ("America/Los_Angeles", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def test_at_once_is_now() -> None:
    now = datetime(2026, 11, 29, 14, tzinfo=UTC)
    assert AT_ONCE.due_at(now) == now


@pytest.mark.parametrize("day", [8, 1])  # clocks go forward on 8 March 2026, and back on 1 November
def test_a_day_with_another_length_has_one_moment(day: int) -> None:
    month = 3 if day == 8 else 11
    for hour in range(4):
        rhythm = Rhythm(Cadence.DAILY, hour, 0, "America/Los_Angeles")
        first = rhythm.due_at(datetime(2026, month, day, 8, 0, tzinfo=UTC) - timedelta(hours=8))
        second = rhythm.due_at(first)
        assert timedelta(hours=22) <= second - first <= timedelta(hours=26)


@given(moments, st.integers(0, 23), st.integers(0, 6), st.sampled_from(ZONES), st.sampled_from(Cadence))
def test_what_is_due_is_never_past_and_within_the_period(
    now: datetime, hour: int, weekday: int, zone: str, cadence: Cadence
) -> None:
    due = Rhythm(cadence, hour, weekday, zone).due_at(now)
    longest = {Cadence.IMMEDIATE: timedelta(0), Cadence.DAILY: timedelta(days=1), Cadence.WEEKLY: timedelta(days=7)}
    assert now <= due <= now + longest[cadence] + timedelta(hours=2)


@given(moments, st.integers(0, 23), st.sampled_from(ZONES))
def test_two_days_of_one_rhythm_are_two_dates(now: datetime, hour: int, zone: str) -> None:
    rhythm = Rhythm(Cadence.DAILY, hour, 0, zone)
    first = rhythm.due_at(now)
    assert rhythm.due_at(first).astimezone(UTC) - first >= timedelta(hours=20)
