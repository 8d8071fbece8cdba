"""Months, as a calendar shows them: weeks that begin on Sunday, and the way to the months beside."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from oversight.domain.partial_date import days_in

FORM = re.compile(r"(19|20|21)\d{2}-(0[1-9]|1[0-2])", re.ASCII)
SUNDAY = 6


@dataclass(frozen=True)
class Month:
    """One month of one year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day is in."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month that is written `2026-11`; raises ValueError for another form."""
        if not FORM.fullmatch(text):
            raise ValueError(f"{text!r} is not a month; write 2026-11")
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        """`2026-11`."""
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, days_in(self.year, self.number))

    @property
    def weeks(self) -> list[list[date | None]]:
        """Its weeks from Sunday to Saturday; None stands for a day of another month."""
        weeks = Calendar(SUNDAY).monthdatescalendar(self.year, self.number)
        return [[day if day.month == self.number else None for day in week] for week in weeks]

    def moved(self, months: int) -> "Month":
        """The month so many later, or earlier."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)
