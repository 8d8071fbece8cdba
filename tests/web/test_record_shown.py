"""What the whole record shows on its pages: provisions, duties, arguments, doubts, names, rules from above."""

import pytest

from tests.web.browse import Element, Visitor

STATES = "/jurisdictions/ocd-division/country:us/state:"


def article(visitor: Visitor, path: str, key: str) -> Element:
    return visitor.get(STATES + path).root.one("article", id=key)


def test_a_policy_shows_its_provisions_with_reference_and_source(recorded: Visitor) -> None:
    entry = article(recorded, "va", "pol-virginia-state-law-2022-04-27").by_class("provisions")[0].text
    assert "Faces: accuracy required" in entry
    assert "98 per cent" in entry
    assert "15.2-1723.2" in entry
    assert "VA SB741" in entry
    assert "Provisions that are not listed are not researched" in entry


def test_a_provision_that_was_looked_for_in_vain_says_so(recorded: Visitor) -> None:
    entry = article(recorded, "ny/place:new_york", "pol-new-york-ny-reporting-law-2020-06-18").text
    assert "Approval to acquire Not in the text" in entry.replace("acquireNot", "acquire Not")


@pytest.mark.parametrize(
    ("path", "key", "words"),
    [
        ("ma/place:cambridge", "pol-cambridge-ma-ccops-ordinance-2018-12-10", "filed 9 Dec 2019 · Filed in time"),
        (
            "ca/place:san_francisco",
            "pol-san-francisco-ca-ban-2019-05",
            "2 Mar 2026 · Filed; whether in time is not known",
        ),
        ("ma/place:cambridge", "pol-cambridge-ma-ccops-ordinance-2018-12-10", "whether it was filed is not researched"),
        ("ma/place:boston", "pol-boston-ma-ccops-ordinance-2021-10", "due 1 Feb 2024 (worked out from the source)"),
        ("va", "pol-virginia-state-law-2022-04-27", "Annual report : Agencies that use it report every year"),
    ],
)
def test_a_policy_shows_its_duties_with_their_clock(recorded: Visitor, path: str, key: str, words: str) -> None:
    entry = article(recorded, path, key).by_class("duties")[0].text
    assert words.replace(" :", ":") in entry.replace(" :", ":")


def test_the_claim_that_is_followed_says_why_and_the_others_stay(recorded: Visitor) -> None:
    entry = article(recorded, "fl/place:orlando", "dep-orlando-fl-face-recognition-amazon-web-services").text
    assert "The record follows City of Orlando (2018-06-19), because it is the city's own page" in entry
    assert "2017-06-19" in entry
    assert "No editor has settled which of these the record follows." in entry


def test_policies_have_contradictions_too(recorded: Visitor) -> None:
    entry = article(recorded, "md/place:baltimore", "pol-baltimore-md-moratorium-2021-06-14").text
    assert "Contradiction Vote" in entry
    assert "12-2" in entry
    assert "13-2" in entry
    assert "not bound: police" in entry


def test_what_was_not_independently_verified_says_so(recorded: Visitor) -> None:
    entry = article(recorded, "md", "pol-maryland-preemption-2024-04-08").text
    assert "Not independently verified: a question is open" in entry
    assert "Adopted, by sources whose kind is not rated; no government document cited." in entry


def test_a_deployment_shows_through_whom_it_has_access(recorded: Visitor) -> None:
    entry = article(recorded, "la/place:new_orleans", "dep-new-orleans-la-face-recognition-project-nola")
    assert "Project NOLA" in entry.by_class("terms")[0].text


def test_a_vendor_shows_what_it_was_called_before(recorded: Visitor) -> None:
    entry = recorded.get("/vendors/").root.one("article", id="vendor-soundthinking").text
    assert "Called ShotSpotter until 10 Apr 2023" in entry


def test_a_place_shows_its_census_id_and_time_zone(recorded: Visitor) -> None:
    page = recorded.get(STATES + "ca/place:oakland").text
    assert "GEOID 0653000" in page
    assert "America/Los_Angeles" in page
    assert "population 419,000" in page


@pytest.mark.parametrize("place", ["wa/place:seattle", "or/county:washington", "va", "md/place:baltimore"])
def test_rules_from_above_are_only_those_of_governments_above(recorded: Visitor, place: str) -> None:
    page = recorded.get(STATES + place).root
    links = [link.attributes["href"] for one in page.all("section", id="rules-above") for link in one.all("a")]
    state = STATES + place.partition("/")[0]
    assert all(link.startswith(state + "#") for link in links)
    assert bool(links) == ("/" in place)


def test_what_an_approval_rests_on_is_told_wherever_the_status_is(recorded: Visitor) -> None:
    words = "by press reports; no government document cited"
    austin = "/jurisdictions/ocd-division/country:us/state:tx/place:austin"
    status = recorded.get(austin).root.one("section", id="status").text
    assert f"(adopted, {words})" in status
    assert f"Adopted, {words}." in recorded.get("/policies/").text
    table = recorded.client.get("/policies.csv").get_data(as_text=True)
    assert f'press,"adopted, {words}"' in table


def test_a_day_before_the_approval_asks_for_no_proof(recorded: Visitor) -> None:
    page = recorded.get("/jurisdictions/ocd-division/country:us/state:md?as_of=2020-01-01")
    assert "no government document cited" not in page.root.one("section", id="status").text
