"""Actions with their sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from oversight.domain.record import ActionKind, Confidence, Verification
from oversight.storage.models import ActionRow
from oversight.storage.queries.sources import SourceLine
from oversight.storage.queries.support import Support, support_of


@dataclass(frozen=True)
class ActionLine:
    """One oversight event."""

    key: str
    kind: ActionKind
    date: str | None
    actors: tuple[str, ...]
    target: str | None
    jurisdiction_key: str | None
    jurisdiction: str | None
    signatories: int | None
    due: str | None
    answered: str | None
    summary: str
    note: str | None
    confidence: Confidence
    verification: Verification
    sources: tuple[SourceLine, ...]


def actions(session: Session, *conditions: Any) -> list[ActionLine]:
    """Actions under these conditions, newest first."""
    support = support_of(session, action=select(ActionRow.id).where(*conditions))
    return [action_line(row, support) for row in action_rows(session, *conditions)]


def action_ids(session: Session, *conditions: Any, most: int) -> Sequence[int]:
    """The actions under these conditions, newest first."""
    query = select(ActionRow.id).where(*conditions)
    return session.scalars(query.order_by(ActionRow.date.desc().nulls_last(), ActionRow.key).limit(most)).all()


def action_rows(session: Session, *conditions: Any) -> list[ActionRow]:
    """Actions, newest first."""
    query = select(ActionRow).where(*conditions).options(joinedload(ActionRow.jurisdiction))
    return list(session.scalars(query.order_by(ActionRow.date.desc().nulls_last(), ActionRow.key)))


def action_line(row: ActionRow, support: Support) -> ActionLine:
    """An action as pages show it."""
    return ActionLine(
        key=row.key,
        kind=ActionKind(row.kind),
        date=row.date,
        actors=tuple(row.actors),
        target=row.target,
        jurisdiction_key=row.jurisdiction.key if row.jurisdiction else None,
        jurisdiction=row.jurisdiction.name if row.jurisdiction else None,
        signatories=row.signatories,
        due=row.due,
        answered=row.answered,
        summary=row.summary,
        note=row.note,
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=support.sources_of("action", row.id),
    )
