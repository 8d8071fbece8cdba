"""Partial dates stand for spans of days."""

from datetime import date

import pytest

from oversight.domain.partial_date import Span, span_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-12-17", date(2020, 12, 17), date(2020, 12, 17)),
    ],
)
def test_a_partial_date_is_all_the_days_it_may_mean(text: str, first: date, last: date) -> None:
    assert span_of(text) == Span(first, last)


@pytest.mark.parametrize(
    "text", ["", "19", "2019-13", "2019-00", "2019-02-30", "2019-5", "2019-05-01T00:00", "٢٠١٩", "0000"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        span_of(text)


def test_a_span_has_begun_before_it_is_over() -> None:
    may = span_of("2019-05")
    assert may.has_begun(date(2019, 5, 10))
    assert not may.is_over(date(2019, 5, 10))
    assert may.is_over(date(2019, 5, 31))
