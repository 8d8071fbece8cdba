"""Tests of domain/outcome_look.py: what is known of an outcome, and when to look again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from oversight.domain.outcome_look import LOOKS, Finding, finding, next_look
from tests.factories import NOW

DAY = date(2026, 12, 1)


@pytest.mark.parametrize("outcome", [None, ""])
def test_before_anybody_looked_an_outcome_is_not_searched(outcome: str | None) -> None:
    assert finding(outcome=outcome, looked_at=None, records_outcomes=True) is Finding.NOT_SEARCHED


@pytest.mark.parametrize("outcome", [None, ""])
def test_after_a_look_without_an_outcome_it_is_not_recorded(outcome: str | None) -> None:
    assert finding(outcome=outcome, looked_at=NOW, records_outcomes=True) is Finding.NOT_RECORDED


@pytest.mark.parametrize("looked_at", [None, NOW])
@pytest.mark.parametrize("records", [True, False])
def test_an_outcome_that_is_there_is_recorded_whoever_looked(looked_at: datetime | None, records: bool) -> None:
    assert finding(outcome="Pass", looked_at=looked_at, records_outcomes=records) is Finding.RECORDED


@pytest.mark.parametrize("looked_at", [None, NOW])
def test_a_platform_without_outcomes_never_records_one(looked_at: datetime | None) -> None:
    assert finding(outcome=None, looked_at=looked_at, records_outcomes=False) is Finding.NEVER_RECORDED


def test_looks_come_one_three_seven_fourteen_thirty_and_sixty_days_after() -> None:
    days = [next_look(DAY, looks=looks, timezone="UTC") for looks in range(len(LOOKS))]
    assert [(look.date() - DAY).days for look in days if look] == [1, 3, 7, 14, 30, 60]
    assert next_look(DAY, looks=len(LOOKS), timezone="UTC") is None


def test_a_look_is_in_the_morning_of_the_place() -> None:
    assert next_look(DAY, looks=0, timezone="America/Los_Angeles") == datetime(2026, 12, 2, 14, tzinfo=UTC)
    assert next_look(DAY, looks=0, timezone="Pacific/Kiritimati") == datetime(2026, 12, 1, 16, tzinfo=UTC)


def test_a_look_in_summer_keeps_the_place_s_clock() -> None:
    assert next_look(date(2026, 7, 1), looks=0, timezone="America/Los_Angeles") == datetime(2026, 7, 2, 13, tzinfo=UTC)


def test_a_meeting_without_a_day_is_never_looked_at() -> None:
    assert next_look(None, looks=0, timezone=None) is None


def test_without_a_zone_the_morning_is_that_of_utc() -> None:
    assert next_look(DAY, looks=0, timezone=None) == datetime(2026, 12, 1, 6, tzinfo=UTC) + timedelta(days=1)
