"""Writes what a later version of the detector says of stored mentions, never over an editor's decision."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from oversight.domain.mention import MentionState
from oversight.domain.rerun import Standing
from oversight.storage.archive import DETECTED, Archived
from oversight.storage.mentions import Move, note_move
from oversight.storage.models import MentionRow, MentionTechnologyRow
from oversight.storage.upsert import UNSEEN, insert_new, was_changed

Found = Mapping[str, Any]


def add_past_mention(session: Session, item: Archived, found: Found) -> int | None:
    """A mention that waits, of an item that was seen long ago and matches now; None where it has one already.

    It counts as matched when its item was first seen, so it is not among what is new today.
    """
    values = _columns(found) | {
        "item_id": item.item_id,
        "state": MentionState.PENDING.value,
        "title": item.paper.title,
        "text": item.paper.text,
        "first_matched_at": item.first_seen_at,
    }
    made = insert_new(session, MentionRow, [values], [MentionRow.id])
    if not made:
        return None
    mention_id: int = made[0][0]
    _add_technologies(session, mention_id, found["technologies"])
    return mention_id


def refresh_mention(session: Session, standing: Standing, found: Found) -> bool:
    """Give a mention that waits what the detector finds now; False where an editor was quicker."""
    return _rewrite(session, standing, found, MentionState.PENDING)


def restore_mention(session: Session, standing: Standing, found: Found, *, at: datetime) -> bool:
    """Have a withdrawn mention wait again; False where an editor was quicker."""
    move = Move(MentionState.WITHDRAWN, MentionState.PENDING, found["detector"], f"found again: {_score(found)}")
    return _moved(session, standing, found, move, at=at)


def withdraw_mention(session: Session, standing: Standing, found: Found, *, at: datetime) -> bool:
    """Take back a mention that waits; its words and evidence stay as they were matched. False where an editor was
    quicker.
    """
    move = Move(standing.state, MentionState.WITHDRAWN, found["detector"], f"no longer found: {_score(found)}")
    query = update(MentionRow).where(MentionRow.id == standing.mention_id, MentionRow.state == MentionState.PENDING)
    if not was_changed(session, query.values(state=MentionState.WITHDRAWN.value)):
        return False
    note_move(session, standing.mention_id, move, at=at)
    return True


def note_opinion(session: Session, standing: Standing, opinion: dict[str, Any] | None) -> bool:
    """Note beside a decided mention how the detector would decide; nothing of the decision changes."""
    query = update(MentionRow).where(MentionRow.id == standing.mention_id, MentionRow.state == standing.state)
    return was_changed(session, query.values(opinion=opinion))


def _moved(session: Session, standing: Standing, found: Found, move: Move, *, at: datetime) -> bool:
    if not _rewrite(session, standing, found, move.after):
        return False
    note_move(session, standing.mention_id, move, at=at)
    return True


def _rewrite(session: Session, standing: Standing, found: Found, state: MentionState) -> bool:
    query = update(MentionRow).where(MentionRow.id == standing.mention_id, MentionRow.state == standing.state)
    if not was_changed(session, query.values(_columns(found) | {"state": state.value})):
        return False
    old = delete(MentionTechnologyRow).where(MentionTechnologyRow.mention_id == standing.mention_id)
    session.execute(old, execution_options=UNSEEN)
    _add_technologies(session, standing.mention_id, found["technologies"])
    return True


def _add_technologies(session: Session, mention_id: int, codes: Sequence[str]) -> None:
    pairs = [{"mention_id": mention_id, "technology": code} for code in codes]
    insert_new(session, MentionTechnologyRow, pairs, [MentionTechnologyRow.mention_id])


def _columns(found: Found) -> dict[str, Any]:
    return {name: found[name] for name in DETECTED}


def _score(found: Found) -> str:
    return f"its score is {found['score']:.2f} now"
