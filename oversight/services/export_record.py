"""The whole record as a folder of files: one a kind, entries by key, the same bytes for the same record."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from oversight.errors import ConfigurationError
from oversight.services.record_files import UNFINISHED
from oversight.services.record_kinds import RecordKind, record_kinds
from oversight.storage.revisions import newest

FILE_MODE = 0o644


def record_texts(session: Session) -> dict[str, str]:
    """The text of each file of the record, by its name; raises ConfigurationError where an entry lost its form."""
    return {f"{kind.file}.json": written(entries_of(session, kind)) for kind in record_kinds()}


def entries_of(session: Session, kind: RecordKind) -> list[dict[str, Any]]:
    """Every entry of a kind as its newest revision left it, by key."""
    found = newest(session, kind.noun)
    try:
        return [kind.form.model_validate(found[key]).model_dump(mode="json") for key in sorted(found)]
    except ValidationError as error:
        raise ConfigurationError(f"a {kind.noun} of the record is not in form: {error}") from error


def written(rows: list[dict[str, Any]]) -> str:
    """Rows as JSON: a line a value and names in order, so that a comparison shows what changed and no more."""
    return json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True) + "\n"


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Put these files into a folder, whole or not at all, and leave its other files alone.

    Every file is complete on disk before the first takes its place. Who stops us between the first and the last leaves
    a mark that `read_record` refuses, so that nobody loads half a new record and half an old one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished: dict[str, Path] = {}
        try:
            for name, text in texts.items():
                descriptor, path = mkstemp(dir=folder, prefix=f".{name}.")
                unfinished[name] = Path(path)
                _fill(descriptor, text)
                Path(path).chmod(FILE_MODE)
            _swap(folder, unfinished)
        finally:
            for left in unfinished.values():
                left.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written: {error.strerror}") from error


def _fill(descriptor: int, text: str) -> None:
    with open(descriptor, "wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def _swap(folder: Path, unfinished: Mapping[str, Path]) -> None:
    mark = folder / UNFINISHED
    mark.touch()
    _sync(folder)
    for name, path in unfinished.items():
        path.replace(folder / name)
    _sync(folder)
    mark.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
