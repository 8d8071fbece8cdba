"""Placing: the feed's own place first, then the governments that act in the text, and never a guess."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.domain.agencies import agencies_in
from oversight.domain.hints import read_address
from oversight.domain.mention import Paper, Place
from oversight.domain.placing import Placer
from oversight.domain.world import Gazetteer
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "places.jsonl").read_text(encoding="utf-8").splitlines()
]
HOSTILE = {
    "names": "Salem and ", "lists": "Salem, ", "counties": "Orange County ", "units": "City of ", "saints": "St. ",
    "possessives": "Salem's ", "letters": "A ", "hyphens": "Salem-", "spaces": " ", "lines": "\n", "states": "in OR ",
    "capitals": "A", "bodies": "Salem City Board of ", "dots": "U.S. ", "brackets": "Salem (Mass.) ",
}  # fmt: skip
GAZETTEER = Gazetteer(load_vocabulary().world)
PLACER = Placer(load_places(), GAZETTEER)


def names(text: str, *, title: str = "", url: str | None = None, home: str | None = None) -> list[str]:
    return [place.name for place in PLACER.place(Paper("news", title, text, url, home), is_official=False)]


@pytest.mark.parametrize(
    ("home", "place"),
    [
        ("Seattle, WA", Place("Seattle, WA", "ocd-division/country:us/state:wa/place:seattle")),
        (
            "ocd-division/country:us/state:wa/place:seattle",
            Place("Seattle, WA", "ocd-division/country:us/state:wa/place:seattle"),
        ),
        ("New York, NY", Place("New York City, NY", "ocd-division/country:us/state:ny/place:new_york")),
        ("Groton, CT", Place("Groton, CT", None)),
    ],
)
def test_an_agenda_belongs_to_its_feed(home: str, place: Place) -> None:
    paper = Paper("agenda_item", "As in Denver, CO, buy drones", "", None, home)
    assert PLACER.place(paper, is_official=True) == (place,)


def test_a_resolution_to_the_state_is_about_the_state_too() -> None:
    paper = Paper(
        "agenda_item", "", "Resolution calling on the New York State Legislature to pass it", None, "New York, NY"
    )
    assert [place.name for place in PLACER.place(paper, is_official=True)] == ["New York City, NY", "New York"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Salem City Council, in Oregon, voted", ["Salem, OR"]),
        ("PEORIA, Ill. — Cameras went up on Monday", ["Peoria, IL"]),
        ("Drones over Flint, Michigan, worry people", ["Flint, MI"]),
        ("The Oklahoma City Council meets, in Oklahoma", ["Oklahoma City, OK"]),
        ("Harris County commissioners in Texas bought drones", ["Harris County, TX"]),
        ("Denver's city council ended it", ["Denver, CO"]),
        ("Nashville's Metro Council ended it", ["Nashville, TN"]),
        ("Louisville Metro Police fly drones", ["Louisville, KY"]),
        ("The Athens-Clarke County Commission, in Georgia, voted", ["Athens, GA"]),
        ("Miami-Dade County commissioners bought drones", ["Miami-Dade County, FL"]),
        ("San Diego police fly drones", ["San Diego, CA"]),
        ("Virginia lawmakers weigh limits", ["Virginia"]),
        ("The federal government buys location data", ["United States"]),
        ("Police in Toronto try face recognition", ["Toronto, Canada"]),
        ("Norwegian police may scan faces", ["Norway"]),
        ("The agency has new cameras", []),
    ],
)
def test_the_government_that_acts_is_the_place(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_bare_name_that_many_towns_share_is_not_guessed() -> None:
    assert names("The Springfield City Council voted") == []


def test_an_outlet_tells_the_state() -> None:
    assert names("The Kent City Council voted", url="https://www.cleveland.com/a") == ["Kent, OH"]


def test_a_governments_own_host_tells_the_state() -> None:
    assert names("The City of Salem ends it", url="https://www.salemma.gov/news/1") == ["Salem, MA"]


def test_a_title_made_of_an_address_can_be_read() -> None:
    url = "https://www.cleveland.com/kent-votes-to-end-contract"
    assert names("It was close.", title="kent votes to end contract", url=url) == ["Kent, OH"]


def test_a_local_feed_places_what_names_no_place() -> None:
    assert names("The drones are back", home="Tulsa, OK") == ["Tulsa, OK"]


def test_a_broken_address_is_no_hint() -> None:
    assert names("The Kent City Council voted", url="https://[broken") == []


def test_agencies_are_named_once() -> None:
    text = (
        "The Eugene Police Department and the FBI. Eugene Police Department: no. The Lane County Sheriff's Office: yes."
    )
    assert agencies_in(text) == ("Eugene Police Department", "FBI", "Lane County Sheriff's Office")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday the Salem City Council and the Marion County Board of Commissioners met", 2),
        ("Requiring the Los Angeles Unified School District to ask", 1),
        ("The Maricopa County Attorney's Office and the Arizona Department of Public Safety", 2),
        ("The Detroit Board of Police Commissioners met", 1),
        ("Essex Police, Police Scotland and the PSNI", 3),
        ("Kent Police said that the Kent Police Department would ask", 1),
        ("The council met; police were there", 0),
    ],
)
def test_bodies_and_forces_are_agencies(text: str, expected: int) -> None:
    assert len(agencies_in(text)) == expected


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://www.salemma.gov/a", "Salem, MA"),
        ("https://www.ci.hays.ks.us/a", "Hays, KS"),
        ("https://oakland.legistar.com/a", "Oakland, CA"),
        ("https://webapi.legistar.com/v1/milwaukeecounty/events", "Milwaukee County, WI"),
        ("https://donaanaconm.api.civicclerk.com/v1/Events", None),
        ("https://ca-berkeley.civicplus.com/AgendaCenter", "Berkeley, CA"),
        ("https://www.westlafayette.in.gov/a", "West Lafayette, IN"),
        ("https://www.daytonohio.gov/a", "Dayton, OH"),
        ("https://cityofsanrafael.org/a", "San Rafael, CA"),
        ("https://news.google.com/a", None),
        ("https://docs.legis.wisconsin.gov/a", None),
        ("https://[broken", None),
    ],
)
def test_a_governments_host_tells_its_place(url: str, place: str | None) -> None:
    found = read_address(url, gazetteer=GAZETTEER, places=load_places()).place
    assert (found.name if found else None) == place


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"][:40])
def test_a_sentence_of_ours_gives_its_places(case: dict[str, Any]) -> None:
    official = bool(case.get("official"))
    paper = Paper("x", case.get("title", ""), case["text"], case.get("url"), case.get("home"))
    found = {place.name for place in PLACER.place(paper, is_official=official)}
    assert found == set(case["places"])


_WORDS = st.sampled_from(
    [
        "Salem",
        "Oregon",
        "City",
        "of",
        "County",
        "in",
        ",",
        ".",
        "and",
        "the",
        "The",
        "police",
        "Council",
        "Washington",
        "D.C.",
        "St.",
        "(Mass.)",
        "Paris",
        "London",
        "UK",
        "ICE",
        "O'Fallon",
        "Winston-Salem",
        "Atlanta-based",
        "like",
        "such",
        "as",
        "company",
        "WA",
        "N.J.",
        "—",
        "\n",
        "'",
        "-",
        "New",
        "York",
        "State",
        "Township",
    ]
)


@settings(deadline=None)
@given(
    title=st.text(max_size=80) | st.lists(_WORDS, max_size=12).map(" ".join),
    text=st.text(max_size=300) | st.lists(_WORDS, max_size=60).map(" ".join),
    url=st.none() | st.text(max_size=60) | st.text(max_size=40).map("https://{}".format),
    is_official=st.booleans(),
)
def test_no_paper_breaks_the_placer(title: str, text: str, url: str | None, is_official: bool) -> None:
    found = PLACER.place(Paper("x", title, text, url, None), is_official=is_official)
    assert len(found) <= 6
    assert len(set(found)) == len(found)
    agencies_in(f"{title}\n{text}")


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_no_more_than_its_beginning(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    PLACER.place(Paper("x", text, text, "https://example.org/" + text, None), is_official=False)
    agencies_in(text)
    assert time.process_time() - start < 0.25
