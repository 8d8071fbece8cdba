"""Writes of decisions: the act of an editor, the revisions it made, and what it attached to the record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oversight.domain.mention import Ruling
from oversight.errors import NotFound
from oversight.storage.models import DecisionRow, DecisionStepRow, MentionLinkRow, RevisionRow
from oversight.storage.upsert import insert_new, was_changed


def add_decision(session: Session, ruling: Ruling) -> DecisionRow:
    """Write an act of an editor; its steps follow."""
    row = DecisionRow(
        decision=ruling.decision.value, actor=ruling.reviewer, reason=ruling.reason, at=ruling.at, refused=[]
    )
    session.add(row)
    session.flush()
    return row


def add_steps(session: Session, decision_id: int, revisions: Sequence[RevisionRow]) -> None:
    """Note the revisions that an act made, in their order."""
    session.add_all(
        DecisionStepRow(
            decision_id=decision_id,
            position=position,
            entity=row.entity,
            entity_key=row.entity_key,
            version=row.version,
        )
        for position, row in enumerate(revisions)
    )


def add_attachment(session: Session, attachment: dict[str, Any]) -> bool:
    """Attach a mention to a thing of the record; False where it is attached already."""
    return bool(insert_new(session, MentionLinkRow, [attachment], [MentionLinkRow.id]))


def claim_undo(session: Session, decision_id: int, *, reviewer: str, now: datetime) -> DecisionRow | None:
    """The decision, if it is ours to undo; None where it is undone already. Raises NotFound."""
    row = session.get(DecisionRow, decision_id)
    if row is None:
        raise NotFound(f"There is no decision {decision_id}.")
    query = update(DecisionRow).where(DecisionRow.id == decision_id, DecisionRow.undone_at.is_(None))
    return row if was_changed(session, query.values(undone_at=now, undone_by=reviewer)) else None


def steps_of(session: Session, decision_id: int) -> list[DecisionStepRow]:
    """The steps of a decision, the last one first."""
    query = select(DecisionStepRow).where(DecisionStepRow.decision_id == decision_id)
    return list(session.scalars(query.order_by(DecisionStepRow.position.desc())))


def detach(session: Session, decision_id: int) -> list[tuple[int, str, str]]:
    """Take away what a decision attached; the mention, the noun and the key of each."""
    columns = (MentionLinkRow.mention_id, MentionLinkRow.noun, MentionLinkRow.key)
    gone = session.execute(delete(MentionLinkRow).where(MentionLinkRow.decision_id == decision_id).returning(*columns))
    return [(mention_id, noun, key) for mention_id, noun, key in gone]
