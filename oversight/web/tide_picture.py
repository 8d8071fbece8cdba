"""Bans and rollbacks as a picture: a column for each year, what came above the line, what was taken back below."""

from collections.abc import Sequence
from dataclasses import dataclass

from oversight.domain.tides import Year

WIDTH, LINE, UNIT_MOST = 720, 110, 90
BELOW = 60


@dataclass(frozen=True)
class Column:
    """One year's bars: places and heights in the units of the picture."""

    year: int
    x: float
    middle: float
    width: float
    up: float
    down: float
    came: int
    went: int
    standing: int


@dataclass(frozen=True)
class TidePicture:
    """All columns, the line that they stand on, and the words that say the same."""

    columns: tuple[Column, ...]
    width: int
    line: int
    height: int
    told: str


def tide_picture(years: Sequence[Year]) -> TidePicture | None:
    """The picture; None where there is nothing to draw."""
    if not years:
        return None
    most = max(*(len(year.came) for year in years), *(len(year.went) for year in years), 1)
    unit, step = min(UNIT_MOST / most, 18), WIDTH / len(years)
    columns = tuple(
        Column(
            year=year.year,
            x=round(number * step + step * 0.2, 1),
            middle=round((number + 0.5) * step, 1),
            width=round(step * 0.6, 1),
            up=round(len(year.came) * unit, 1),
            down=round(min(len(year.went) * unit, BELOW), 1),
            came=len(year.came),
            went=len(year.went),
            standing=year.standing,
        )
        for number, year in enumerate(years)
    )
    told = "; ".join(f"{one.year}: {one.came} came, {one.went} taken back, {one.standing} stood" for one in columns)
    return TidePicture(columns, WIDTH, LINE, LINE + BELOW + 40, told)
