"""A comparison as the lines of a file: one for each fact of a cell, or one for its blank."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from oversight.domain.compared import Cell, Entry, Row, Section, Side
from oversight.storage.queries.sources import SourceLine


@dataclass(frozen=True)
class ComparedLine:
    """One fact of one side, or why there is none; `sources` are addresses, or titles of sources without one."""

    section: Section
    row: Row
    side: Side
    cell: Cell
    entry: Entry | None
    is_strictest: bool
    sources: tuple[str, ...]


def compared_lines(
    sections: Iterable[Section], sides: Sequence[Side], sources: Mapping[str, SourceLine]
) -> Iterator[ComparedLine]:
    """Every row of every section, the silent ones too."""
    for section in sections:
        for row in (*section.rows, *section.silent):
            for place, (side, cell) in enumerate(zip(sides, row.cells, strict=True)):
                is_strictest = row.strictest is not None and place in row.strictest.places
                for entry in cell.entries or (None,):
                    keys = entry.sources if entry else cell.sources
                    told = tuple(sources[key].url or sources[key].title for key in keys if key in sources)
                    yield ComparedLine(section, row, side, cell, entry, is_strictest, told)
