"""Cells of a table that spreadsheets open: nothing that a feed or a person wrote may run as a formula (SAFETY D4)."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Any

MOST_ROWS = 100_000
_STARTS = frozenset("=+-@|\uff1d\uff0b\uff0d\uff20\uff5c")
_BREAKS = ("\t", "\r", "\n")
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a file as RFC 4180 has them, each ending in CRLF, one at a time; at most 100,000 rows."""
    line: list[str] = []
    writer = csv.writer(_Into(line), lineterminator="\r\n")
    writer.writerow(header)
    yield line.pop()
    for row in islice(rows, MOST_ROWS):
        writer.writerow([cell(value) for value in row])
        yield line.pop()


def cell(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula; several values stand apart by "; "."""
    text = plain(value)
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may run it: by its first character that can be seen, or by a break before any."""
    if text.startswith(_BREAKS):
        return True
    first = next((one for one in text if not (one.isspace() or unicodedata.category(one) in _UNSEEN)), "")
    return first in _STARTS and first != ""


def plain(value: Any) -> str:
    """A value as text: nothing for None, yes and no, ISO 8601 for days and moments, the stored word for an enum."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(plain(one) for one in value)
    return str(value)


class _Into:
    """What csv writes to: it keeps the one line that was written last."""

    def __init__(self, line: list[str]) -> None:
        self.line = line

    def write(self, text: str) -> None:
        self.line.append(text)
