"""The pages in docs/ keep up with the code: what is cited is there, and what they name exists."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CITING = ("oversight", "tests", "docs", "bench", "scripts", "migrations")
WRITTEN = {".py", ".md", ".html", ".toml", ".css", ".js", ".txt"}
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]

ID = r"[A-I]\d{1,2}"
CITED = re.compile(rf"SAFETY ({ID}(?:(?:,| to| and) {ID})*)")
SPAN = re.compile(rf"({ID}) to ({ID})")
FILE = re.compile(r"`([\w/]+\.py)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
NAMED = re.compile(r"\bdocs/[\w/-]+\.md\b")
# Notes that the product was made from; who reads a comment has them not.
NOT_SHIPPED = re.compile(
    r"\b(?:DESIGN|STYLE|DEMAND|FEEDS|PERFORMANCE|VOCABULARY)(?:\.md| rule)\b|VOCABULARY: |`contracts"
)
NOT_YET = "**Not yet:**"


class Rule(NamedTuple):
    """One row of docs/safety.md."""

    id: str
    words: str
    kept_by: str
    shown_by: str


def rules() -> list[Rule]:
    rows = re.findall(rf"^\| ({ID}) \| (.+) \|(.*)\|(.*)\|$", safety(), re.MULTILINE)
    return [Rule(*row) for row in rows]


def safety() -> str:
    return (ROOT / "docs" / "safety.md").read_text("utf-8")


@cache
def texts() -> dict[str, str]:
    """Everything that people write, by its name in the repository."""
    found = (path for folder in CITING for path in sorted((ROOT / folder).rglob("*")) if path.suffix in WRITTEN)
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in [*found, *ROOT.glob("*.md")]}


def ids_in(text: str) -> Iterator[str]:
    """Every id that a text cites; "A2 to A4" are three."""
    for cited in CITED.findall(text):
        yield from re.findall(ID, cited)
        for first, last in SPAN.findall(cited):
            yield from (f"{first[0]}{number}" for number in range(int(first[1:]), int(last[1:])))


def test_ids_are_read_as_they_are_written() -> None:
    assert set(ids_in("(SAFETY A2 to A4, D2) and SAFETY B1 and B12")) == {"A2", "A3", "A4", "D2", "B1", "B12"}


def test_every_rule_of_safety_that_is_cited_has_its_row() -> None:
    known = {rule.id for rule in rules()}
    cited = {name: set(ids_in(text)) for name, text in texts().items()}
    assert len(set().union(*cited.values())) > 40
    assert {name: sorted(ids - known) for name, ids in cited.items() if ids - known} == {}


def test_rules_stand_in_their_part_and_order_once() -> None:
    ids = [rule.id for rule in rules()]
    assert ids == sorted(set(ids), key=lambda one: (one[0], int(one[1:])))
    parts = re.findall(r"^## ([A-I])\. ", safety(), re.MULTILINE)
    assert parts == sorted({one[0] for one in ids})


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_what_keeps_a_rule_and_what_shows_it_exists(rule: Rule) -> None:
    kept, shown = FILE.findall(rule.kept_by), FILE.findall(rule.shown_by)
    assert (kept and shown) or NOT_YET in rule.words
    assert [name for name in kept if not (ROOT / "oversight" / name).is_file()] == []
    assert [name for name in shown if not (ROOT / "tests" / name).is_file()] == []


def test_a_page_links_to_what_is_there() -> None:
    links = [(page, link) for page in PAGES for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_a_page_that_is_named_is_there() -> None:
    named = {(name, page) for name, text in texts().items() for page in NAMED.findall(text)}
    assert named
    assert [(name, page) for name, page in named if not (ROOT / page).is_file()] == []


def test_no_comment_of_the_product_cites_what_does_not_ship() -> None:
    shipped = {name: text for name, text in texts().items() if name.startswith(("oversight/", "docs/"))}
    found = {
        name: NOT_SHIPPED.findall(text) for name, text in shipped.items() if name.endswith((".py", ".md", ".html"))
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_every_page_is_named_by_the_readme_or_by_a_page_that_is() -> None:
    words = {page.name: page.read_text("utf-8") for page in PAGES}
    led_to = {name for name in words if f"(docs/{name})" in words["README.md"]}
    further = {name for name in words for page in led_to if name in words[page] and name != page}
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - led_to - further == set()
    assert {"safety.md", "contracts.md"} <= led_to
