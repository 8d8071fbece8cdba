"""The comparison: two to six places or policies at one address, found without knowing a key."""

import csv
import io
from urllib.parse import quote

import pytest
from sqlalchemy import event

from tests.web.browse import Element, Page, Visitor

STATE = "ocd-division/country:us/state:"
SAN_FRANCISCO, OAKLAND = f"{STATE}ca/place:san_francisco", f"{STATE}ca/place:oakland"
SEATTLE, NEW_YORK = f"{STATE}wa/place:seattle", f"{STATE}ny/place:new_york"
FOUR = (SAN_FRANCISCO, OAKLAND, SEATTLE, NEW_YORK)
POLICIES = ("pol-oakland-ca-ccops-ordinance-2018", "pol-seattle-wa-ccops-ordinance-2017")


def address(*places: str, path: str = "/compare/", noun: str = "place", **more: str) -> str:
    given = [*((noun, place) for place in places), *more.items()]
    return f"{path}?{'&'.join(f'{name}={quote(value)}' for name, value in given)}"


def rows(page: Page) -> dict[str, Element]:
    """The rows of the table by their first words."""
    heads = [(row, next(row.all("th", scope="row"), None)) for row in page.main.one("table").all("tr")]
    return {str(head.parts[0]).strip(): row for row, head in heads if head}


def buttons(page: Page, words: str) -> list[Element]:
    """The forms whose button begins with these words."""
    return [form for form in page.main.all("form") if form.one("button").text.startswith(words)]


def sent(form: Element, **typed: str) -> str:
    """The address that a form leads to."""
    hidden = [(one.attributes["name"], one.attributes["value"]) for one in form.all("input", type="hidden")]
    fields = "&".join(f"{name}={quote(value)}" for name, value in [*hidden, *typed.items()])
    return f"{form.attributes['action']}?{fields}"


def test_four_places_stand_side_by_side(recorded: Visitor) -> None:
    page = recorded.get(address(*FOUR))
    heads = [cell.text for cell in page.main.one("thead").all("th")][1:]
    assert heads == ["San Francisco, CA", "Oakland, CA", "Seattle, WA", "New York, NY"]
    row = rows(page)["Approval to acquire"]
    assert "The council has no say" in row.text
    assert len(row.by_class("strictest")) == 3
    assert "Strictest: Its text has it" in row.text


def test_a_place_is_found_by_the_beginning_of_its_name(recorded: Visitor) -> None:
    page = recorded.get(sent(buttons(recorded.get("/compare/"), "Find")[0], find="san fran"))
    page = recorded.get(sent(buttons(page, "Add San Francisco")[0]))
    assert page.main.one("ul", class_="chosen").text.startswith("San Francisco, CA")
    page = recorded.get(sent(buttons(page, "Find")[0], find="OAKLAND"))
    page = recorded.get(sent(buttons(page, "Add Oakland, CA")[0]))
    assert page.title == "Compare San Francisco, CA; Oakland, CA"


def test_a_name_that_is_not_there_is_said_to_be_none(recorded: Visitor) -> None:
    assert "The record has no place of this name" in recorded.get(address(find="atlantis")).text


def test_a_place_can_be_taken_away(recorded: Visitor) -> None:
    page = recorded.get(address(*FOUR, as_of="2024-01-01"))
    page = recorded.get(sent(buttons(page, "Remove Seattle")[0]))
    assert page.title == "Compare San Francisco, CA; Oakland, CA; New York, NY"
    assert page.main.one("input", name="as_of", type="date").attributes["value"] == "2024-01-01"


def test_similar_places_are_offered_with_the_reason(recorded: Visitor) -> None:
    page = recorded.get(address(SEATTLE))
    choices = page.main.one("ul", class_="choices").text
    assert "about as large as Seattle, WA" in choices
    assert buttons(page, "Add")


def test_only_differences_are_shown_by_a_link_in_the_address(recorded: Visitor) -> None:
    whole = recorded.get(address(*FOUR))
    link = next(one for one in whole.main.all("a") if one.text == "Show differences only").attributes["href"]
    narrow = recorded.get(link)
    assert set(rows(narrow)) < set(rows(whole))
    assert {one.text for one in narrow.main.one("table").by_class("difference")} == {"Differs"}
    back = next(one for one in narrow.main.all("a") if one.text == "Show every row").attributes["href"]
    assert set(rows(recorded.get(back))) == set(rows(whole))


def test_a_provision_leads_to_its_policy_and_its_source(recorded: Visitor) -> None:
    page = recorded.get(address(*FOUR))
    cell = next(rows(page)["Approval to acquire"].all("td"))
    provision, cite = (one.attributes["href"] for one in cell.all("a"))
    assert provision.startswith("/policies/pol-san-francisco-ca-ban-2019-05")
    assert page.main.one("li", id=cite.removeprefix("#")).text.startswith("San Francisco Administrative Code")


def test_every_fact_has_a_source_on_the_page(recorded: Visitor) -> None:
    page = recorded.get(address(*FOUR))
    facts = [one for one in page.main.one("table").by_class("said") if not one.by_class("blank")]
    assert facts
    assert [one.text for one in facts if not one.by_class("cite")] == []


def test_the_record_of_an_earlier_day_is_compared(recorded: Visitor) -> None:
    before = recorded.get(address(SAN_FRANCISCO, OAKLAND, as_of="2016-01-01"))
    assert "Approval to acquire" not in rows(before)
    today = next(one for one in before.main.all("a") if one.text == "As it stands today").attributes["href"]
    assert "Approval to acquire" in rows(recorded.get(today))


def test_policies_are_compared_too(recorded: Visitor) -> None:
    page = recorded.get(address(*POLICIES, noun="policy"))
    assert {"Standing", "Instrument", "Approval to acquire"} <= set(rows(page))
    found = recorded.get(address(POLICIES[0], noun="policy", find="trust"))
    assert buttons(found, "Add")


def test_more_than_six_are_left_out_and_said_to_be(recorded: Visitor) -> None:
    places = [f"{STATE}ca/place:{name}" for name in ("alameda", "berkeley", "davis", "los_altos", "vallejo", "oakland")]
    page = recorded.get(address(*places, SEATTLE))
    assert "1 more is left out" in page.text
    assert len(list(page.main.one("thead").all("th"))) == 7


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (address("ocd-division/country:us/state:zz", SEATTLE), 404),
        (address("pol-none", noun="policy"), 404),
        (address(SEATTLE, policy="pol-none"), 422),
        (address(SEATTLE, as_of="yesterday"), 422),
        (address(SEATTLE, SEATTLE), 200),
        ("/compare/?place=&policy=", 200),
    ],
)
def test_an_address_that_asks_for_nothing_real_is_refused(recorded: Visitor, path: str, status: int) -> None:
    assert recorded.get(path).status == status


def test_the_file_holds_every_row_of_the_page(recorded: Visitor) -> None:
    page, answer = recorded.get(address(*FOUR)), recorded.client.get(address(*FOUR, path="/compare.csv"))
    assert [link for link in page.links if link.startswith("/compare.csv?place=")]
    lines = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8"), newline="")))
    provisions = {line["code"] for line in lines if line["section"].startswith("Provisions")}
    assert len(provisions) == 36
    acquire = [line for line in lines if line["code"] == "approval_to_acquire"]
    assert [(line["side"], line["blank"], line["is_strictest"]) for line in acquire] == [
        ("San Francisco, CA", "", "yes"),
        ("Oakland, CA", "", "yes"),
        ("Seattle, WA", "", "yes"),
        ("New York, NY", "none", "no"),
    ]
    assert all(line["sources"] for line in lines if line["words"])


def test_more_places_are_no_more_questions(recorded: Visitor) -> None:
    questions: list[str] = []
    engine = recorded.client.application.extensions["oversight"].engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        questions.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    counts = []
    for places in (FOUR[2:], FOUR):
        questions.clear()
        recorded.get(address(*places))
        counts.append(sum("SELECT" in one for one in questions))
    event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 15
