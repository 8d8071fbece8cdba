"""A rule of a country reaches its cities, and every page that speaks of one says the same of it."""

import pytest

from oversight.services.record import load_record
from oversight.services.record_entries import JurisdictionEntry, PolicyEntry
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions
from tests.factories import NOW, SEATTLE
from tests.web.browse import Visitor
from tests.web.record import NEWS, make_deployment, make_place, make_policy, make_source

COUNTRY, STATE = "ocd-division/country:us", "ocd-division/country:us/state:wa"
OTHER = f"{STATE}/place:spokane"
IN_FORCE = [{"status": "effective", "date": "2018-01-01", "certainty": "stated"}]
WITHOUT = "In use without the required policy"
DEMAND = "Federal Act (in force since 2018-01-01) demands approval and a policy; and none was found for this use"


def place(key: str, name: str, kind: str, parent: str | None) -> JurisdictionEntry:
    return make_place(key=key, ocd_id=key, name=name, kind=kind, parent_key=parent)


CITIES = (place(SEATTLE, "Seattle", "city", STATE), place(OTHER, "Spokane", "city", STATE))
UNITED_STATES = place(COUNTRY, "United States", "federal", None)
RECORDS = {
    "the state is recorded": (*CITIES, UNITED_STATES, place(STATE, "Washington", "state", COUNTRY)),
    "the state names nobody above it": (*CITIES, UNITED_STATES, place(STATE, "Washington", "state", None)),
    "the state is not recorded": (*CITIES, UNITED_STATES),
}


@pytest.mark.parametrize("places", RECORDS.values(), ids=RECORDS)
def test_every_page_holds_a_use_against_the_rule_of_the_country(
    visitor: Visitor, sessions: Sessions, places: tuple[JurisdictionEntry, ...]
) -> None:
    add_record(sessions, places, make_act())
    of_place = visitor.get(f"/jurisdictions/{SEATTLE}")
    compared = visitor.get(f"/compare/?place={SEATTLE}&place={OTHER}")
    of_technology = visitor.get("/technologies/alpr")
    listed = visitor.get("/deployments/")
    for page in (of_place, compared, of_technology, listed):
        assert [one.text for one in page.main.by_class("in_use_without_required_policy")] == [WITHOUT]
    for page in (of_place, compared):
        assert DEMAND in page.text
    assert "Federal Act" in of_technology.main.one("table", class_="list uses").text
    assert "Federal Act" in of_place.main.one("section", id="rules-above").text


@pytest.mark.parametrize("places", RECORDS.values(), ids=RECORDS)
def test_every_page_doubts_a_ban_that_the_country_may_displace(
    visitor: Visitor, sessions: Sessions, places: tuple[JurisdictionEntry, ...]
) -> None:
    ban = make_policy(instrument="ban", effect="prohibits", title="City Ban", technologies=["alpr"], history=IN_FORCE)
    add_record(sessions, places, ban, make_act(instrument="preemption", effect=None))
    of_place = visitor.get(f"/jurisdictions/{SEATTLE}")
    compared = visitor.get(f"/compare/?place={SEATTLE}&place={OTHER}")
    assert "Not certain: Federal Act may displace the local rule" in of_place.text
    assert "Not certain: dates or a sunset leave this open." in compared.text


def make_act(**changes: object) -> PolicyEntry:
    """A law of the country about plate readers, in force."""
    valid = {"key": "pol-act", "jurisdiction_key": COUNTRY, "title": "Federal Act", "technologies": ["alpr"]}
    return make_policy(**(valid | {"history": IN_FORCE} | changes))


def add_record(sessions: Sessions, places: tuple[JurisdictionEntry, ...], *policies: PolicyEntry) -> None:
    """A city that uses plate readers, and of which somebody looked for the policy and found none."""
    used = [{"status": "in_use", "date": "2019", "certainty": None}]
    files = RecordFiles(
        sources=(make_source(NEWS),),
        jurisdictions=places,
        vendors=(),
        policies=policies,
        deployments=(make_deployment(history=used, required_policy="absent", claims=[], facts=[]),),
        actions=(),
    )
    with sessions.begin() as session:
        load_record(session, files, actor="the tests", reason="three levels", now=NOW)
