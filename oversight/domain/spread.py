"""How use spreads: in each year, how many were in use at its end, as far as their histories tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from oversight.domain.partial_date import span_of
from oversight.domain.record import UseStatus
from oversight.domain.use_status import IN_USE, StatusChange, use_on

MOST_YEARS = 30
USED = (*IN_USE, UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY)
History = Sequence[StatusChange]


@dataclass(frozen=True)
class Year:
    """One year: how many had a use at its end, or on the day asked about, and how many have their first one in it."""

    year: int
    in_use: int
    begun: int


@dataclass(frozen=True)
class Spread:
    """The years, the oldest first; `undated` were or are in use, and nothing says since when."""

    years: tuple[Year, ...]
    undated: int

    @property
    def most(self) -> int:
        """The highest number of any year."""
        return max((one.in_use for one in self.years), default=0)


def since(history: History) -> str | None:
    """The date of the first step with which a use began, as far as it is known."""
    return next((step.date for step in history if step.status in USED and step.date), None)


def spread(histories: Sequence[History], as_of: date) -> Spread:
    """The years from the first use to that day."""
    used = [history for history in histories if any(step.status in USED for step in history)]
    begun = [span_of(day).first.year for history in used if (day := since(history)) and day <= as_of.isoformat()]
    first = max(min(begun, default=as_of.year), as_of.year - MOST_YEARS)
    years = [
        Year(year, sum(is_in_use(one, min(date(year, 12, 31), as_of)) for one in used), begun.count(year))
        for year in range(first, as_of.year + 1)
    ]
    return Spread(tuple(years) if begun else (), sum(since(history) is None for history in used))


def is_in_use(history: History, day: date) -> bool:
    """Whether its dated steps say that it was in use on that day."""
    dated = [step for step in history if step.date]
    return use_on("", dated, day).status in USED
