"""Tests of domain/schedule.py: when a feed is due again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.schedule import SPREAD, after_downtime, is_late, next_due
from tests.factories import NOW

chances = st.floats(0, 1, exclude_max=True)


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
