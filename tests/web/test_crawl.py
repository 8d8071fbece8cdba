"""Every page that links lead to: each link arrives, and each page keeps to the same few rules."""

from collections import Counter
from urllib.parse import urldefrag, urlsplit

from flask import Flask

from tests.web.browse import Element, Page
from tests.web.crawl import MOST, Pages, targets
from tests.web.figures import all_figures, wrong_figures
from tests.web.test_headers import inline, loaded


def shown(pages: Pages) -> dict[str, Page]:
    return {path: page for path, page in pages.items() if page.status == 200}


def row_faults(table: Element) -> list[str]:
    """Cells that say another name on a narrow screen than the head of their column does on a wide one."""
    heads = [cell.text for cell in table.one("thead").all("th")]
    rows = [[cell for cell in row.parts if isinstance(cell, Element)] for row in table.one("tbody").all("tr")]
    cells = [pair for row in rows if len(row) == len(heads) for pair in zip(heads, row, strict=True)]
    return [f"{head} is called {cell.attributes['data-label']}" for head, cell in cells if is_misnamed(head, cell)]


def is_misnamed(head: str, cell: Element) -> bool:
    return cell.attributes.get("data-label", head) != head


def test_every_link_arrives(pages: Pages) -> None:
    assert {path: page.status for path, page in pages.items() if page.status not in {200, 302}} == {}


def test_every_figure_is_the_number_of_rows_behind_it(pages: Pages, recorded_sqlite: Flask) -> None:
    figures = all_figures(pages)
    assert len(figures) > 1000
    wrong = wrong_figures(figures, pages, recorded_sqlite)
    assert wrong == [], wrong[:8]


def test_no_page_asks_the_database_more_than_fifteen_questions(pages: Pages) -> None:
    assert {path: page.questions for path, page in pages.items() if page.questions > MOST} == {}


def test_the_crawl_saw_every_kind_of_page(pages: Pages) -> None:
    kinds = Counter(urlsplit(path).path.split("/")[1] for path in pages)
    assert kinds["jurisdictions"] > 50
    assert set(kinds) == {
        *(
            "",
            "about",
            "actions",
            "corrections",
            "calendar",
            "compare",
            "coverage",
            "deployments",
            "design",
            "feeds",
            "history",
            "jurisdictions",
            "manage",
            "login",
            "matters",
            "meetings",
        ),
        *("mentions", "policies", "subscribe", "technologies", "vendors"),
    }


def test_every_fragment_names_a_place_on_its_page(pages: Pages) -> None:
    ids = {path: {one.attributes.get("id") for one in page.root.all()} for path, page in shown(pages).items()}
    wanted = {urldefrag(link) for path, page in pages.items() for link in targets(path, page)}
    seen = [link for link in wanted if link.fragment and link.url in ids]
    assert [link for link in seen if link.fragment not in ids[link.url]] == []


def test_every_link_out_is_plain_and_gives_nothing_away(pages: Pages) -> None:
    links = [
        one for page in pages.values() for one in page.root.all("a") if ":" in one.attributes["href"].split("/")[0]
    ]
    assert links
    assert {urlsplit(one.attributes["href"]).scheme for one in links} <= {"http", "https"}
    assert [one for one in links if "noopener" not in one.attributes.get("rel", "")] == []
    assert [one for one in links if "target" in one.attributes] == []


def test_no_page_loads_from_elsewhere(pages: Pages) -> None:
    assert [link for page in pages.values() for link in loaded(page) if not link.startswith("/")] == []


def test_no_page_needs_more_than_the_policy_allows(pages: Pages) -> None:
    assert [path for path, page in pages.items() if inline(page)] == []


def test_an_id_is_used_once_on_a_page(pages: Pages) -> None:
    counts = {path: Counter(one.attributes.get("id", "") for one in page.root.all()) for path, page in pages.items()}
    assert [(path, key) for path, ids in counts.items() for key, count in ids.items() if key and count > 1] == []


def test_no_page_shows_what_a_program_says(pages: Pages) -> None:
    words = ("{{", "{%", "None", "Undefined", "<Word", "datetime", "Traceback")
    assert [(path, word) for path, page in shown(pages).items() for word in words if word in page.text] == []


def test_every_page_has_one_heading_and_a_title_of_its_own(pages: Pages) -> None:
    assert [path for path, page in shown(pages).items() if len(list(page.root.all("h1"))) != 1] == []
    assert [path for path, page in shown(pages).items() if page.root.one("title").text.startswith("·")] == []


def test_a_cell_has_the_same_name_on_a_narrow_screen_as_on_a_wide_one(pages: Pages) -> None:
    tables = [(path, table) for path, page in shown(pages).items() for table in page.root.all("table", class_="list")]
    assert {(path, fault) for path, table in tables for fault in row_faults(table)} == set()
