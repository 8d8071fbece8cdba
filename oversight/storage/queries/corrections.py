"""Corrections as pages show them: those that wait, those that were decided, and where the record was corrected."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from oversight.domain.correction import CorrectionState
from oversight.storage.corrections import get_correction
from oversight.storage.models import CorrectionRow, RevisionRow

PAGE = 50


@dataclass(frozen=True)
class CorrectionLine:
    """A correction. `values` is what the record said when it was reported; what a visitor said is for editors only."""

    id: int
    noun: str
    key: str
    values: dict[str, Any]
    version: int
    field: str | None
    text: str
    source_url: str | None
    email: str | None
    received_at: datetime
    state: CorrectionState
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    revision: RevisionRow | None


@dataclass(frozen=True)
class Corrected:
    """When a thing of the record was corrected last, and by which correction."""

    id: int
    at: datetime


def correction(session: Session, correction_id: int) -> CorrectionLine:
    """One correction; raises NotFound."""
    return _line(get_correction(session, correction_id))


def waiting_corrections(
    session: Session, *, about: tuple[str, str] | None = None, limit: int = PAGE
) -> list[CorrectionLine]:
    """Those that wait, or those that wait about one thing, the first to come first."""
    query = _lines().where(CorrectionRow.state == CorrectionState.OPEN)
    if about:
        query = query.where(CorrectionRow.entity == about[0], CorrectionRow.entity_key == about[1])
    return [_line(row) for row in session.scalars(query.order_by(CorrectionRow.id).limit(limit))]


def decided_corrections(
    session: Session, states: Collection[CorrectionState], *, before: int | None = None, limit: int = PAGE
) -> list[CorrectionLine]:
    """Those that were decided so, the last decision first; `before` is the number of the last one shown."""
    query = _lines().where(CorrectionRow.state.in_(states))
    if before is not None:
        last = select(CorrectionRow.decided_at).where(CorrectionRow.id == before).scalar_subquery()
        is_older = (CorrectionRow.decided_at == last) & (CorrectionRow.id < before)
        query = query.where((CorrectionRow.decided_at < last) | is_older)
    query = query.order_by(CorrectionRow.decided_at.desc(), CorrectionRow.id.desc())
    return [_line(row) for row in session.scalars(query.limit(limit))]


def count_by_state(session: Session) -> dict[CorrectionState, int]:
    """How many corrections stand where."""
    query = select(CorrectionRow.state, func.count()).group_by(CorrectionRow.state)
    found = {state: count for state, count in session.execute(query)}
    return {state: found.get(state, 0) for state in CorrectionState}


def corrected_records(session: Session) -> dict[tuple[str, str], Corrected]:
    """Every thing of the record that a correction changed, with the last one that did."""
    query = select(CorrectionRow.entity, CorrectionRow.entity_key, CorrectionRow.id, CorrectionRow.decided_at)
    query = query.where(CorrectionRow.state == CorrectionState.ACCEPTED)
    rows = session.execute(query.order_by(CorrectionRow.decided_at, CorrectionRow.id))
    return {(entity, key): Corrected(number, at) for entity, key, number, at in rows if at}


def carried_out_by(session: Session, revision_ids: Iterable[int]) -> dict[int, list[int]]:
    """The numbers of the corrections that each of these versions carries out."""
    query = select(CorrectionRow.revision_id, CorrectionRow.id).where(CorrectionRow.revision_id.in_(revision_ids))
    found: dict[int, list[int]] = {}
    for revision_id, number in session.execute(query.order_by(CorrectionRow.id)):
        found.setdefault(revision_id or 0, []).append(number)
    return found


def _lines() -> Any:
    return select(CorrectionRow).options(joinedload(CorrectionRow.seen), joinedload(CorrectionRow.revision))


def _line(row: CorrectionRow) -> CorrectionLine:
    return CorrectionLine(
        id=row.id,
        noun=row.entity,
        key=row.entity_key,
        values=row.seen.after,
        version=row.seen.version,
        field=row.field,
        text=row.text,
        source_url=row.source_url,
        email=row.email,
        received_at=row.received_at,
        state=CorrectionState(row.state),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        revision=row.revision,
    )
