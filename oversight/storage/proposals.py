"""Proposals that wait for a second editor, and those that were decided."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.domain.proposal import ProposalState
from oversight.errors import NotFound
from oversight.storage.models import ProposalRow
from oversight.storage.upsert import was_changed

LATEST = 50


def get_proposal(session: Session, proposal_id: int) -> ProposalRow:
    """One proposal; raises NotFound."""
    row = session.get(ProposalRow, proposal_id)
    if row is None:
        raise NotFound("There is no such proposal.")
    return row


def decide(session: Session, row: ProposalRow, state: ProposalState, *, by: str, now: datetime) -> bool:
    """Decide an open proposal; False where somebody else was first."""
    query = update(ProposalRow).where(ProposalRow.id == row.id, ProposalRow.state == ProposalState.OPEN)
    values = {"state": state.value, "decided_by": by, "decided_at": now}
    is_first = was_changed(session, query.values(values))
    session.refresh(row)
    return is_first


def open_proposals(session: Session) -> list[ProposalRow]:
    """Those that wait, the longest waiting first."""
    query = select(ProposalRow).where(ProposalRow.state == ProposalState.OPEN)
    return list(session.scalars(query.order_by(ProposalRow.proposed_at, ProposalRow.id)))


def decided_proposals(session: Session) -> list[ProposalRow]:
    """Those that were decided last, newest first."""
    query = select(ProposalRow).where(ProposalRow.state != ProposalState.OPEN)
    return list(session.scalars(query.order_by(ProposalRow.decided_at.desc(), ProposalRow.id.desc()).limit(LATEST)))
