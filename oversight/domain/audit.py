"""Finds every revision that was altered, removed, added or moved, from the history and its journal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oversight.domain.revision import Sealed, journal_hash, revision_hash


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `entity` is empty where it is the journal itself."""

    entity: str
    key: str
    version: int | None
    fault: str


@dataclass(frozen=True)
class Head:
    """The end of the journal: how many entries it has, and the hash of the last."""

    sequence: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class StoredRevision:
    """A revision as it is stored; `journalled` is the hash that the journal keeps of it, None where it has none."""

    entity: str
    key: str
    version: int
    before: dict[str, Any] | None
    after: dict[str, Any]
    actor: str
    reason: str
    sources: list[str]
    at: datetime
    previous_hash: str | None
    hash: str
    journalled: str | None


@dataclass(frozen=True)
class JournalEntry:
    """An entry as it is stored; `is_there` says whether the history still has its revision."""

    sequence: int
    sealed: Sealed
    hash: str
    is_there: bool


def history_faults(revisions: Iterable[StoredRevision]) -> Iterator[Fault]:
    """What is wrong with the chain of each thing; its revisions must come together, oldest first."""
    before: StoredRevision | None = None
    for row in revisions:
        previous = before if before and (before.entity, before.key) == (row.entity, row.key) else None
        yield from (Fault(row.entity, row.key, row.version, words) for words in _wrong_with(row, previous))
        before = row


def _wrong_with(row: StoredRevision, previous: StoredRevision | None) -> Iterator[str]:
    due = previous.version + 1 if previous else 1
    if row.version != due:
        missing = f"version {due} is" if row.version == due + 1 else f"versions {due} to {row.version - 1} are"
        yield f"{missing} missing before it"
    elif row.previous_hash != (previous.hash if previous else None):
        yield "it does not follow from the version before it"
    change: dict[str, Any] = {"entity": row.entity, "key": row.key, "before": row.before, "after": row.after}
    change |= {"actor": row.actor, "reason": row.reason, "sources": row.sources}
    if revision_hash(previous=row.previous_hash, change=change, at=row.at) != row.hash:
        yield "it was altered: its content does not give its hash"
    if row.journalled is None:
        yield "it was added from outside: the journal does not know it"
    elif row.journalled != row.hash:
        yield "it was altered: the journal keeps another hash of it"


def journal_faults(entries: Iterable[JournalEntry], head: Head | None) -> Iterator[Fault]:
    """What is wrong with the journal, and which revisions it knows that the history has not; oldest entry first."""
    last = Head(0, "")
    for entry in entries:
        if entry.sequence != last.sequence + 1:
            yield _of_journal(last.sequence + 1, entry.sequence - 1, "missing")
        elif journal_hash(last.hash, entry.sequence, entry.sealed) != entry.hash:
            yield _of_journal(entry.sequence, entry.sequence, "altered")
        if not entry.is_there:
            yield Fault(entry.sealed.entity, entry.sealed.key, entry.sealed.version, "it was removed")
        last = Head(entry.sequence, entry.hash)
    if last != (head or Head(0, "")):
        yield from _end_faults(last, head)


def _end_faults(last: Head, head: Head | None) -> Iterator[Fault]:
    if head is None:
        yield Fault("", "", None, "the note of where the journal ends was removed")
    elif head.sequence > last.sequence:
        yield _of_journal(last.sequence + 1, head.sequence, "missing")
    else:
        yield Fault("", "", None, f"the journal goes on to entry {last.sequence} and was to end with {head.sequence}")


def checkpoint_fault(kept: Head, found: str | None) -> Iterator[Fault]:
    """Whether the journal still holds an entry whose hash was noted elsewhere; `found` is the hash it has now."""
    if found is None:
        yield Fault("", "", None, f"the journal ended with entry {kept.sequence} once and does not reach it now")
    elif found != kept.hash:
        yield Fault("", "", None, f"entry {kept.sequence} of the journal is another one than was noted")


def _of_journal(first: int, last: int, what: str) -> Fault:
    entries = f"entry {first} of the journal is" if first == last else f"entries {first} to {last} of the journal are"
    return Fault("", "", None, f"{entries} {what}")
