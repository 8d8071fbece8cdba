"""A page that a word processor made: bookmarks part it into pieces, and nothing else does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from oversight.domain.page import BLOCKS, words

LABEL = re.compile(
    r"\(?(\d{1,3}|[A-Za-z]|[ivx]{1,5}|[IVX]{1,5})([.)]|\.\d{1,3})([.\d]{0,8}|\.?[A-Za-z])[.)]{0,2}"
    r"|\d{1,4}( - \d{1,4})?|[•·▪*–-]"
)


@dataclass
class Piece:
    """What stands between one bookmark and the next; `links` are addresses as they are written, with their words."""

    mark: str
    links: list[tuple[str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    ends_with: HtmlElement | None = None

    @property
    def lines(self) -> list[str]:
        """The lines that say something: neither blank, nor a bullet, nor the number of an item or of a page."""
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return [line for line in lines if line and not LABEL.fullmatch(line)]


def pieces(root: HtmlElement, mark: re.Pattern[str], *, in_table: bool = False) -> list[Piece]:
    """The pieces of a page in its order; `mark` matches the whole name of a bookmark.

    With `in_table` a piece whose bookmark stands in a table ends with that table.
    """
    found: list[Piece] = []
    current: Piece | None = None
    for event, element in _walk(root):
        name = element.get("name") if event == "start" and element.tag == "a" else None
        if name and mark.fullmatch(name):
            table = next(element.iterancestors("table"), None) if in_table else None
            current = Piece(name, ends_with=table)
            found.append(current)
        if current is not None:
            _take(current, event, element)
            if event == "end" and element is current.ends_with:
                current = None
    return found


def _walk(root: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if isinstance(element.tag, str):
            yield event, element


def _take(piece: Piece, event: str, element: HtmlElement) -> None:
    if element.tag in BLOCKS:
        piece.parts.append("\n")
    if event == "end":
        piece.parts.append((element.tail or "").replace("\n", " "))
        return
    piece.parts.append((element.text or "").replace("\n", " "))
    href = element.get("href") if element.tag == "a" else None
    if href:
        piece.links.append((href, words(element)))
