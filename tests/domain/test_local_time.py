"""Tests of domain/local_time.py: what councils write, and what stands for nothing."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.local_time import (
    day_in,
    day_not_over,
    hour_in,
    in_zone,
    local_day,
    local_hour_of,
    today_at,
)


@pytest.mark.parametrize("text", ["1900-01-01T00:00:00", "0001-01-01T00:00:00", "soon", "", None, 7])
def test_a_date_that_stands_for_none_is_none(text: object) -> None:
    assert local_day(text) is None


def test_a_day_is_read_from_a_time() -> None:
    assert local_day("2019-05-14T00:00:00") == date(2019, 5, 14)


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


# Days and hours in the middle of other words


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-17",
        "11/17/2026",
        "11/17/26",
        "11.17.2026",
        "Nov 17, 2026",
        "Nov. 17, 2026",
        "November 17 2026",
        "NOVEMBER 17TH, 2026",
        "17 November 2026",
        "17 Nov. 2026",
        "Tuesday,\xa0November\xa017,\xa02026 at 6:00 PM",
        "Regular Meeting 2026-11-17T18:00:00",
        "Room 5, 11/17/2026 (was 11/10/2026)",
        "Item 13/45/2026 of November 17, 2026",
        "Smarch 3, 2026; Nov 17, 2026",
        "Mayor 12, 2026; Decision 14 2023; 3 Augusta 2024; Nov 17, 2026",
    ],
)
def test_the_first_day_in_a_text_is_found_however_it_is_written(text: str) -> None:
    assert day_in(text) == date(2026, 11, 17)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "next Tuesday",
        "02/30/2026",
        "1/1/1900",
        "2026-13-01",
        "Smarch 3, 2026",
        "Market 12 2026",
        "Augusta 3, 2024",
        "CB 12-345",
        "1/2",
        "555-12-34567",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_in(text) is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("6:00 PM", time(18)),
        ("at 6 p.m. in Room 5", time(18)),
        ("6:30:00 P.M.", time(18, 30)),
        ("12:00 AM", time(0)),
        ("12:15 pm", time(12, 15)),
        ("18:05", time(18, 5)),
        ("09:05", time(9, 5)),
        ("2026-11-17T07:00:00", time(7)),
        ("2026-11-17T18:00:00-08:00", time(18)),
        ("19:00:00", time(19)),
        ("2 PM", time(14)),
        ("7:00", None),
        ("Regular meeting 7:00", None),
        ("Meeting 7:00, ends 9:00 PM", None),
        ("6:00 - 8:00", None),
        ("6:00 - 8:00 PM", time(18)),
        ("1:30-2:30 PM", time(13, 30)),
        ("from 6 to 8 p.m.", time(18)),
        ("6-8 PM", time(18)),
        ("11:00 - 1:00 PM", time(11)),
        ("10:00–12:00 p.m.", time(10)),
        ("12:00 - 1:00 PM", time(12)),
        ("9:00 to 11:30 AM", time(9)),
        ("11:30 - 12:30 AM", time(23, 30)),
        ("18:00 - 8:00 PM", time(18)),
        ("9:30 a.m. - 12:00 p.m.", time(9, 30)),
        ("December 1 - 7 PM", time(19)),
        ("02/22/22 - 2 p.m.", time(14)),
        ("12:75 - 8 PM", None),
        ("Noon", time(12)),
        ("midnight", time(0)),
        ("13:00 PM or 2:00 PM", time(14)),
        ("2:00\xa0PM", time(14)),
        ("Room 5", None),
        ("25:00", None),
        ("0:30 PM", None),
        ("", None),
    ],
)
def test_the_first_hour_in_a_text_is_found_however_it_is_written(text: str, hour: time | None) -> None:
    assert hour_in(text) == hour


words = st.text("0123456789/.-:, apmAPM\xa0", max_size=40) | st.text(max_size=40)


@given(words)
def test_no_words_raise(text: str) -> None:
    found = day_in(text)
    assert found is None or found.year > 1900
    hour_in(text)


@given(
    st.dates(min_value=date(1901, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%b. %d, %Y", "%d %b %Y"]),
)
def test_every_day_is_found_in_every_form(day: date, form: str) -> None:
    assert day_in(f"Meeting of {day.strftime(form)}.") == day


@given(st.times(), st.sampled_from(["%H:%M", "%I:%M %p"]))
def test_every_hour_is_found_in_every_form(hour: time, form: str) -> None:
    assert hour_in(f"at {hour.strftime(form)}, Room B") == hour.replace(second=0, microsecond=0)


# Today, where the council is


def test_today_is_the_day_at_the_place() -> None:
    moment = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
    assert today_at("America/Los_Angeles", moment) == date(2026, 12, 1)
    assert today_at("Pacific/Kiritimati", moment) == date(2026, 12, 2)
    assert today_at(None, moment) == date(2026, 12, 2)


def test_the_hour_of_the_day_follows_the_place_s_clock() -> None:
    assert local_hour_of(datetime(2026, 12, 1, 9, 30, tzinfo=UTC), "America/Los_Angeles") == 1
    assert local_hour_of(datetime(2026, 7, 1, 9, 30, tzinfo=UTC), "America/Los_Angeles") == 2


@pytest.mark.parametrize(
    ("timezone", "expected"),
    [("America/Los_Angeles", 1), ("America/New_York", 2), ("Pacific/Kiritimati", 2), (None, 1)],
)
def test_a_day_of_a_place_without_a_zone_is_over_when_it_is_over_in_hawaii(timezone: str | None, expected: int) -> None:
    moment = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)
    assert day_not_over(timezone, moment) == date(2026, 12, expected)
