"""The tables of Legistar's public pages (Telerik's RadGrid), whose columns every council names and orders anew."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from oversight.domain.page import absolute, words

OPENED = re.compile(r"'((?:https?://[^'/]+/)?\w+\.aspx\?[^']*)'")
CONTROL = re.compile(r"_((?:hyp|lbl)[A-Za-z]\w*)$")
NUMBER = re.compile(r"[?&]ID=(\d+)", re.I)
DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
NONE = ("not available", "")


@dataclass(frozen=True)
class Cell:
    """A field of a row: its words, the clerk's note beside them, and where it leads."""

    text: str
    url: str | None = None
    note: str = ""

    @property
    def number(self) -> str | None:
        """The public site's number of the thing that the field leads to."""
        found = NUMBER.search(self.url or "")
        return found.group(1) if found else None


Cells = dict[str, Cell]
EMPTY = Cell("")


def cell(row: Cells, *names: str) -> Cell:
    """The first of the fields that is there, by the name of its column or of its control."""
    return next((row[name] for name in names if name in row), EMPTY)


def cell_like(row: Cells, pattern: str) -> Cell:
    """The first field whose column's name matches."""
    return next((row[name] for name in row if re.search(pattern, name)), EMPTY)


def grids(page: HtmlElement, base: str) -> list[list[Cells]]:
    """The rows of every table of the page."""
    tables = (table for table in page.iter("table") if "rgMasterTable" in (table.get("class") or ""))
    return [rows_of_table(table, base) for table in tables]


def rows_of_table(table: HtmlElement, base: str) -> list[Cells]:
    """The rows, each field under its column's name and, where it has one, under its control's name."""
    names = [_name(words(head)) for head in table.iter("th") if "rgHeader" in (head.get("class") or "")]
    rows = (row for row in table.iter("tr") if {"rgRow", "rgAltRow"} & set((row.get("class") or "").split()))
    return [_cells(names, [field for field in row if field.tag == "td"], base) for row in rows]


def rows_of_json(parsed: object) -> list[Cells]:
    """The rows of a calendar that was kept as JSON: words, or words and an address, under each column's name."""
    rows = parsed if isinstance(parsed, list) else []
    return [
        {_name(name): _kept(value) for name, value in row.items() if _name(name)}
        for row in rows
        if isinstance(row, dict)
    ]


def is_calendar(rows: Iterable[Cells]) -> bool:
    """Whether rows are meetings: they have a day, and what leads to a calendar entry or to the meeting."""
    return any(day_of(row) and ("icalendar" in row or "hypical" in row or "meeting details" in row) for row in rows)


def day_of(row: Cells) -> str:
    """The day of a meeting, as it is written."""
    named = cell(row, "meeting date", "date").text
    return named or next((field.text for field in row.values() if DAY.fullmatch(field.text)), "")


def is_said(field: Cell) -> bool:
    """Whether a field says more than that there is nothing."""
    return field.text.casefold() not in NONE


def _cells(names: list[str], fields: list[HtmlElement], base: str) -> Cells:
    row: Cells = {}
    for name, field in zip(names, fields, strict=False):
        found = _cell(field, base)
        if name or "M=IC" in (found.url or ""):
            row.setdefault(name or "icalendar", found)
        for element in field.iter("a", "span"):
            control = CONTROL.search(element.get("id") or "")
            if control:
                row.setdefault(control.group(1).casefold(), found)
    return row


def _cell(field: HtmlElement, base: str) -> Cell:
    notes = [words(note) for note in field.iter("em")]
    for note in list(field.iter("em")):
        note.drop_tree()
    return Cell(words(field), _address(field, base), " ".join(note for note in notes if note))


def _address(field: HtmlElement, base: str) -> str | None:
    """Where a field leads: an address, or the page that a script would open."""
    for anchor in field.iter("a"):
        opened = OPENED.search(anchor.get("onclick") or "")
        found = absolute(anchor.get("href"), base) or (absolute(opened.group(1), base) if opened else None)
        if found:
            return found
    return None


def _kept(value: object) -> Cell:
    label, url = (value.get("label"), value.get("url")) if isinstance(value, dict) else (value, None)
    text, _, note = (label if isinstance(label, str) else "").partition("--em--")
    # The tool that keeps calendars so is known to leave out the slash behind the host.
    address = re.sub(r"(\.com)(?=\w+\.aspx)", r"\1/", url) if isinstance(url, str) else None
    return Cell(_line(text), address, _line(note.replace("--em--", " ")))


def _line(text: str) -> str:
    return " ".join(text.split())


def _name(text: str) -> str:
    name = _line(text).casefold()
    return "icalendar" if name == "ics" else name
