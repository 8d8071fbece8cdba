"""The register of policies: the provision finder, chains, bans over time; and one policy on a page of its own."""

import csv
import io

import pytest

from tests.web.browse import Page, Visitor
from tests.web.test_pages import count

OAKLAND = "/policies/pol-oakland-ca-ccops-ordinance-2018"


def listed(page: Page) -> list[str]:
    """The keys of the policies that the register shows."""
    boxes = page.main.one("table").all("input", name="policy")
    return [one.attributes["value"] for one in boxes]


@pytest.mark.parametrize(
    ("query", "some", "none"),
    [
        ("provision=nda_ban", "pol-oakland-ca-ccops-ordinance-2018", "pol-seattle-wa-ccops-ordinance-2017"),
        (
            "provision=nda_ban&found=not_researched",
            "pol-seattle-wa-ccops-ordinance-2017",
            "pol-oakland-ca-ccops-ordinance-2018",
        ),
        (
            "provision=approval_to_acquire&found=absent",
            "pol-new-york-ny-reporting-law-2020-06-18",
            "pol-oakland-ca-ccops-ordinance-2018",
        ),
        (
            "provision=approval_to_acquire&state=WA",
            "pol-seattle-wa-ccops-ordinance-2017",
            "pol-oakland-ca-ccops-ordinance-2018",
        ),
        ("instrument=ban&state=CA", "pol-san-francisco-ca-ban-2019-05", "pol-oakland-ca-ccops-ordinance-2018"),
    ],
)
def test_provisions_are_found_by_code_state_and_what_is_known(
    recorded: Visitor, query: str, some: str, none: str
) -> None:
    keys = listed(recorded.get(f"/policies/?{query}"))
    assert some in keys
    assert none not in keys


def test_a_provision_that_is_found_is_shown_with_its_source(recorded: Visitor) -> None:
    cell = recorded.get("/policies/?provision=nda_ban").main.by_class("provision")[0]
    assert "secrecy agreements" in cell.text
    assert list(cell.all("a"))


def test_every_policy_is_in_one_of_the_states_of_a_provision(recorded: Visitor) -> None:
    states = ("answered", "absent", "not_researched", "present_but_empty", "redacted")
    pages = [recorded.get(f"/policies/?provision=annual_report&found={one}") for one in states]
    assert sum(count(page) for page in pages) == count(recorded.get("/policies/"))


def test_the_file_is_narrowed_as_the_page_is(recorded: Visitor) -> None:
    query = "provision=approval_to_acquire&state=CA"
    text = recorded.client.get(f"/policies.csv?{query}").get_data(as_text=True)
    keys = [row["key"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert sorted(keys) == sorted(listed(recorded.get(f"/policies/?{query}")))


def test_the_register_says_what_changed_what(recorded: Visitor) -> None:
    page = recorded.get("/policies/?state=CA")
    boxes = {"name": "policy", "value": "pol-oakland-ca-ccops-ordinance-2018"}
    row = next(one for one in page.main.one("table").all("tr") if list(one.all("input", **boxes)))
    assert "Changed by Facial recognition ban" in row.text


def test_a_policy_has_a_page_with_its_chain_its_provisions_and_their_sources(recorded: Visitor) -> None:
    page = recorded.get(OAKLAND)
    assert page.title == "Surveillance and Community Safety Ordinance (OMC ch. 9.64)"
    chain = [one.text for one in page.main.one("section", id="chain").all("li")]
    assert [text.split("(")[0].strip() for text in chain] == [
        "Surveillance and Community Safety Ordinance",
        "Facial recognition ban",
        "Ban on predictive policing and biometric surveillance",
    ]
    provision = page.main.one("div", id="nda_ban")
    assert "secrecy agreements" in provision.text
    assert [one for one in provision.all("a") if one.attributes["href"].startswith("http")]
    assert list(page.main.one("section", id="sources").all("li"))


def test_a_policy_shows_the_day_that_is_asked_about(recorded: Visitor) -> None:
    assert "The record as it stood on 1 Jan 2019" in recorded.get(f"{OAKLAND}?as_of=2019-01-01").text


def test_bans_and_rollbacks_say_the_same_as_picture_and_as_table(recorded: Visitor) -> None:
    section = recorded.get("/policies/").main.one("section", id="tides")
    told = section.one("svg").attributes["aria-label"].split("; ")
    rows = [list(row.parts) for row in section.one("tbody").all("tr")]
    assert len(told) == len(rows)
    first = next(row for row in section.one("tbody").all("tr") if row.one("th").text == "2020")
    came, went = [len(list(cell.all("a"))) for cell in first.all("td")][:2]
    stood = first.one("td", class_="number").text
    assert f"2020: {came} came, {went} taken back, {stood} stood" in told


def test_policies_are_ticked_and_compared(recorded: Visitor) -> None:
    keys = listed(recorded.get("/policies/?provision=nda_ban"))
    assert (
        recorded.get(
            "/compare/?" + "&".join(f"policy={key}" for key in [*keys, "pol-boston-ma-ccops-ordinance-2021-10"])
        ).status
        == 200
    )
