"""Seven places on ten days and more each, against tables that were written by hand from the facts of the record."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from oversight.domain.lanes import Manner, Stretch, lane_of, policy_steps
from oversight.domain.policy_standing import Force, PolicyFacts, standing
from oversight.domain.record import DateCertainty
from oversight.storage.queries.jurisdiction_page import jurisdiction_page
from oversight.storage.queries.jurisdictions import parent_of_key
from oversight.storage.queries.policies import policy_facts
from tests.factories import NOW
from tests.web.browse import Visitor

TABLES = sorted((Path(__file__).parents[1] / "data" / "as_of").glob("*.json"))
PLACES = {"baltimore", "jackson", "new-orleans", "orlando", "san-diego", "virginia", "washington-county-or"}


def table(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def cases() -> Iterator[Any]:
    for path in TABLES:
        place = table(path)
        for row in place["days"]:
            yield pytest.param(place["jurisdiction"], place["technology"], row, id=f"{path.stem}-{row['as_of']}")


@pytest.fixture
def session(recorded: Visitor) -> Iterator[Session]:
    with Session(recorded.client.application.extensions["oversight"].engine) as session:
        yield session


def test_every_place_has_its_ten_days() -> None:
    assert {path.stem for path in TABLES} == PLACES
    for path in TABLES:
        days = [row["as_of"] for row in table(path)["days"]]
        assert len(days) >= 10
        assert days == sorted(set(days))


@pytest.mark.parametrize(("key", "technology", "row"), cases())
def test_the_record_stood_as_the_facts_say(session: Session, key: str, technology: str, row: dict[str, Any]) -> None:
    page = jurisdiction_page(session, key, as_of=date.fromisoformat(row["as_of"]), now=NOW)
    found = page.stances[technology]
    above = [reason.key for reason in found.reasons if reason.text.startswith("Higher law")]
    uses = {line.key: line.use.status.value + ("" if line.use.is_certain else "?") for line in page.deployments}
    assert (found.posture, found.is_certain, found.was_loosened) == (
        row["posture"],
        row["is_certain"],
        row["was_loosened"],
    ), row["why"]
    assert above == row["above"], row["why"]
    assert {dep: uses[dep] for dep in row["uses"]} == row["uses"], row["why"]
    assert all(reason.text for reason in found.reasons)


def test_baltimores_police_are_not_said_to_break_what_does_not_bind_them(session: Session) -> None:
    page = jurisdiction_page(
        session, "ocd-division/country:us/state:md/place:baltimore", as_of=date(2022, 1, 1), now=NOW
    )
    told = [reason.text for line in page.deployments for reason in line.use.reasons]
    assert told
    assert not [text for text in told if "prohibits it" in text]


def test_the_picture_of_a_policy_says_what_its_words_say(session: Session) -> None:
    told = {Manner.COMING: Force.COMING, Manner.HOLDS: Force.IN_FORCE, Manner.OPEN: Force.SUNSET_PASSED}
    told |= {Manner.PENDING: Force.PENDING, Manner.RESTS: Force.SUSPENDED}
    drawn = [
        (facts, stretch)
        for line in policy_facts(session).values()
        for facts in line
        if all(step.certainty is not DateCertainty.UPPER_BOUND for step in facts.history)
        for stretch in lane_of([*policy_steps(facts)], NOW.date()).stretches
    ]
    assert len([stretch for _, stretch in drawn if stretch.manner is Manner.COMING]) > 20
    others = [(facts.key, one) for facts, one in drawn if told[one.manner] not in forces_at_the_end_of(facts, one)]
    assert others == []


def forces_at_the_end_of(facts: PolicyFacts, stretch: Stretch) -> set[Force]:
    day = stretch.last - timedelta(days=1)
    return {standing(facts, day, is_early=is_early).force for is_early in (True, False)}


def test_virginias_page_tells_of_the_passed_sunset(recorded: Visitor) -> None:
    words = "Sunset passed, extension not known"
    assert words in recorded.get("/jurisdictions/ocd-division/country:us/state:va?as_of=2026-07-02").text
    assert words not in recorded.get("/jurisdictions/ocd-division/country:us/state:va?as_of=2026-06-30").text


def test_a_page_below_shows_the_rules_from_above_pre_emption_first(recorded: Visitor) -> None:
    page = recorded.get("/jurisdictions/ocd-division/country:us/state:md/place:baltimore")
    rules = [line.text for line in page.root.one("section", id="rules-above").all("li")]
    assert rules[0].startswith("Pre-emption HB 338")
    assert any("SB 182" in rule for rule in rules[1:])


@pytest.mark.parametrize(
    ("key", "parent"),
    [
        ("ocd-division/country:us/state:or/place:bend", "ocd-division/country:us/state:or"),
        ("ocd-division/country:us/state:nj/county:bergen/place:teaneck", "ocd-division/country:us/state:nj"),
        ("ocd-division/country:us/state:or", "ocd-division/country:us"),
        ("ocd-division/country:us/district:dc", "ocd-division/country:us"),
        ("ocd-division/country:us", None),
        ("x-oversight/us/ca/some-district", None),
    ],
)
def test_an_id_tells_the_government_above(key: str, parent: str | None) -> None:
    assert parent_of_key(key) == parent


def test_the_day_goes_along_from_one_dated_page_to_the_next(recorded: Visitor) -> None:
    page = recorded.get("/jurisdictions/ocd-division/country:us/state:md/place:baltimore?as_of=2021-07-01")
    today = page.main.by_class("past")[0].one("a").attributes["href"]
    links = [link for link in page.links if link.startswith(("/jurisdictions/ocd", "/policies/")) and link != today]
    assert links
    assert [link for link in links if "as_of=2021-07-01" not in link] == []
    assert "As it stands today" in page.text


def test_a_permanent_address_keeps_the_day(recorded: Visitor) -> None:
    found = recorded.get("/deployments/dep-orlando-fl-face-recognition-amazon-web-services?as_of=2021-07-01").location
    assert "as_of=2021-07-01#dep-orlando-fl-face-recognition-amazon-web-services" in found


def test_what_has_no_day_is_not_given_one(recorded: Visitor) -> None:
    page = recorded.get("/jurisdictions/?as_of=2021-07-01")
    assert [link for link in page.links if link.startswith(("/mentions", "/feeds")) and "as_of" in link] == []
    assert [link for link in recorded.get("/jurisdictions/").links if "as_of" in link] == []


@pytest.mark.parametrize("path", ["/policies/", "/deployments/", "/vendors/", "/jurisdictions.csv"])
def test_lists_know_days_too(recorded: Visitor, path: str) -> None:
    assert recorded.get(f"{path}?as_of=2015-01-01").body != recorded.get(path).body
