"""Appends to the history, and reads it; nothing here changes or removes a revision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.revision import revision_hash
from oversight.storage.models import RevisionRow


@dataclass(frozen=True, kw_only=True)
class Change:
    """What changed on one thing, who changed it and why; `before` is None where the thing is new."""

    entity: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    actor: str
    reason: str
    sources: tuple[str, ...] = ()


def add_revision(session: Session, change: Change, *, at: datetime, is_first: bool = False) -> RevisionRow:
    """Append one revision; two writers of the same version are told apart by the unique constraint.

    Who knows that a thing is new says that it is the first: then nothing is asked.
    """
    last = [] if is_first else history(session, change.entity, change.key)[-1:]
    previous = last[0] if last else None
    content: dict[str, Any] = {
        "entity": change.entity,
        "key": change.key,
        "before": change.before,
        "after": change.after,
    }
    content |= {"actor": change.actor, "reason": change.reason, "sources": list(change.sources)}
    row = RevisionRow(
        entity=change.entity,
        entity_key=change.key,
        version=previous.version + 1 if previous else 1,
        before=change.before,
        after=change.after,
        actor=change.actor,
        reason=change.reason,
        sources=list(change.sources),
        at=at,
        previous_hash=previous.hash if previous else None,
        hash=revision_hash(previous=previous.hash if previous else None, change=content, at=at),
    )
    session.add(row)
    return row


def history(session: Session, entity: str, key: str) -> list[RevisionRow]:
    """Every revision of one thing, oldest first."""
    query = select(RevisionRow).where(RevisionRow.entity == entity, RevisionRow.entity_key == key)
    return list(session.scalars(query.order_by(RevisionRow.version)))


def newest(session: Session, entity: str) -> dict[str, dict[str, Any]]:
    """What each thing of a noun was after its newest revision, by key."""
    query = select(RevisionRow.entity_key, RevisionRow.after).where(RevisionRow.entity == entity)
    return {key: after for key, after in session.execute(query.order_by(RevisionRow.version))}
