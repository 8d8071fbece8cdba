"""Tests of domain/month_names.py: each name and abbreviation is of its month, and no other word is one."""

import re
from calendar import month_name

import pytest

from oversight.domain.month_names import MONTH_NAME, SHORT, month_number

MONTH = re.compile(MONTH_NAME, re.I)


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_has_its_name_and_its_abbreviation(number: int) -> None:
    for name in (month_name[number], month_name[number].upper(), SHORT[number - 1]):
        assert MONTH.fullmatch(name)
        assert month_number(name) == number


def test_september_has_two_abbreviations() -> None:
    assert MONTH.fullmatch("Sept") and month_number("Sept") == 9


@pytest.mark.parametrize("word", ["Mayor", "Decision", "Market", "Augusta", "Junior", "Marc", "Sep.", ""])
def test_other_words_are_no_month(word: str) -> None:
    assert not MONTH.fullmatch(word)
