"""Which days a poll asks a platform for: the window of a calendar, and since when changes are asked for."""

from datetime import date, timedelta

from oversight.domain.feed import FeedState
from oversight.domain.reading import Days

DAYS_BACK = 7
DAYS_BACK_AT_FIRST = 30
DAYS_AHEAD = 30
REREAD_DAYS = 3  # not every change moves a platform's last-modified stamp


def calendar_days(state: FeedState) -> Days:
    """The days of a calendar's question: a week back (a month at first) and a month ahead."""
    today = state.now.date()
    back = DAYS_BACK if state.last_ok_at else DAYS_BACK_AT_FIRST
    return Days(today - timedelta(days=back), today + timedelta(days=DAYS_AHEAD))


def changed_since(state: FeedState) -> date:
    """The day from which changes are asked for: a few days before the last poll that succeeded, or a month back."""
    if state.last_ok_at is None:
        return state.now.date() - timedelta(days=DAYS_BACK_AT_FIRST)
    return state.last_ok_at.date() - timedelta(days=REREAD_DAYS)
