"""The record as a folder of JSON files: reading it, with every fault reported at once."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from oversight.domain.keepable import is_keepable
from oversight.errors import ConfigurationError
from oversight.services.record_entries import Entry
from oversight.services.record_kinds import RecordFiles, record_kinds
from oversight.services.record_shape import Place, keys_in

Kind = TypeVar("Kind", bound=Entry)
UNFINISHED = ".export-unfinished"  # stands in a folder while an export puts its files there


def read_record(folder: Path, technologies: Collection[str]) -> RecordFiles:
    """The record in a folder; raises ConfigurationError with every fault, each with its file and entry."""
    if (folder / UNFINISHED).exists():
        raise ConfigurationError(f"an export into {folder} was cut short: its files do not belong together")
    faults: list[str] = []
    read = (read_entries(folder / f"{kind.file}.json", kind.form, faults.append) for kind in record_kinds())
    record = RecordFiles.of(entry for entries in read for entry in entries)
    if not faults:
        faults.extend(reference_faults(record, technologies))
    if faults:
        raise ConfigurationError(f"the record in {folder} cannot be used:\n" + "\n".join(faults))
    return record


def read_entries(path: Path, kind: type[Kind], report: Callable[[str], None]) -> Iterator[Kind]:
    """The rows of one file that are in form; what is wrong with the others is reported."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        report(f"{path.name}: cannot be read as JSON: {error}")
        return
    if not isinstance(rows, list):
        report(f"{path.name}: must be a list of entries")
        return
    for number, row in enumerate(rows, start=1):
        if not is_keepable(row):
            report(f"{path.name}: {name_of(row, number)}: holds a number or a character that no database keeps")
            continue
        try:
            yield kind.model_validate(row)
        except ValidationError as error:
            for fault in error.errors():
                where = ".".join(str(part) for part in fault["loc"])
                report(f"{path.name}: {name_of(row, number)}: {where}: {fault['msg']}")


def name_of(row: Any, number: int) -> str:
    """How a message calls an entry: by its key, or by its place in the file."""
    key = row.get("key") if isinstance(row, dict) else None
    return f'entry "{key}"' if key else f"entry number {number}"


@dataclass(frozen=True)
class Reference:
    """One place in an entry that names something by its key."""

    file: str
    entry: str
    place: Place
    noun: str
    key: str


def reference_faults(record: RecordFiles, technologies: Collection[str]) -> Iterator[str]:
    """Keys used twice, and keys that are named and do not exist."""
    known: dict[str, Collection[str]] = {kind.noun: {one.key for one in found} for kind, found in record.entries()}
    yield from repeated_keys(record)
    for reference in unknown_references(record, known | {"technology": technologies}):
        yield f'{reference.file}.json: entry "{reference.entry}": unknown {reference.noun} "{reference.key}"'


def unknown_references(record: RecordFiles, known: Mapping[str, Collection[str]]) -> Iterator[Reference]:
    """What the entries name and does not exist; `known` holds the keys of each noun."""
    for kind, entries in record.entries():
        for entry in entries:
            for place, names, key in keys_in(entry):
                if names.is_checked and key not in known[names.noun]:
                    yield Reference(kind.file, entry.key, place, names.noun, key)


def repeated_keys(record: RecordFiles) -> Iterator[str]:
    """One line for each key that two entries of a file share."""
    for kind, entries in record.entries():
        for key, times in Counter(entry.key for entry in entries).items():
            if times > 1:
                yield f'{kind.file}.json: entry "{key}": the key is used {times} times'
