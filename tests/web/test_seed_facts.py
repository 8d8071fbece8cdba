"""Every fact of the first five articles is on the page that docs/seed-facts.md names, in its row, with its source."""

import re
from pathlib import Path

import pytest

from tests.web.browse import Visitor

TABLE = Path(__file__).parents[2] / "docs" / "seed-facts.md"
STATES = "/jurisdictions/ocd-division/country:us"
PAGES = {
    "W": f"{STATES}/state:or/county:washington",
    "O": f"{STATES}/state:fl/place:orlando",
    "U": STATES,
    "S": "/jurisdictions/x-oversight/gb/south-wales",
    "actions": "/actions/",
    "vendors": "/vendors/",
}
SOURCES = {
    "A": "Amazon employees demand stopping face-recognition contract with federal government",
    "B": "Amazon draws fire for selling face recognition to law enforcement",
    "C": "Amazon under pressure to stop selling facial recognition tech to police",
    "D": "Rekognition: Amazon's image, video and facial-recognition software",
    "E": "A chilling video reveals Amazon's 'dangerous' facial recognition software",
    "F": "Facial Recognition Pilot Program",
    "G": "Perpetual Line-Up",
    "H": "R (Bridges) v Chief Constable of South Wales Police",
}
LINE = re.compile(r"^\| (?P<fact>[^|]+) \| `(?P<row>[^`]+)` \| (?P<page>\w+) \| (?P<words>[^|]+) \| (?P<source>\w) \|$")
FACTS = [found.groupdict() for line in TABLE.read_text("utf-8").splitlines() if (found := LINE.match(line))]


def test_every_line_of_the_table_is_read() -> None:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(FACTS) == len(lines) - 1
    assert {fact["source"] for fact in FACTS} == set(SOURCES)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_its_facts_with_their_sources(recorded: Visitor, page: str) -> None:
    root = recorded.get(PAGES[page]).root
    missing = []
    for fact in FACTS:
        if fact["page"] == page:
            text = root.one("article", id=fact["row"]).text
            missing += [
                (fact["fact"], words) for words in (fact["words"], SOURCES[fact["source"]]) if words not in text
            ]
    assert missing == []
