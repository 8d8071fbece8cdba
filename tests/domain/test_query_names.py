"""Tests of domain/query_names.py: names become codes, codes become words."""

import pytest

from oversight.domain.query_names import Names
from oversight.domain.query_parser import parse
from oversight.errors import QueryError
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"
AGENCY = "ocd-division/country:us/state:ca/special:transit"
LABELS = load_vocabulary().technology_labels
NAMES = Names(LABELS, load_places(), {AGENCY: "Bay Transit, CA"})


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("tech:ALPR", "tech:alpr"),
        ('tech:"Drones"', "tech:drones"),
        ("state:california state:dc", "state:CA state:DC"),
        ('place:"oakland, ca"', f"place:{OAKLAND}"),
        ("place:oakland", f"place:{OAKLAND}"),
        (f"place:{OAKLAND}", f"place:{OAKLAND}"),
        ('place:"bay transit, ca"', f"place:{AGENCY}"),
        ("-(stage:Contract OR kind:mention) plate", "-(stage:contract OR kind:mention) plate"),
        ("vendor:flock agency:police", "vendor:flock agency:police"),
    ],
)
def test_names_become_codes(text: str, settled: str) -> None:
    query = NAMES.settled(parse(text))
    assert str(query) == settled
    assert NAMES.settled(query) == query


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("plate tech:teleport", 7, "tech:teleport is not known"),
        ("tech:plate", 1, "There is tech:"),
        ("state:XX", 1, "not known"),
        ("place:springfield", 1, "Several places are called so"),
        ("place:nowhereatall", 1, "No place is called so"),
        ("stage:done", 1, "not known"),
    ],
)
def test_a_name_that_says_no_one_thing_is_asked_back(text: str, at: int, words: str) -> None:
    with pytest.raises(QueryError, match=words) as caught:
        NAMES.settled(parse(text))
    assert caught.value.at == at


def test_a_query_is_said_in_words() -> None:
    query = NAMES.settled(parse(f"tech:drones (place:{OAKLAND} OR state:WA) -pilot vendor:axon"))
    assert NAMES.said(query) == (
        f"{LABELS['drones']} and (Oakland, CA or Washington, all places) and not “pilot” and vendor axon"
    )
