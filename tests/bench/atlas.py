"""Makes a table in the shape of the Atlas of Surveillance, of any length, from places and words of our own.

python -m tests.bench.atlas FILE [ROWS]
"""

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from oversight.domain.atlas_row import COLUMNS
from oversight.vocabulary.places import PlaceRow, load_places

ROWS = 15_000
TECHNOLOGIES = (
    ("Body-worn Cameras", "BWC", ("Axon", "WatchGuard", "Utility", "")),
    ("Automated License Plate Readers", "ALPR", ("Flock Safety", "Motorola Solutions", "Vigilant Solutions", "")),
    ("Drones", "UAV", ("DJI", "Skydio", "Brinc", "")),
    ("Third-party Investigative Platforms", "TPIP", ("LexisNexis", "Palantir", "Peregrine")),
    ("Face Recognition", "FR", ("Clearview AI", "Idemia", "DataWorks Plus", "")),
    ("Camera Registry", "CR", ("Fusus", "")),
    ("Gunshot Detection", "GDT", ("ShotSpotter", "SoundThinking")),
    ("Real-Time Crime Center", "RTCC", ("Fusus", "")),
)
WORDS = ("bought", "renewed", "tests", "pays for", "reports on", "asked for")


def atlas_rows(count: int, *, seed: int = 5) -> Iterator[list[str]]:
    """Rows about real places and invented purchases; every hundredth row is junk."""
    dice = random.Random(seed)
    places = american_places()
    for number in range(1, count + 1):
        yield junk(number) if number % 100 == 0 else row(number, places[number % len(places)], dice)


def american_places() -> list[PlaceRow]:
    """Cities and counties that their name and state settle, in an order that mixes the states."""
    table = load_places()
    rows = [row for key in table._lines for row in table.named(key)]
    names = sorted({row.name for row in rows if row.timezone and row.kind in "ctK"})
    found = [table.by_display_name(name) for name in names]
    places = [place for place in found if place is not None]
    random.Random(1).shuffle(places)
    return places[:6_000]


def row(number: int, place: PlaceRow, dice: random.Random) -> list[str]:
    """One row in form."""
    name = place.name.rpartition(", ")[0]
    is_county = place.kind == "K"
    agency = f"{name} Sheriff's Office" if is_county else f"{name} Police Department"
    label, short, vendors = dice.choice(TECHNOLOGIES)
    vendor = dice.choice(vendors)
    url = f"https://news.example.org/{place.state.lower()}/{number // 2}"
    day = f"{dice.randint(1, 12)}/{dice.randint(1, 28)}/{dice.randint(2012, 2025)}"
    summary = (
        f"[own words] The agency {dice.choice(WORDS)} {label.lower()} for {dice.randint(2, 900)} thousand dollars."
    )
    cells = dict.fromkeys(COLUMNS, "") | {
        "AOSNUMBER": f"AOS{number:06}",
        "NEWAOSNUMBER (ORI9)": f"{place.state}{number:07}{short}",
        "City": "" if is_county else name,
        "County": name if is_county else "",
        "State": place.state,
        "Agency": agency,
        "Type of LEA": "Sheriff" if is_county else "Police",
        "Summary": summary,
        "Type of Juris": "County" if is_county else "Municipal",
        "Technology": label,
        "TECH ABV": short,
        "Vendor": vendor,
        "Link 1": url,
        "Link 1 Source": "Example News",
        "Link 1 Date": day,
    }
    if dice.random() < 0.3:
        cells |= {"Link 2": f"https://www.example.gov/{number}", "Link 2 Source": agency, "Link 2 Date": day}
    return list(cells.values())


def junk(number: int) -> list[str]:
    """A row that cannot be taken."""
    return [f"AOS{number:06}", "", "Nowhere", "", "ZZ", *[""] * (len(COLUMNS) - 5)]


def write_atlas(path: Path, count: int = ROWS) -> Path:
    """The whole table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        writer.writerows(atlas_rows(count))
    return path


if __name__ == "__main__":
    write_atlas(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROWS)
