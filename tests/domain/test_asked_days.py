"""Tests of domain/asked_days.py."""

from datetime import date, timedelta

import pytest

from oversight.domain.asked_days import beside, days_beside, is_asked
from oversight.domain.feed import Answer, Request
from oversight.domain.reading import Days

WEEK = Days(date(2026, 11, 13), date(2026, 11, 20))


def answered(url: str) -> Answer:
    return Answer(url, {}, b"", Request(url))


def test_the_days_of_a_question_are_known_to_its_answer() -> None:
    assert days_beside(answered(beside("https://x.example.org/list?a=1#old", WEEK))) == WEEK


@pytest.mark.parametrize("fragment", ["", "#top", "#days=2026-13-40/2026-11-20", "#days=0001-01-01/2026-11-20"])
def test_other_fragments_name_no_days(fragment: str) -> None:
    assert days_beside(answered(f"https://x.example.org/{fragment}")) is None


def test_a_stored_answer_names_no_days() -> None:
    assert days_beside(Answer(beside("https://x.example.org/", WEEK), {}, b"")) is None


def test_both_ends_are_asked_about_and_so_is_a_day_that_is_not_known() -> None:
    days = (WEEK.first, WEEK.last, None, WEEK.last + timedelta(days=1), WEEK.first - timedelta(days=1))
    assert [is_asked(day, WEEK) for day in days] == [True, True, True, False, False]
    assert is_asked(date(2000, 1, 1), None)
