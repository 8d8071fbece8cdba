"""Tests of domain/window.py."""

from datetime import date, timedelta

from oversight.domain.feed import FeedState
from oversight.domain.reading import Days
from oversight.domain.window import calendar_days, changed_since
from tests.factories import NOW


def test_the_first_poll_looks_a_month_back() -> None:
    state = FeedState(NOW, None)
    assert calendar_days(state) == Days(date(2026, 10, 21), date(2026, 12, 20))
    assert changed_since(state) == date(2026, 10, 21)


def test_a_later_poll_looks_a_week_back_and_reads_the_last_days_again() -> None:
    state = FeedState(NOW, NOW - timedelta(hours=1))
    assert calendar_days(state) == Days(date(2026, 11, 13), date(2026, 12, 20))
    assert changed_since(state) == date(2026, 11, 17)
