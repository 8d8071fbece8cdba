"""A plain page taken apart: what stands outside of menus and footers, block by block and row by row."""

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from oversight.domain.local_time import WRITTEN_DAY
from oversight.domain.page import BLOCKS, absolute, text_of, words
from oversight.platforms.page_words import is_meaningful

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FURNITURE = frozenset(
    ("nav", "aside", "footer", "dialog", "select", "button", "textarea", "label", "legend", "iframe", "object", "head")
)
ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menubar", "toolbar")
)
CHROME = re.compile(
    r"((main|site|page|global|primary|secondary|tertiary|top|sub|side|left|right|mobile|footer|header|mega|user|quick|local"
    r"|utility|block|region|widget|social|share|cookie|skip)[-_]?)?"
    r"(nav|navbar|navigation|menu|menus|breadcrumbs?|pager|pagination|footer|sidebar|masthead|cookies?|cookieconsent|consent"
    r"|gdpr|sharing|sharethis|addthis|addtoany\w*|social|skiplinks?|skip|feedback|translate|copyright|search|searchbox|language)"
    r"([-_]?(bar|list|links?|container|wrapper|block|inner|items?|icons?|buttons?|banner|notice|consent|form|box|media|nav))?"
    r"|visually-hidden|sr-only|element-invisible|screen-reader-text|screenRead|site-?header|header|masthead|print-only",
    re.I,
)
LONGEST_RECORD = 1_500
LONGEST_CARD = 600


@dataclass(frozen=True)
class Link:
    """A link that leads somewhere, with its words."""

    url: str
    label: str


@dataclass(frozen=True)
class Block:
    """One piece of a page: `cells` are a row's, each with the head of its column, `headings` what stands above.

    `furniture` are the words of links that lead nowhere of the council's.
    """

    text: str
    links: tuple[Link, ...]
    furniture: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    is_record: bool = False


def blocks_of(tree: HtmlElement, base: str) -> list[Block]:
    """The blocks of a page in their order; the tree is changed."""
    _prune(tree)
    mains = [main for main in tree.iter() if main.tag == "main" or main.get("role") == "main"]
    is_said_there = len(mains) == 1 and words(mains[0])
    return _Walk(base).over(mains[0] if is_said_there else tree)


def _prune(tree: HtmlElement) -> None:
    for element in list(tree.iter()):
        if element.getparent() is not None and _is_chrome(element):
            element.drop_tree()


def _is_chrome(element: HtmlElement) -> bool:
    if element.tag in ("html", "body", "main") or not isinstance(element.tag, str):
        return False
    if element.tag in FURNITURE or element.get("role") in ROLES or element.get("hidden") is not None:
        return True
    if element.tag == "header":
        return next(element.iterancestors("main", "article", "section"), None) is None
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if not any(CHROME.fullmatch(name) for name in names):
        return False
    return next(element.iter("main", "article", "h1"), None) is None


class _Walk:
    """One pass over the page without recursion, because a page may be nested deeper than Python's stack."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.found: list[Block] = []
        self.headings: list[tuple[int, str]] = []
        self.said: list[str] = []
        self.links: list[HtmlElement] = []

    def over(self, root: HtmlElement) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if not isinstance(element.tag, str):
                continue
            if event == "start":
                if self._enter(element):
                    walk.skip_subtree()
            else:
                self._leave(element, root)
        self._flush()
        return self.found

    def _enter(self, element: HtmlElement) -> bool:
        """Take in an element; True where it was taken whole."""
        is_heading = element.tag in HEADINGS
        if element.tag in BLOCKS or is_heading:
            self._flush()
        if is_heading:
            self._head(element)
            return True
        if _is_record(element):
            self._flush()
            if element.tag != "tr" or element.find("td") is not None:
                self._add(text_of(element), list(element.iter("a")), _cells(element))
            return True
        if element.tag == "a" and next(element.iter(*BLOCKS), None) is not None:
            self._flush()
            self._add(text_of(element), [element])
            return True
        if element.tag == "a":
            self.links.append(element)
        self.said.append(element.text or "")
        return False

    def _leave(self, element: HtmlElement, root: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._flush()
        if element is not root:
            self.said.append(element.tail or "")

    def _head(self, element: HtmlElement) -> None:
        level = int(element.tag[1])
        self.headings = [(above, text) for above, text in self.headings if above < level]
        self._add(text_of(element), list(element.iter("a")))
        if words(element):
            self.headings.append((level, words(element)))

    def _flush(self) -> None:
        text = " ".join("".join(self.said).split())
        anchors = self.links
        self.said, self.links = [], []
        if text or anchors:
            self._add(text, anchors)

    def _add(self, text: str, anchors: list[HtmlElement], cells: tuple[tuple[str, str], ...] | None = None) -> None:
        found: dict[Link, None] = {}
        furniture = []
        for anchor in anchors:
            url, label = absolute(anchor.get("href"), self.base), _label(anchor)
            if url is not None and is_meaningful(url, label):
                found[Link(url, label)] = None
            elif label:
                furniture.append(label)
        above = tuple(heading for _, heading in reversed(self.headings))
        self.found.append(Block(text, tuple(found), tuple(furniture), above, cells or (), cells is not None))


def _label(anchor: HtmlElement) -> str:
    """The words of a link, or what stands for them where it is a picture."""
    pictures = (image.get("alt") or "" for image in anchor.iter("img"))
    said = (words(anchor), anchor.get("aria-label") or "", anchor.get("title") or "", *pictures)
    return next((" ".join(one.split()) for one in said if one.strip()), "")


def _is_record(element: HtmlElement) -> bool:
    """A row, an entry of a list, or a card that is one thing: short, and with one day at most if it holds others."""
    is_card = element.tag == "article" or "views-row" in (element.get("class") or "").split()
    if element.tag not in ("tr", "li") and not is_card:
        return False
    if next(element.iter("table"), None) is not None:
        return False
    text = text_of(element)
    inner = [one for one in element.iter("tr", "li", "article", *HEADINGS) if one is not element]
    days = {match.group().casefold() for match in WRITTEN_DAY.finditer(text)}
    if inner or is_card:
        return len(days) == 1 and len(text) <= LONGEST_CARD
    return len(text) <= LONGEST_RECORD


def _cells(element: HtmlElement) -> tuple[tuple[str, str], ...]:
    """The cells of a row under the heads of their columns; the lines of anything else."""
    if element.tag != "tr":
        return tuple(("", line) for line in text_of(element).split("\n") if line)
    table = next(element.iterancestors("table"), None)
    heads = [words(head) for head in _head_row(table)] if table is not None else []
    cells = [words(cell) for cell in element.iterchildren("td", "th")]
    return tuple((heads[place] if place < len(heads) else "", cell) for place, cell in enumerate(cells))


def _head_row(table: HtmlElement) -> list[HtmlElement]:
    row = next(table.iter("tr"), None)
    return [] if row is None else list(row.iterchildren("th"))
