"""Rows of the Census Gazetteer files: places, counties and county subdivisions, by GEOID."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

COLUMNS = ("USPS", "GEOID", "NAME", "ALAND", "AWATER", "INTPTLAT", "INTPTLONG")
SQUARE_METRES = 1_000_000


@dataclass(frozen=True)
class GazetteerRow:
    """One place: its state, its inner point and its area."""

    geoid: str
    state: str
    name: str
    latitude: float
    longitude: float
    land_km2: float
    water_km2: float


def read_row(cells: Mapping[str, str]) -> GazetteerRow:
    """The row in these cells, by column; raises ValueError with what is wrong."""
    given = {name: cells.get(name, "").strip() for name in COLUMNS}
    geoid = given["GEOID"]
    if not re.fullmatch(r"\d{2}|\d{5}|\d{7}|\d{10}", geoid, re.ASCII):
        raise ValueError(f"{geoid[:40]!r} is no GEOID of a state, county, place or county subdivision")
    return GazetteerRow(
        geoid=geoid,
        state=given["USPS"].upper(),
        name=given["NAME"],
        latitude=_number(given["INTPTLAT"], "INTPTLAT", least=-90, most=90),
        longitude=_number(given["INTPTLONG"], "INTPTLONG", least=-180, most=180),
        land_km2=_area(given["ALAND"], "ALAND"),
        water_km2=_area(given["AWATER"], "AWATER"),
    )


def _area(text: str, column: str) -> float:
    return _number(text, column, least=0, most=1e14) / SQUARE_METRES


def _number(text: str, column: str, *, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{column} holds {text[:40]!r}, which is no number") from None
    if not math.isfinite(number) or not least <= number <= most:
        raise ValueError(f"{column} holds {text[:40]!r}, which cannot be")
    return number
