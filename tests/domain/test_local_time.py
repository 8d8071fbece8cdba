"""Tests of domain/local_time.py: what councils write, and what stands for nothing."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.local_time import in_zone, local_day, local_hour


@pytest.mark.parametrize("text", ["1900-01-01T00:00:00", "0001-01-01T00:00:00", "soon", "", None, 7])
def test_a_date_that_stands_for_none_is_none(text: object) -> None:
    assert local_day(text) is None


def test_a_day_is_read_from_a_time() -> None:
    assert local_day("2019-05-14T00:00:00") == date(2019, 5, 14)


@pytest.mark.parametrize("text", ["2:00 PM", "2:00 p.m.", "14:00", "2 PM", "2:00:00 PM"])
def test_an_hour_is_read_however_it_is_written(text: str) -> None:
    assert local_hour(text) == time(14)


def test_a_local_hour_is_a_moment_in_its_zone() -> None:
    moment = in_zone(date(2019, 5, 14), time(14), "America/Los_Angeles")
    assert moment is not None
    assert moment.astimezone(UTC) == datetime(2019, 5, 14, 21, tzinfo=UTC)


@pytest.mark.parametrize("zone", [None, "Mars/Olympus", "../etc/passwd"])
def test_an_unknown_zone_gives_no_moment(zone: str | None) -> None:
    assert in_zone(date(2019, 5, 14), time(14), zone) is None


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    local_day(text)
    local_hour(text)
