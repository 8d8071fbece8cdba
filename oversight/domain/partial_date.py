"""Dates as sources give them: `2019`, `2019-05` or `2019-05-21`; each stands for a span of days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
DECEMBER = 12


@dataclass(frozen=True)
class Span:
    """All the days that a partial date may mean."""

    first: date
    last: date

    def has_begun(self, as_of: date) -> bool:
        """Whether the date may lie on or before that day."""
        return self.first <= as_of

    def is_over(self, as_of: date) -> bool:
        """Whether the date certainly lies on or before that day."""
        return self.last <= as_of


@lru_cache(maxsize=4096)  # a page asks for the same few hundred dates thousands of times
def span_of(text: str) -> Span:
    """The days a partial date may mean; raises ValueError where it is not such a date."""
    parts = FORM.fullmatch(text)
    if not parts:
        raise ValueError(f"{text!r} is not a date; write 2019, 2019-05 or 2019-05-21")
    year, month, day = (int(part) if part else None for part in parts.groups())
    if year is None or month is None:
        return Span(date(int(text), 1, 1), date(int(text), DECEMBER, 31))
    if day is None:
        return Span(date(year, month, 1), date(year, month, days_in(year, month)))
    return Span(date(year, month, day), date(year, month, day))


def days_in(year: int, month: int) -> int:
    """How many days the month has; raises ValueError where there is no such month."""
    if not 1 <= month <= DECEMBER:
        raise ValueError(f"there is no month {month}")
    return monthrange(year, month)[1]
