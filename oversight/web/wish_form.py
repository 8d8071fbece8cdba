"""The form of a subscription: what, where, which kinds, how often; what was typed in it, and the wish it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from oversight.domain.query import Filter, Narrowing, Query, all_of, any_of
from oversight.domain.query_names import Names
from oversight.domain.query_parser import parse
from oversight.domain.subscription import WEEKDAYS, Cadence, Rhythm, Wish
from oversight.errors import InvalidInput

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "UTC",
)
DISTANCES = tuple((str(km), f"and {km} km around it") for km in (10, 25, 50, 100, 200))
HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))
DAYS = tuple((str(number), name) for number, name in enumerate(WEEKDAYS))
# What of the form narrows, besides the query that may be typed.
FIELDS: Mapping[str, Filter] = {
    "technology": Filter.TECHNOLOGY,
    "vendor": Filter.VENDOR,
    "place": Filter.PLACE,
    "state": Filter.STATE,
    "stage": Filter.STAGE,
    "kind": Filter.KIND,
}


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    query: str = ""
    chosen: Mapping[str, list[str]] = field(default_factory=dict)
    within: str = ""
    reviewed_only: bool = True
    cadence: str = Cadence.IMMEDIATE.value
    hour: str = "7"
    weekday: str = "0"
    timezone: str = ZONES[0]
    email: str = ""


def typed_in(values: "MultiDict[str, str]") -> Typed:
    """What was sent, or what an address fills in."""
    return Typed(
        query=values.get("query", "").strip(),
        chosen={name: [one.strip() for one in values.getlist(name) if one.strip()] for name in FIELDS},
        within=values.get("within", ""),
        reviewed_only=values.get("reviewed", "only") == "only",
        cadence=values.get("cadence", Cadence.IMMEDIATE.value),
        hour=values.get("hour", "7"),
        weekday=values.get("weekday", "0"),
        timezone=values.get("timezone", ZONES[0]),
        email=values.get("email", ""),
    )


def typed() -> Typed:
    """What this request holds."""
    return typed_in(request.form if request.method == "POST" else request.args)


def wish_of(typed: Typed, names: Names) -> Wish:
    """The wish that the form makes; raises InvalidInput, or QueryError where the typed query cannot be read."""
    parts: list[Query] = [names.settled(parse(typed.query))] if typed.query else []
    for name, values in typed.chosen.items():
        if values:
            parts.append(names.settled(any_of(_narrowing(name, value, typed.within) for value in values)))
    if not parts:
        raise InvalidInput("Say what to look for: choose a technology or a place, or write words.")
    return Wish(parse(str(all_of(parts))), typed.reviewed_only, _rhythm(typed))


def _narrowing(name: str, value: str, within: str) -> Narrowing:
    """One choice; a place with a distance is what lies near it."""
    if name == "place" and within:
        if within not in dict(DISTANCES):
            raise InvalidInput("Choose how far from the place, from the list.")
        return Narrowing(Filter.NEAR, f"{within} km of {_one_line(value)}", at=1)
    return Narrowing(FIELDS[name], _one_line(value), at=1)


def _one_line(value: str) -> str:
    words = " ".join("".join(one if one.isprintable() and one != '"' else " " for one in value).split())
    if not words:
        raise InvalidInput("One of the choices is empty. Choose again.")
    return words[:200]


def _rhythm(typed: Typed) -> Rhythm:
    is_known = (
        typed.cadence in list(Cadence)
        and typed.hour in dict(HOURS)
        and typed.weekday in dict(DAYS)
        and typed.timezone in ZONES
    )
    if not is_known:
        raise InvalidInput("Choose how often, and at which hour, from the lists.")
    return Rhythm(Cadence(typed.cadence), int(typed.hour), int(typed.weekday), typed.timezone)
