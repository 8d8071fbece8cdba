"""Verifies the history: every revision against its own chain, the journal, and a checkpoint kept elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from oversight.domain.audit import Fault, Head, checkpoint_fault, history_faults, journal_faults
from oversight.storage.journal import journal_entries, journal_hash_at, journal_head, stored_revisions
from oversight.storage.revisions import things_without_history

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Verdict:
    """What was checked, and what is wrong."""

    revisions: int
    entries: int
    head: Head
    faults: tuple[Fault, ...]


class Counted(Generic[Thing]):
    """The same things, counted as they go by."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things, self.count = things, 0

    def __iter__(self) -> Iterator[Thing]:
        for thing in self.things:
            self.count += 1
            yield thing


def verify(session: Session, checkpoint: Head | None = None) -> Verdict:
    """Check the whole history; the session must see one moment, or a writer in between looks like a fault."""
    revisions, entries = Counted(stored_revisions(session)), Counted(journal_entries(session))
    head = journal_head(session)
    faults = [*history_faults(revisions), *journal_faults(entries, head)]
    if checkpoint:
        faults += checkpoint_fault(checkpoint, journal_hash_at(session, checkpoint.sequence))
    for entity, key in things_without_history(session):
        faults.append(Fault(entity, key, None, "the record has it, and the history has no version of it"))
    return Verdict(revisions.count, entries.count, head or Head(0, ""), tuple(faults))
