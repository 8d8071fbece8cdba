"""Appends to the history, and reads it; nothing here changes or removes a revision."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from oversight.domain.revision import Sealed, revision_hash
from oversight.domain.withdrawal import is_withdrawn
from oversight.storage.journal import seal_at_commit
from oversight.storage.models import (
    ActionRow,
    DeploymentRow,
    JurisdictionRow,
    PolicyRow,
    RevisionRow,
    SourceRow,
    VendorRow,
)
from oversight.storage.upsert import insert_rows

RECORD: Mapping[str, Any] = {
    "source": SourceRow,
    "jurisdiction": JurisdictionRow,
    "vendor": VendorRow,
    "policy": PolicyRow,
    "deployment": DeploymentRow,
    "action": ActionRow,
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What changed on one thing, who changed it and why; `before` is None where the thing is new.

    `follows` is the version that it was made from, where one must be: then a version that came in between breaks the
    unique constraint, and is never passed over.
    """

    entity: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    actor: str
    reason: str
    sources: tuple[str, ...] = ()
    follows: int | None = None


def add_revision(session: Session, change: Change, *, at: datetime) -> RevisionRow:
    """Append one revision; two writers of the same version are told apart by the unique constraint."""
    if change.follows is None:
        previous = last_revision(session, change.entity, change.key)
    else:
        previous = revision_at(session, change.entity, change.key, change.follows)
    columns = _columns(change, previous, at=at)
    row = RevisionRow(**columns)
    session.add(row)
    # What a savepoint took back is in no table.
    seal_at_commit(session, [_sealed(columns)], is_kept=lambda: inspect(row).persistent)
    return row


def add_first_revisions(session: Session, changes: Sequence[Change], *, at: datetime) -> None:
    """Append the first revision of each of many things that are new, all at once."""
    if session.in_nested_transaction():  # which may be taken back: then each must be asked whether it is still there
        for change in changes:
            add_revision(session, change, at=at)
        return
    rows = [_columns(change, None, at=at) for change in changes]
    insert_rows(session, RevisionRow, rows)
    transaction = session.get_transaction()
    seal_at_commit(session, map(_sealed, rows), is_kept=lambda: session.get_transaction() is transaction)


def _columns(change: Change, previous: RevisionRow | None, *, at: datetime) -> dict[str, Any]:
    """The row of a revision."""
    before = previous.hash if previous else None
    told: dict[str, Any] = {"before": change.before, "after": change.after, "actor": change.actor}
    told |= {"reason": change.reason, "sources": list(change.sources)}
    content = {"entity": change.entity, "key": change.key, **told}
    return told | {
        "entity": change.entity,
        "entity_key": change.key,
        "version": previous.version + 1 if previous else 1,
        "at": at,
        "previous_hash": before,
        "hash": revision_hash(previous=before, change=content, at=at),
    }


def _sealed(row: Mapping[str, Any]) -> Sealed:
    return Sealed(row["entity"], row["entity_key"], row["version"], row["hash"])


def history(session: Session, entity: str, key: str) -> list[RevisionRow]:
    """Every revision of one thing, oldest first."""
    query = select(RevisionRow).where(RevisionRow.entity == entity, RevisionRow.entity_key == key)
    return list(session.scalars(query.order_by(RevisionRow.version)))


def last_revision(session: Session, entity: str, key: str) -> RevisionRow | None:
    """The newest revision of one thing."""
    query = select(RevisionRow).where(RevisionRow.entity == entity, RevisionRow.entity_key == key)
    return session.scalars(query.order_by(RevisionRow.version.desc()).limit(1)).one_or_none()


def revision_at(session: Session, entity: str, key: str, version: int) -> RevisionRow | None:
    """One version of one thing."""
    query = select(RevisionRow).where(RevisionRow.entity == entity, RevisionRow.entity_key == key)
    return session.scalars(query.where(RevisionRow.version == version)).one_or_none()


def newest(
    session: Session, entity: str, keys: Collection[str] | None = None, *, actors: Collection[str] = ()
) -> dict[str, dict[str, Any]]:
    """What each thing of a noun, or of these, was after its newest revision, or the newest of these actors, by key.

    What was withdrawn is left out.
    """
    query = select(RevisionRow.entity_key, RevisionRow.after).where(RevisionRow.entity == entity)
    query = query if keys is None else query.where(RevisionRow.entity_key.in_(keys))
    query = query.where(RevisionRow.actor.in_(actors)) if actors else query
    found = {key: after for key, after in session.execute(query.order_by(RevisionRow.version))}
    return {key: after for key, after in found.items() if not is_withdrawn(after)}


def things_without_history(session: Session) -> Iterator[tuple[str, str]]:
    """What the record holds and no revision speaks of."""
    for entity, table in RECORD.items():
        known = select(RevisionRow.id).where(RevisionRow.entity == entity, RevisionRow.entity_key == table.key)
        for key in session.scalars(select(table.key).where(~known.exists()).order_by(table.key)):
            yield entity, key


def last_changes(session: Session, entity: str) -> dict[str, datetime]:
    """When each thing of one kind changed last, by its key."""
    query = select(RevisionRow.entity_key, func.max(RevisionRow.at)).where(RevisionRow.entity == entity)
    return {key: at for key, at in session.execute(query.group_by(RevisionRow.entity_key))}
