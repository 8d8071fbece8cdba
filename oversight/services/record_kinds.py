"""The kinds of entry that a record is made of, read off the form of its files: a new kind needs no line here."""

import re
from dataclasses import dataclass, fields
from functools import cache
from typing import get_args, get_type_hints

from oversight.services.record_entries import Entry
from oversight.services.record_files import RecordFiles


@dataclass(frozen=True)
class RecordKind:
    """One kind of entry: what its revisions call it, the name of its file without the ending, its form."""

    noun: str
    file: str
    form: type[Entry]


@cache
def record_kinds() -> tuple[RecordKind, ...]:
    """Every kind, in the order in which a load writes them."""
    hints = get_type_hints(RecordFiles)
    forms = {field.name: get_args(hints[field.name])[0] for field in fields(RecordFiles)}
    return tuple(RecordKind(noun_of(form), file, form) for file, form in forms.items())


def noun_of(form: type[Entry]) -> str:
    """The word for a kind: `RecordsRequestEntry` is "records_request"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", form.__name__.removesuffix("Entry")).lower()


def some_files(**entries: tuple[Entry, ...]) -> RecordFiles:
    """A record that holds these entries, by file, and nothing else."""
    return RecordFiles(**{kind.file: entries.get(kind.file, ()) for kind in record_kinds()})  # type: ignore[arg-type]
