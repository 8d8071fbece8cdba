"""The pages about the product: the method, the published figures, and honesty where there are none."""

from pathlib import Path

import pytest
from flask import Flask

from oversight.services.examine import the_detector
from tests.web.browse import Element, Visitor
from tests.web.conftest import publish_sample


@pytest.fixture
def published(app: Flask, tmp_path: Path) -> None:
    """Figures of the sample."""
    app.config["ACCURACY"] = publish_sample(tmp_path / "accuracy.json")


def table(visitor: Visitor, name: str) -> dict[str, list[str]]:
    (found,) = [one for one in visitor.get("/about/accuracy").main.by_class("scroll") if label(one) == name]
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in found.one("tbody").all("tr")}


def label(element: Element) -> str:
    return element.attributes.get("aria-label", "")


@pytest.mark.usefixtures("published")
def test_it_shows_the_published_figures(visitor: Visitor) -> None:
    text = visitor.get("/about/accuracy").text
    assert "on 9 labelled documents, 4 of them relevant; 1 about which people disagree" in text
    assert "Published 20 Nov 2026" in text


@pytest.mark.usefixtures("published")
def test_each_technology_has_its_figures(visitor: Visitor) -> None:
    found = table(visitor, "Technologies")
    assert found["Automated licence-plate reader"] == ["100.0 % 21 to 100 %", "100.0 % 21 to 100 %", "1", "0", "0"]
    assert len(found) == 4


@pytest.mark.usefixtures("published")
def test_a_stricter_threshold_has_its_own_figures(visitor: Visitor) -> None:
    found = table(visitor, "Thresholds")
    assert found["0.50"][2:] == ["4", "0", "0"]
    assert found["0.98"][2:] <= found["0.50"][2:]


@pytest.mark.usefixtures("published")
def test_it_says_what_the_figures_do_not_mean(visitor: Visitor) -> None:
    text = visitor.get("/about/accuracy").text
    assert "The precision that you see in your own mail is therefore not this figure" in text
    assert "They are not a sample of what feeds publish" in text


def test_without_figures_it_says_so(app: Flask, visitor: Visitor, tmp_path: Path) -> None:
    app.config["ACCURACY"] = tmp_path / "nothing.json"
    text = visitor.get("/about/accuracy").text
    assert "No figures are published with this installation" in text


@pytest.mark.usefixtures("published")
def test_figures_of_another_version_are_marked(app: Flask, visitor: Visitor) -> None:
    file = app.config["ACCURACY"]
    file.write_text(file.read_text().replace(f'"detector": "{the_detector().version}"', '"detector": "older-1"'))
    assert "another version than the one that was measured" in visitor.get("/about/accuracy").text


def test_every_page_leads_to_it(recorded: Visitor) -> None:
    assert "/about/accuracy" in recorded.get("/").links
    assert "/about/accuracy" in recorded.get("/mentions/1").links


def test_the_method_counts_what_is_not_known(recorded: Visitor) -> None:
    page = recorded.get("/about/")
    table = next(one for one in page.main.by_class("scroll") if label(one).startswith("Entries by how far"))
    counts = [[int(cell.text) for cell in row.all("td")] for row in table.one("tbody").all("tr")]
    assert [sum(column) for column in zip(*counts, strict=True)] == [128, 96, 69]
    assert any("posture=not_researched" in link for link in page.links)
    assert "/about/" in recorded.get("/").links


def test_the_method_stands_on_an_empty_site(visitor: Visitor) -> None:
    assert "Of 0 jurisdictions on record" in visitor.get("/about/").text
