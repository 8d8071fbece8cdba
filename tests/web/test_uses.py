"""Technologies and vendors: who uses what, since when, at what cost, under which rule; figures are their rows."""

import pytest
from flask import Flask

from tests.web.browse import Visitor
from tests.web.crawl import MOST, asked


@pytest.mark.parametrize(
    "path", ["/technologies/", "/technologies/alpr", "/technologies/face_recognition", "/vendors/vendor-soundthinking"]
)
def test_a_page_asks_few_questions(recorded_sqlite: Flask, path: str) -> None:
    visitor = Visitor(recorded_sqlite)
    with asked(recorded_sqlite) as questions:
        assert visitor.get(path).status == 200
    assert len(questions) <= MOST


def test_every_figure_of_a_technology_is_that_of_the_rows_it_leads_to(recorded: Visitor) -> None:
    rows = recorded.get("/technologies/").main.one("tbody").all("tr")
    figures = [
        (one.attributes["href"], int(one.text)) for row in rows for cell in row.all("td") for one in cell.all("a")
    ]
    assert len(figures) > 20
    for link, count in figures:
        page = recorded.get(link.partition("#")[0])
        if link.startswith(("/deployments/", "/mentions/")):
            assert page.main.by_class("count")[0].text.split()[0] == str(count), link
        elif link.endswith("#rules"):
            assert f"Policies {count}" in page.text, link


def test_a_use_says_since_when_at_what_cost_and_under_which_rule(recorded: Visitor) -> None:
    table = recorded.get("/technologies/face_recognition").main.one("table", class_="list uses")
    rows = {row.one("a").text + row.one("span").text: row.text for body in table.all("tbody") for row in body.all("tr")}
    assert len(rows) > 30
    assert all("source" in text for text in rows.values())
    assert any("in force" in text for text in rows.values())
    assert any("$" in text for text in rows.values())


def test_the_years_end_with_the_day_asked_about(recorded: Visitor) -> None:
    for query, last in (("", "2026"), ("?as_of=2019-06-01", "2019")):
        years = recorded.get(f"/technologies/face_recognition{query}").main.one("table", class_="bars spread")
        assert [row.one("th").text for row in years.one("tbody").all("tr")][-1] == last


def test_a_vendor_has_its_names_products_agencies_and_money(recorded: Visitor) -> None:
    page = recorded.get("/vendors/vendor-soundthinking")
    assert "Called ShotSpotter until 10 Apr 2023" in page.text
    assert "Gunshot detection" in page.text
    assert list(page.main.by_class("uses")[0].one("tbody").all("tr"))


def test_what_does_not_exist_is_not_found(recorded: Visitor) -> None:
    assert recorded.get("/technologies/x").status == 404
    assert recorded.get("/vendors/x").status == 404


def test_a_technology_without_a_deployment_says_what_that_means(visitor: Visitor) -> None:
    assert "That is not a finding that nobody uses it" in visitor.get("/technologies/alpr").text
    assert "Looked for in every item" in visitor.get("/technologies/").text
