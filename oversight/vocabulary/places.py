"""American governments by Open Civic Data id and by name, from the table that scripts/build_places.py makes."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from oversight.errors import ConfigurationError

_COUNTRY = "ocd-division/country:us"
_TABLE = Path(__file__).parent / "places.csv"

# fmt: off
STATE_NAMES: Mapping[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho",
    "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
    "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee",
    "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming", "PR": "Puerto Rico",
}
# fmt: on


class PlaceRow(NamedTuple):
    """A government: `name` is its display name ("Seattle, WA"), `timezone` an IANA name or empty if not known."""

    ocd_id: str
    name: str
    state: str
    timezone: str
    is_well_known: bool


class Places:
    """Look-ups over the table; names are matched without regard to case and to dots ("St Paul")."""

    def __init__(self, rows: Iterable[PlaceRow]) -> None:
        self._by_id = {row.ocd_id: row for row in rows}
        self._by_name: dict[str, PlaceRow | None] = {}
        for row in self._by_id.values():
            key = _key(row.name)
            self._by_name[key] = None if key in self._by_name else row
        self._by_name["new york, ny"] = self._by_name.get("new york city, ny")

    @cached_property
    def _states(self) -> Mapping[str, list[str]]:
        states: defaultdict[str, list[str]] = defaultdict(list)
        for key, row in self._by_name.items():
            bare, comma, state = key.rpartition(", ")
            if comma and row is not None:
                states[bare].append(state.upper())
        return states

    def timezones(self) -> dict[str, str]:
        """The time zone of every place that lies in one, by Open Civic Data id."""
        return {row.ocd_id: row.timezone for row in self._by_id.values() if row.timezone}

    def by_id(self, ocd_id: str) -> PlaceRow | None:
        """The place with this id."""
        return self._by_id.get(ocd_id)

    def by_name(self, name: str, state: str) -> PlaceRow | None:
        """The place called so in a state (postal code); None where there is none, or several of equal standing."""
        return self._by_name.get(_key(f"{name}, {state}"))

    def by_display_name(self, display_name: str) -> PlaceRow | None:
        """The place shown as "City, ST", "X County, ST", or as a state's or the country's name."""
        return self._by_name.get(_key(display_name))

    def is_named(self, name: str, state: str) -> bool:
        """Whether any place of the state is called so, even where the name does not settle which."""
        return _key(f"{name}, {state}") in self._by_name

    def states_with(self, name: str) -> list[str]:
        """The postal codes of the states that have one place of this name."""
        return self._states.get(_key(name), [])

    def well_known(self, name: str) -> PlaceRow | None:
        """The big city that this bare name means to everyone."""
        rows = (self.by_name(name, state) for state in self.states_with(name))
        return next((row for row in rows if row and row.is_well_known), None)


def _key(name: str) -> str:
    return name.casefold().replace(".", "").replace("saint ", "st ")


def _wide_rows() -> list[PlaceRow]:
    """The country and its states, which the table of places does not hold."""
    rows = [PlaceRow(_COUNTRY, "United States", "", "", False)]
    for code, name in STATE_NAMES.items():
        kind = "territory" if code == "PR" else "state"
        rows.append(PlaceRow(f"{_COUNTRY}/{kind}:{code.lower()}", name, code, "", False))
    return rows


@cache
def load_places() -> Places:
    """The shipped table; read once, in well under 100 ms."""
    try:
        with _TABLE.open(encoding="utf-8", newline="") as table:
            lines = csv.reader(table)
            next(lines)
            rows = [PlaceRow(f"{_COUNTRY}/{i}", n, s, z, k == "1") for i, n, s, z, k in lines]
    except (OSError, ValueError, StopIteration) as error:
        raise ConfigurationError(f"places.csv: {error}; run scripts/build_places.py") from error
    return Places(_wide_rows() + rows)
