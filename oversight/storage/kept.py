"""What pages read of the whole record, kept in memory for as long as nobody changes the record.

The end of the journal names a state of the record: what was read under one end is true while that is the end. Only what
the journal covers may be kept: nothing that feeds bring, and nothing of the looks at addresses.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from oversight.domain.audit import Head
from oversight.storage.engine import KEPT, is_reading
from oversight.storage.journal import journal_head

MOST = 50
Value = TypeVar("Value")


def kept(session: Session, name: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` reads of the record, under a name of its own; whoever writes, or has no journal, reads afresh.

    Nobody may change what is handed out.
    """
    memory, head = session.info.get(KEPT), _head(session)
    if memory is None or head is None or not head.sequence:
        return read()
    values = _of(memory, head)
    if name not in values:
        values[name] = read()
    found: Value = values[name]
    return found


def _head(session: Session) -> Head | None:
    """The end of the journal, asked once a session, and before what is read.

    A change in between makes what is kept newer than its name: nobody gets what is older.
    """
    if not is_reading(session):
        return None
    if Head not in session.info:
        session.info[Head] = journal_head(session)
    found: Head | None = session.info[Head]
    return found


def _of(memory: dict[str, tuple[Head, dict[Hashable, Any]]], head: Head) -> dict[Hashable, Any]:
    """What is kept of this state; another state, or too much, is forgotten at once."""
    known = memory.get(KEPT)
    if known is None or known[0] != head or len(known[1]) >= MOST:
        known = memory[KEPT] = (head, {})
    return known[1]
