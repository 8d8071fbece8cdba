"""Two persons for a legal status: one editor proposes the change, another one approves or rejects it."""

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.proposal import ProposalState
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput, NotAllowed
from oversight.services.edit import Edit, SecondPersonNeeded, restore, save_edit
from oversight.services.withdraw import withdraw
from oversight.storage.models import ProposalRow, RevisionRow
from oversight.storage.proposals import decide, get_proposal

OF_THE_ROW = ("noun", "key", "version", "actor", "reason", "is_alone")


def propose(session: Session, needed: SecondPersonNeeded, *, now: datetime) -> ProposalRow:
    """Keep what an editor wants, until another one decides."""
    edit = needed.edit
    held = {name: value for name, value in asdict(edit).items() if name not in OF_THE_ROW}
    row = ProposalRow(
        entity=edit.noun,
        entity_key=edit.key,
        version=edit.version,
        edit=held | {"to_version": needed.to_version, "after": needed.after},
        reason=edit.reason.strip()[:REASON_LENGTH],
        proposed_by=edit.actor,
        proposed_at=now,
        state=ProposalState.OPEN.value,
    )
    session.add(row)
    session.flush()
    return row


def approve(session: Session, proposal_id: int, *, by: str, now: datetime) -> RevisionRow:
    """Carry the proposal out, in both names; raises NotFound, NotAllowed, or what the edit itself raises.

    An EditConflict says that somebody saved a newer version: the proposal stays open, to be rejected and made anew.
    """
    row = _decided(session, proposal_id, ProposalState.APPROVED, by=by, now=now)
    saved = _carry_out(session, row, by, now=now)
    row.kept_version = saved.version
    return saved


def reject(session: Session, proposal_id: int, *, by: str, reason: str, now: datetime) -> ProposalRow:
    """Set the proposal aside with a reason; raises NotFound, NotAllowed or InvalidInput."""
    if not reason.strip():
        raise InvalidInput("Say in a few words why not; who proposed it will want to know.")
    row = _decided(session, proposal_id, ProposalState.REJECTED, by=by, now=now)
    row.decided_because = reason.strip()[:REASON_LENGTH]
    return row


def _decided(session: Session, proposal_id: int, state: ProposalState, *, by: str, now: datetime) -> ProposalRow:
    row = get_proposal(session, proposal_id)
    if row.proposed_by == by:
        raise NotAllowed("You proposed it yourself: another editor has to decide.")
    if not decide(session, row, state, by=by, now=now):
        raise NotAllowed("It was decided meanwhile.")
    return row


def _carry_out(session: Session, row: ProposalRow, approver: str, *, now: datetime) -> RevisionRow:
    to_version, after = row.edit["to_version"], row.edit["after"]
    held = {name: value for name, value in row.edit.items() if name not in ("to_version", "after")}
    edit = Edit(
        noun=row.entity,
        key=row.entity_key,
        version=row.version,
        actor=f"{row.proposed_by}, approved by {approver}",
        reason=row.reason,
        **held,
    )
    edit = replace(edit, sources=tuple(edit.sources), corrections=tuple(edit.corrections))
    if is_withdrawn(after):
        return withdraw(session, edit, now=now)
    return restore(session, edit, to_version=to_version, now=now) if to_version else save_edit(session, edit, now=now)
