"""One act of an editor, on one mention or on many: each gets its own outcome, and the whole can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.mention import Beside, Decision, Ruling
from oversight.errors import InvalidInput, NotAllowed, NotFound
from oversight.services.review import confirm, dismiss, merge, merge_others
from oversight.storage.decisions import add_decision, add_steps
from oversight.storage.mentions import title_of
from oversight.storage.models import DecisionRow, RevisionRow

MOST_AT_ONCE = 60


@dataclass(frozen=True, kw_only=True)
class Act:
    """What an editor decides about mentions, why, and what goes with each of them."""

    decision: Decision
    reviewer: str
    reason: str = ""
    beside: tuple[Beside, ...] = ()


def decide_one(session: Session, act: Act, mention_id: int, *, now: datetime) -> DecisionRow:
    """Decide one mention; raises NotFound, NotAllowed where it was decided already, or InvalidInput."""
    revisions = _decide(session, act, mention_id, now=now)
    return _kept(session, act, revisions, now=now)


def decide_many(session: Session, act: Act, mention_ids: Sequence[int], *, now: datetime) -> DecisionRow:
    """Decide several mentions; those that somebody else decided are left as they are and named in `refused`.

    Raises InvalidInput where none is chosen, or where a reason is missing.
    """
    if not mention_ids:
        raise InvalidInput("Nothing is chosen. Tick at least one mention first.")
    if len(mention_ids) > MOST_AT_ONCE:
        raise InvalidInput(f"Choose at most {MOST_AT_ONCE} mentions at once.")
    revisions: list[RevisionRow] = []
    refused = []
    for mention_id in sorted(set(mention_ids)):  # in one order for everybody: two who choose the same never lock
        if any(row.entity_key == str(mention_id) for row in revisions):
            continue  # a copy of one that came before, and gone with it
        try:
            revisions += _decide(session, act, mention_id, now=now)
        except (NotAllowed, NotFound) as error:
            refused.append({"mention": mention_id, "title": title_of(session, mention_id), "why": str(error)})
    decision = _kept(session, act, revisions, now=now)
    decision.refused = refused
    return decision


def _decide(session: Session, act: Act, mention_id: int, *, now: datetime) -> list[RevisionRow]:
    if act.decision is Decision.MERGE:
        return [merge(session, mention_id, reviewer=act.reviewer, now=now)]
    rule = confirm if act.decision is Decision.CONFIRM else dismiss
    decided = rule(session, mention_id, reviewer=act.reviewer, reason=act.reason, now=now)
    others = [
        row
        for beside in act.beside
        for row in merge_others(session, mention_id, beside=beside, reviewer=act.reviewer, now=now)
    ]
    return [decided, *others]


def _kept(session: Session, act: Act, revisions: Sequence[RevisionRow], *, now: datetime) -> DecisionRow:
    reason = act.reason.strip()[:REASON_LENGTH]
    decision = add_decision(session, Ruling(act.decision, act.reviewer, reason, now))
    add_steps(session, decision.id, revisions)
    return decision
