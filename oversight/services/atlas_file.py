"""Reads the Atlas of Surveillance's table: its rows, and what is wrong with the others, by line."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from oversight.domain.atlas_row import COLUMNS, SHARE_ALIKE, AtlasRow, RefusedRowError, read_row
from oversight.errors import ConfigurationError

HEAD_LINES = 20  # a licence may stand above the names of the columns
LOST = "\ufffd"


@dataclass(frozen=True)
class Remark:
    """What is to be said about one line of a file."""

    line: int
    text: str


def read_atlas(path: Path, *, today: date) -> Iterator[tuple[int, AtlasRow | Remark]]:
    """Every row with its line, or why it is refused; raises ConfigurationError for a file that is no Atlas table."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = _numbered(csv.reader(file))
            names = _header(rows, path.name)
            seen: dict[str, int] = {}
            for line, cells in rows:
                if isinstance(cells, str):
                    yield line, Remark(line, cells)
                elif any(cell.strip() for cell in cells):
                    yield line, _read(line, names, cells, seen, today=today)
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read: {error.strerror}") from error


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | str]]:
    """The cells of each row with the line on which it begins, or why they cannot be told apart."""
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"it is no row of a table: {error}"


def _header(rows: Iterator[tuple[int, list[str] | str]], name: str) -> list[str]:
    for line, cells in rows:
        words = cells if isinstance(cells, list) else []
        if marked := SHARE_ALIKE.search(" ".join(words)):
            raise ConfigurationError(
                f"{name}: the file is marked {marked[0]!r}, a share-alike database licence. What is made of such data "
                "must keep that licence; the record is CC BY 4.0, so nothing of it was imported"
            )
        if COLUMNS[0] in (cell.strip() for cell in words):
            names = [cell.strip() for cell in words]
            if missing := [column for column in COLUMNS if column not in names]:
                raise ConfigurationError(f"{name}: the table lacks the columns {', '.join(missing)}")
            return names
        if line > HEAD_LINES:
            break
    raise ConfigurationError(f"{name}: no line names the columns of the Atlas of Surveillance (AOSNUMBER, City, ...)")


def _read(line: int, names: list[str], cells: list[str], seen: dict[str, int], *, today: date) -> AtlasRow | Remark:
    if len(cells) != len(names):
        return Remark(line, f"it has {len(cells)} cells where the table has {len(names)} columns")
    named: Mapping[str, str] = dict(zip(names, cells, strict=True))
    if any(LOST in cell for cell in cells):
        return Remark(line, "it is not UTF-8")
    try:
        row = read_row(named, today=today)
    except RefusedRowError as error:
        return Remark(line, str(error))
    first = seen.setdefault(row.atlas_id, line)
    return row if first == line else Remark(line, f"{row.atlas_id} was given on line {first} already")
