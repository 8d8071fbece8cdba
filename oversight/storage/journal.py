"""Writes the journal of all revisions, and reads it beside the history: what one lacks, the other shows."""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import and_, event, select, update
from sqlalchemy.orm import Session

from oversight.domain.audit import Head, JournalEntry, StoredRevision
from oversight.domain.revision import Sealed, journal_hash
from oversight.storage.models import JournalHeadRow, JournalRow, RevisionRow
from oversight.storage.upsert import insert_all, insert_rows

UNSEALED = "unsealed revisions"
AT_A_TIME = 500
SAME = and_(
    JournalRow.entity == RevisionRow.entity,
    JournalRow.entity_key == RevisionRow.entity_key,
    JournalRow.version == RevisionRow.version,
)


def seal_at_commit(session: Session, revisions: Iterable[Sealed], *, is_kept: Callable[[], bool]) -> None:
    """Have revisions journalled when their transaction commits, unless they were taken back until then.

    Everyone who writes waits for the journal's end; taking it last keeps that short, and out of every deadlock.
    """
    if UNSEALED not in session.info:
        event.listen(session, "before_commit", _seal)
    session.info.setdefault(UNSEALED, []).extend((sealed, is_kept) for sealed in revisions)


def _seal(session: Session) -> None:
    session.flush()
    waiting = [sealed for sealed, is_kept in session.info[UNSEALED] if is_kept()]
    session.info[UNSEALED] = []
    if not waiting:
        return
    head, entries = _end_for_writing(session), []
    for sealed in waiting:
        head = Head(head.sequence + 1, journal_hash(head.hash, head.sequence + 1, sealed))
        entries.append(
            {
                "sequence": head.sequence,
                "entity": sealed.entity,
                "entity_key": sealed.key,
                "version": sealed.version,
                "revision_hash": sealed.hash,
                "hash": head.hash,
            }
        )
    insert_rows(session, JournalRow, entries)
    session.execute(update(JournalHeadRow.__table__).values(sequence=head.sequence, hash=head.hash))  # type: ignore[arg-type]


def _end_for_writing(session: Session) -> Head:
    """The end of the journal, held until the transaction ends."""
    query = select(JournalHeadRow.sequence, JournalHeadRow.hash).with_for_update()
    found = session.execute(query).one_or_none()
    if found is None:
        insert_all(session, JournalHeadRow, [{"id": 1, "sequence": 0, "hash": ""}])
        found = session.execute(query).one()
    return Head(*found)


def journal_head(session: Session) -> Head | None:
    """The end of the journal; None before its first entry."""
    found = session.execute(select(JournalHeadRow.sequence, JournalHeadRow.hash)).one_or_none()
    return Head(*found) if found else None


def journal_hash_at(session: Session, sequence: int) -> str | None:
    """The hash of one entry; None where the journal has no such entry."""
    return session.scalar(select(JournalRow.hash).where(JournalRow.sequence == sequence))


def stored_revisions(session: Session) -> Iterator[StoredRevision]:
    """Every revision, those of one thing together and in order, a few in memory at a time."""
    columns = [
        column for name, column in RevisionRow.__table__.columns.items() if name not in ("id", "entity", "entity_key")
    ]
    query = (
        select(
            RevisionRow.entity,
            RevisionRow.entity_key.label("key"),
            *columns,
            JournalRow.revision_hash.label("journalled"),
        )
        .outerjoin(JournalRow, SAME)
        .order_by(RevisionRow.entity, RevisionRow.entity_key, RevisionRow.version)
        .execution_options(yield_per=AT_A_TIME)
    )
    return (StoredRevision(**row) for row in session.execute(query).mappings())


def journal_entries(session: Session) -> Iterator[JournalEntry]:
    """Every entry of the journal in order, a few in memory at a time."""
    query = (
        select(JournalRow.__table__, RevisionRow.id.is_not(None).label("is_there"))
        .outerjoin(RevisionRow, SAME)
        .order_by(JournalRow.sequence)
        .execution_options(yield_per=AT_A_TIME)
    )
    return (
        JournalEntry(
            row.sequence, Sealed(row.entity, row.entity_key, row.version, row.revision_hash), row.hash, row.is_there
        )
        for row in session.execute(query)
    )
