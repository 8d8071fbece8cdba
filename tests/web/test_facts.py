"""Every fact of the record on a page has its source in the page: a link, or that the source has no address."""

from collections.abc import Iterator

from tests.web.browse import Element
from tests.web.crawl import Pages

NOT_KNOWN = "Which of the sources below says so is not established."


def cites(part: Element) -> bool:
    """Whether a source is named in it."""
    out = [one for one in part.all("a") if one.attributes["href"].startswith(("http://", "https://"))]
    return bool(out or part.by_class("no-address"))


def entries(pages: Pages) -> list[tuple[str, Element]]:
    """Every policy, deployment, action and vendor on the pages of a site."""
    shown = [(path, page) for path, page in pages.items() if page.status == 200 and not path.startswith("/design")]
    found = [(path, entry) for path, page in shown for entry in page.main.by_class("entry")]
    return [(path, entry) for path, entry in found if not entry.attributes.get("id", "").startswith("correction-")]


def facts(entry: Element) -> Iterator[Element]:
    """What an entry says of parts of it: provisions, duties, claims."""
    for one in entry.by_class("provision-list"):
        yield from (part for part in one.parts if isinstance(part, Element))
    for one in entry.by_class("duties"):
        yield from one.all("li")
    yield from entry.by_class("claim")


def test_every_entry_names_its_sources(pages: Pages) -> None:
    found = entries(pages)
    assert len(found) > 400
    without = [(path, one.attributes["id"]) for path, one in found if not any(map(cites, one.by_class("sources")))]
    assert without == []


def test_every_provision_duty_and_claim_names_its_source(pages: Pages) -> None:
    found = [(path, fact) for path, entry in entries(pages) for fact in facts(entry) if NOT_KNOWN not in fact.text]
    assert len(found) > 50
    assert [(path, fact.text[:80]) for path, fact in found if not cites(fact)] == []


def test_every_row_of_money_and_of_uses_names_its_source(pages: Pages) -> None:
    tables = [
        (path, table)
        for path, page in pages.items()
        if page.status == 200
        for table in page.main.all("table")
        if {"money", "uses"} & set(table.attributes.get("class", "").split())
    ]
    rows = [(path, row) for path, table in tables for body in table.all("tbody") for row in body.all("tr")]
    assert len(rows) > 100
    assert [(path, row.text[:80]) for path, row in rows if not cites(row)] == []


def test_a_population_names_its_source(pages: Pages) -> None:
    shown = {path: page for path, page in pages.items() if path.startswith("/jurisdictions/o") and page.status == 200}
    heads = {path: page.main.by_class("meta")[0] for path, page in shown.items()}
    told = {path: line for path, line in heads.items() if "population" in line.text}
    assert told
    assert [path for path, line in told.items() if not (cites(line) or "GeoNames" in line.text)] == []
