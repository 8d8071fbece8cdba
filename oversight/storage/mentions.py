"""Reads and decides mentions."""

from sqlalchemy import update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.mention import MentionState, Ruling
from oversight.errors import NotFound
from oversight.storage.models import MentionRow
from oversight.storage.upsert import was_changed


def get_mention(session: Session, mention_id: int) -> MentionRow:
    """The mention with its technologies; raises NotFound."""
    options = [selectinload(MentionRow.technologies), selectinload(MentionRow.item)]
    row = session.get(MentionRow, mention_id, options=options)
    if row is None:
        raise NotFound(f"there is no mention {mention_id}")
    return row


def decide_mention(session: Session, mention: MentionRow, state: MentionState, ruling: Ruling) -> bool:
    """Move a pending mention to `state`; False where somebody else decided it first."""
    query = (
        update(MentionRow)
        .where(MentionRow.id == mention.id, MentionRow.state == MentionState.PENDING)
        .values(state=state.value, decided_by=ruling.reviewer, decided_at=ruling.at, reason=ruling.reason)
    )
    is_first = was_changed(session, query)
    session.refresh(mention, ["state", "decided_by", "decided_at", "reason"])
    return is_first
