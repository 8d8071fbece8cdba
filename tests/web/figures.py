"""Figures that are links: what each says, and how many rows stand where it leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask

from tests.web.browse import Element, Page, Visitor
from tests.web.crawl import SITE, Pages

Open = Callable[[str], Page]
Rows = Callable[[Element], list[Element]]


@dataclass(frozen=True)
class Figure:
    """A number of rows on a page, with the address of the rows."""

    page: str
    words: str
    count: int
    target: str


def figures_of(path: str, page: Page) -> list[Figure]:
    """Every link of a page that says how many rows it leads to."""
    return [
        Figure(path, link.text, int(link.attributes["data-count"]), target_of(path, link))
        for link in page.main.all("a")
        if "data-count" in link.attributes
    ]


def target_of(path: str, link: Element) -> str:
    """The address that a link leads to, as a path of this site."""
    return urljoin(SITE + path, link.attributes["href"]).removeprefix(SITE)


def entries(region: Element, *, kind: str) -> list[Element]:
    """The blocks of this class."""
    return region.by_class(kind)


def lines(region: Element, *, kind: str) -> list[Element]:
    """The points of the lists of this class."""
    return [point for one in region.by_class(kind) for point in one.parts if is_element(point, "li")]


def is_element(part: Element | str, tag: str) -> bool:
    return isinstance(part, Element) and part.tag == tag


def table_rows(region: Element, *, kind: str = "list") -> list[Element]:
    """The rows of the tables of this class; a sentence that there is none is no row."""
    tables = [one for one in region.all("table") if kind in one.attributes.get("class", "").split()]
    bodies = [body for one in tables for body in one.all("tbody")]
    return [row for body in bodies for row in body.all("tr") if not row.by_class("empty")]


def first_table(region: Element) -> list[Element]:
    """The rows of the list itself, not of pictures told as tables below it."""
    return [row for row in region.one("table").one("tbody").all("tr") if not row.by_class("empty")]


def body_rows(body: Element) -> list[Element]:
    """The rows of one body of a table."""
    return list(body.all("tr"))


def provisions(region: Element) -> list[Element]:
    """The provisions of a text."""
    return [part for one in region.by_class("provisions-of") for part in one.parts if is_element(part, "div")]


def polled(region: Element) -> list[Element]:
    """The rows of feeds that are not switched off."""
    return [row for row in table_rows(region) if row.attributes.get("class") != "off"]


# What is a row of each list, and of each section that figures lead to.
LISTS: Mapping[str, Rows] = {
    "actions": partial(entries, kind="entry"),
    "corrections": partial(entries, kind="entry"),
    "deployments": table_rows,
    "feeds": partial(table_rows, kind="feeds"),
    "jurisdictions": table_rows,
    "matters": table_rows,
    "meetings": partial(lines, kind="sittings"),
    "mentions": partial(entries, kind="mention"),
    "policies": first_table,
    "vendors": partial(entries, kind="entry"),
}
SECTIONS: Mapping[str, Rows] = {
    "actions": partial(entries, kind="entry"),
    "agenda": partial(lines, kind="agenda"),
    "changes": partial(lines, kind="changes"),
    "provisions": provisions,
    "copies": partial(lines, kind="copies"),
    "coverage": polled,
    "deployments": partial(entries, kind="entry"),
    "documents": partial(lines, kind="documents"),
    "in-use": body_rows,
    "meetings": partial(lines, kind="meetings"),
    "mentions": partial(entries, kind="mention"),
    "policies": partial(entries, kind="entry"),
    "products": partial(lines, kind="products"),
    "reaching": table_rows,
    "rules": partial(lines, kind="changes"),
    "rules-above": partial(lines, kind="rules-above"),
    "sellers": partial(lines, kind="sellers"),
    "uses": partial(table_rows, kind="uses"),
    "versions": partial(entries, kind="version"),
}


def rows_at(target: str, is_mention: bool, open_page: Open) -> int:
    """How many rows a visitor finds who follows a figure, on as many pages as the list has."""
    address, fragment = urldefrag(target)
    page = open_page(address)
    if fragment:
        section = section_of(page.main, fragment)
        is_some = fragment == "agenda" and is_mention  # of an agenda, the items with a mention
        return len(section.by_class("found") if is_some else SECTIONS[fragment](section))
    read = LISTS[urlsplit(address).path.split("/")[1]]
    found = len(read(page.main))
    for _ in range(1000):
        further = next((one for one in page.main.all("a") if is_further(one)), None)
        if further is None:
            return found
        address = target_of(address, further)
        page = open_page(address)
        found += len(read(page.main))
    raise AssertionError(f"{target} has no last page")


def is_further(link: Element) -> bool:
    """Whether it leads to the next page of the same list."""
    return "further" in link.attributes.get("class", "").split()


def section_of(main: Element, fragment: str) -> Element:
    """The section that a fragment names, by itself or by its heading."""
    named = next((one for one in main.all("section") if one.attributes.get("aria-labelledby") == fragment), None)
    return named or main.one(id=fragment)


def all_figures(pages: Pages) -> list[Figure]:
    """The figures of a site; those of the page that shows the parts are made up."""
    shown = {path: page for path, page in pages.items() if page.status == 200 and not path.startswith("/design")}
    return [one for path, page in shown.items() for one in figures_of(path, page)]


def wrong_figures(figures: list[Figure], pages: Pages, app: Flask) -> list[tuple[Figure, int]]:
    """The figures that are not the number of rows behind them, with that number."""

    @cache
    def open_page(address: str) -> Page:
        page = pages.get(address) or Visitor(app).get(address)
        return page if page.status != 302 else open_page(page.location)

    @cache
    def rows(target: str, is_mention: bool) -> int:
        return rows_at(target, is_mention, open_page)

    counted = [(one, rows(one.target, "mention" in one.words)) for one in figures]
    return [(one, found) for one, found in counted if found != one.count]
