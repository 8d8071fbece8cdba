"""Whose government a row of the Atlas is about: found by name and state, or refused; never guessed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oversight.domain.atlas_row import AtlasRow, RefusedRowError
from oversight.domain.atlas_words import Jurisdictions
from oversight.domain.record import JurisdictionKind
from oversight.vocabulary.places import PlaceRow, Places, fold_name
from oversight.vocabulary.states import STATE_NAMES

COUNTRY = "ocd-division/country:us"
CAPITAL = "DC"
_CODES = {name.casefold(): code for code, name in STATE_NAMES.items()} | {"district of columbia": CAPITAL}
_BODIES = {
    Jurisdictions.SCHOOLS: JurisdictionKind.SCHOOL_DISTRICT,
    Jurisdictions.TRANSIT: JurisdictionKind.TRANSIT_DISTRICT,
    Jurisdictions.TRIBAL: getattr(JurisdictionKind, "TRIBAL", JurisdictionKind.SPECIAL_DISTRICT),
    Jurisdictions.OTHER_BODY: JurisdictionKind.SPECIAL_DISTRICT,
}
_KIND_WORDS = {"township": "w", "village": "v", "borough": "b", "town": "t", "city": "c"}
_KIND = re.compile(rf" ({'|'.join(_KIND_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Government:
    """A government as the record names it."""

    key: str
    name: str
    kind: JurisdictionKind
    state: str | None
    parent_key: str | None


def government_of(row: AtlasRow, places: Places) -> Government:
    """The government whose agency it is; raises RefusedRowError where none or several fit."""
    if row.jurisdictions is Jurisdictions.FEDERAL:
        return Government(COUNTRY, "United States", JurisdictionKind.FEDERAL, None, None)
    state = state_of(row.state)
    if row.jurisdictions is Jurisdictions.STATE:
        return _state(state, places)
    if row.jurisdictions is Jurisdictions.COUNTY:
        return _local(_county(row, state, places), JurisdictionKind.COUNTY)
    if row.jurisdictions is Jurisdictions.MUNICIPAL:
        return _local(_municipality(row, state, places), JurisdictionKind.CITY)
    slug = re.sub(r"[^a-z0-9]+", "-", fold_name(row.agency)).strip("-")
    if not slug:
        raise RefusedRowError(f"the agency {row.agency!r} has no name that a key can be made of")
    key = f"x-oversight/us/{state.lower()}/{slug}"
    return Government(key, row.agency, _BODIES[row.jurisdictions], state, parent_of(state))


def state_of(text: str) -> str:
    """The postal code of a state written as code or name; raises RefusedRowError."""
    code = _CODES.get(text.casefold(), text.upper())
    if code not in STATE_NAMES and code != CAPITAL:
        raise RefusedRowError(f"{text!r} is no state")
    return code


def parent_of(state: str) -> str:
    """The key of a state; the capital's is that of the country."""
    if state == CAPITAL:
        return COUNTRY
    return f"{COUNTRY}/{'territory' if state == 'PR' else 'state'}:{state.lower()}"


def _state(state: str, places: Places) -> Government:
    if state == CAPITAL:
        raise RefusedRowError("the District of Columbia is no state: its type of jurisdiction should be municipal")
    return Government(parent_of(state), STATE_NAMES[state], JurisdictionKind.STATE, state, COUNTRY)


def _local(place: PlaceRow, kind: JurisdictionKind) -> Government:
    return Government(place.ocd_id, place.name, kind, place.state, parent_of(place.state))


def _county(row: AtlasRow, state: str, places: Places) -> PlaceRow:
    if not row.county:
        raise RefusedRowError("it is a county's agency and no county is named")
    names = (row.county, f"{row.county} County", f"{row.county} Parish")
    found = dict.fromkeys(place for name in names for place in _named(name, state, places) if place.kind == "K")
    return _only(list(found), f"county {row.county!r} in {state}")


def _municipality(row: AtlasRow, state: str, places: Places) -> PlaceRow:
    if not row.city:
        raise RefusedRowError("it is a city's agency and no city is named")
    found = [place for place in _candidates(row, state, places) if place.kind != "K"]
    if len(found) > 1:  # the county tells townships apart; a place whose id names no county may lie in any
        county = fold_name(re.sub(r" (County|Parish)$", "", row.county)).replace(" ", "_")
        found = [place for place in found if _county_in(place) in (None, county)] if county else found
    return _only(found, f"place {row.city!r} in {state}")


def _candidates(row: AtlasRow, state: str, places: Places) -> list[PlaceRow]:
    """Places of this name; where the agency calls itself a township's, village's ..., only such ones."""
    city = re.sub(r"^(city|town|village|borough|township) of ", "", row.city, flags=re.IGNORECASE)
    said = (found for found in _KIND.finditer(row.agency) if _ends_with(row.agency[: found.start()], city))
    word = next((found[1].lower() for found in said), "")
    if word == "township":
        return list(_named(f"{city} Township", state, places)) or _of_kind(city, word, state, places)
    found = list(_named(city, state, places))
    return [place for place in found if place.kind == _KIND_WORDS[word]] or found if word else found


def _ends_with(text: str, end: str) -> bool:
    return text.casefold().endswith(end.casefold())


def _of_kind(city: str, word: str, state: str, places: Places) -> list[PlaceRow]:
    return [place for place in _named(city, state, places) if place.kind == _KIND_WORDS[word]]


def _named(name: str, state: str, places: Places) -> Iterator[PlaceRow]:
    return (place for place in places.named(fold_name(name)) if place.state == state)


def _county_in(place: PlaceRow) -> str | None:
    found = re.search(r"/county:([^/]+)/", place.ocd_id)
    return found[1] if found else None


def _only(found: Sequence[PlaceRow], what: str) -> PlaceRow:
    if not found:
        raise RefusedRowError(f"no {what} is known")
    if len(found) > 1:
        raise RefusedRowError(f"more than one {what} is known: {', '.join(place.ocd_id for place in found[:4])}")
    return found[0]
