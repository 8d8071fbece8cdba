"""Imports a Census Gazetteer file: centre and area of the governments that the record holds, found by GEOID."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from oversight.domain.gazetteer import COLUMNS, GazetteerRow, read_row
from oversight.errors import ConfigurationError
from oversight.services.atlas_file import Remark
from oversight.services.record import load_record
from oversight.services.record_entries import JurisdictionEntry
from oversight.services.record_kinds import RecordFiles
from oversight.storage.revisions import newest

ACTOR = "flask record import-gazetteer"
FILLED = ("latitude", "longitude", "land_km2", "water_km2")


@dataclass
class GazetteerReport:
    """What an import did; `unknown` rows are of places that the record does not hold under their GEOID."""

    written: int = 0
    same: int = 0
    unknown: int = 0
    without_geoid: int = 0
    remarks: list[Remark] = field(default_factory=list)


def import_gazetteer(session: Session, path: Path, *, replace: bool, now: datetime) -> GazetteerReport:
    """Fill what the record does not know of its governments; what it knows otherwise stays, unless `replace`."""
    report = GazetteerReport()
    held = [JurisdictionEntry.model_validate(after) for after in newest(session, "jurisdiction").values()]
    by_geoid = {entry.geoid: entry for entry in held if entry.geoid}
    report.without_geoid = len(held) - len(by_geoid)
    changed: dict[str, JurisdictionEntry] = {}
    for line, row in read_gazetteer(path):
        if isinstance(row, Remark):
            report.remarks.append(row)
        elif (entry := by_geoid.get(row.geoid)) is None:
            report.unknown += 1
        elif entry.state not in (None, row.state):
            report.remarks.append(Remark(line, f"{row.geoid} lies in {row.state} here, in {entry.state} in the record"))
        else:
            fresh, remarks = filled(entry, row, replace=replace)
            report.remarks += [Remark(line, words) for words in remarks]
            report.same += fresh == entry
            changed[entry.key] = fresh
    written = load_record(
        session,
        RecordFiles.of(changed.values()),
        actor=ACTOR,
        reason=f"imported from {path.name}",
        now=now,
    )
    report.written = written["jurisdiction"]
    return report


def read_gazetteer(path: Path) -> Iterator[tuple[int, GazetteerRow | Remark]]:
    """Every row with its line, or what is wrong with it; raises ConfigurationError for another sort of file."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline().removeprefix("\ufeff")
            mark = "\t" if "\t" in first else "|"
            names = [name.strip() for name in first.split(mark)]
            if missing := [name for name in COLUMNS if name not in names]:
                raise ConfigurationError(f"{path.name}: the file lacks the columns {', '.join(missing)}")
            for line, text in enumerate(file, start=2):
                if text.strip():
                    yield line, _read(line, names, text.rstrip("\r\n").split(mark))
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read: {error.strerror}") from error


def _read(line: int, names: list[str], cells: list[str]) -> GazetteerRow | Remark:
    if len(cells) != len(names):
        return Remark(line, f"it has {len(cells)} cells where the file has {len(names)} columns")
    try:
        return read_row(dict(zip(names, cells, strict=True)))
    except ValueError as error:
        return Remark(line, str(error))


def filled(entry: JurisdictionEntry, row: GazetteerRow, *, replace: bool) -> tuple[JurisdictionEntry, list[str]]:
    """The entry with what it did not know, and what it knows otherwise."""
    values = {name: getattr(row, name) for name in FILLED}
    known = {name: value for name in FILLED if (value := getattr(entry, name)) is not None}
    kept = {} if replace else known
    remarks = [
        f"{entry.key}: {name} is {value} in the record and {values[name]} here: left as it is"
        for name, value in kept.items()
        if value != values[name]
    ]
    return entry.model_copy(update=values | kept), remarks
