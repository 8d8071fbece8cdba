"""The kinds of entry that a record is made of, those first that others name: a load writes them in this order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, get_args, get_type_hints

from oversight.services.record_entries import (
    ActionEntry,
    DeploymentEntry,
    JurisdictionEntry,
    PolicyEntry,
    SourceEntry,
    VendorEntry,
)
from oversight.services.record_parts import KeyedEntry


@dataclass(frozen=True)
class RecordFiles:
    """A whole record; each field is a file and a kind, and a new kind needs no other line to be read and written."""

    sources: tuple[SourceEntry, ...] = ()
    jurisdictions: tuple[JurisdictionEntry, ...] = ()
    vendors: tuple[VendorEntry, ...] = ()
    policies: tuple[PolicyEntry, ...] = ()
    deployments: tuple[DeploymentEntry, ...] = ()
    actions: tuple[ActionEntry, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[KeyedEntry]) -> "RecordFiles":
        """A record of these entries, each in the file of its kind."""
        files: dict[type[KeyedEntry], list[Any]] = {}
        for entry in entries:
            files.setdefault(type(entry), []).append(entry)
        return cls(**{kind.file: tuple(files.get(kind.form, ())) for kind in record_kinds()})

    def entries(self) -> Iterator[tuple["RecordKind", tuple[KeyedEntry, ...]]]:
        """The entries of each kind."""
        return ((kind, getattr(self, kind.file)) for kind in record_kinds())


@dataclass(frozen=True)
class RecordKind:
    """One kind of entry: what its revisions call it, the name of its file without the ending, its form."""

    noun: str
    file: str
    form: type[KeyedEntry]


@cache
def record_kinds() -> tuple[RecordKind, ...]:
    """Every kind."""
    hints = get_type_hints(RecordFiles)
    forms = {field.name: get_args(hints[field.name])[0] for field in fields(RecordFiles)}
    return tuple(RecordKind(noun_of(form), file, form) for file, form in forms.items())


def noun_of(form: type[KeyedEntry]) -> str:
    """The word for a kind: `RecordsRequestEntry` is "records_request"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", form.__name__.removesuffix("Entry")).lower()
