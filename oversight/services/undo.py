"""Undoing an editor's act as a whole, by new revisions; what was mailed or decided again since is said, not hidden."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.mention import SET_ASIDE, Decision, MentionState, Ruling
from oversight.errors import NotAllowed
from oversight.services.edit import Edit, InvalidEdit, SecondPersonNeeded, put_back
from oversight.services.events_of_mentions import tell_unreviewed, untell_mention
from oversight.services.propose import propose
from oversight.services.review import MENTION, take_back
from oversight.services.withdraw import withdraw
from oversight.storage.decisions import claim_undo, detach, steps_of
from oversight.storage.events import Recall
from oversight.storage.mentions import get_mention
from oversight.storage.models import DecisionStepRow, RevisionRow
from oversight.storage.revisions import last_revision, revision_at
from oversight.storage.withdrawals import naming

WAITS = "keeps its status until a second editor approves the way back, which is proposed"


@dataclass(frozen=True)
class Undone:
    """What an undo did: how many mentions are as they were before, what stays and why, and the mails."""

    restored: int
    detached: int
    kept: tuple[str, ...]
    recall: Recall


def undo(session: Session, decision_id: int, *, reviewer: str, now: datetime, is_alone: bool = False) -> Undone:
    """Take an act back; raises NotFound, or NotAllowed where it is undone already.

    `is_alone`: the rule of two persons holds, so the way back of a policy's status is proposed to another editor.
    """
    decision = claim_undo(session, decision_id, reviewer=reviewer, now=now)
    if decision is None:
        raise NotAllowed("this decision is undone already")
    ruling = Ruling(Decision(decision.decision), reviewer, f"undone: {decision.reason or decision.decision}", now)
    found = Undone(0, len(detach(session, decision_id)), (), Recall(0, 0))
    for step in steps_of(session, decision_id):
        revision = revision_at(session, step.entity, step.entity_key, step.version)
        if revision is None:
            continue
        try:
            found = _undo_step(session, found, revision, ruling, is_alone=is_alone)
        except SecondPersonNeeded as needed:
            propose(session, needed, now=now)
            found = replace(found, kept=(*found.kept, f"{_named(step)} {WAITS}"))
        except (NotAllowed, InvalidEdit) as error:
            found = replace(found, kept=(*found.kept, f"{_named(step)} stays as it is: {error}"))
    return found


def _undo_step(session: Session, found: Undone, revision: RevisionRow, ruling: Ruling, *, is_alone: bool) -> Undone:
    if revision.entity != MENTION:
        recall = _restore(session, revision, ruling, is_alone=is_alone)
        return replace(found, recall=found.recall + recall)
    before, after = (revision.before or {})["state"], revision.after["state"]
    take_back(session, revision, ruling)
    is_untold = after == MentionState.CONFIRMED and before != after
    recall = Recall(0, 0)
    if is_untold:
        recall = untell_mention(session, int(revision.entity_key), at=ruling.at)
    elif after in SET_ASIDE:  # it waits again, and may be told of as before
        tell_unreviewed(session, [get_mention(session, int(revision.entity_key)).item_id], at=ruling.at)
    return replace(found, restored=found.restored + 1, recall=found.recall + recall)


def _restore(session: Session, revision: RevisionRow, ruling: Ruling, *, is_alone: bool) -> Recall:
    """Give a thing of the record the version back that it had before; raises EditConflict where a newer one came.

    A source that came with the act, and that nothing cites any more, is withdrawn.
    """
    edit = _edit(revision, ruling, is_alone=is_alone)
    _, recall = put_back(session, edit, to_version=revision.version - 1, now=ruling.at)
    for key in revision.sources:
        source = last_revision(session, "source", key)
        came_with_it = source and (source.version, source.actor, source.at) == (1, revision.actor, revision.at)
        if source and came_with_it and not naming(session, "source", key):
            withdraw(session, _edit(source, ruling, is_alone=is_alone), now=ruling.at)
    return recall


def _edit(revision: RevisionRow, ruling: Ruling, *, is_alone: bool) -> Edit:
    """What the undo does to a thing, made from this version of it."""
    return Edit(
        noun=revision.entity,
        key=revision.entity_key,
        version=revision.version,
        values={},
        actor=ruling.reviewer,
        reason=ruling.reason,
        sources=(),
        new_source=None,
        says_vote=False,
        is_alone=is_alone,
    )


def _named(step: DecisionStepRow) -> str:
    return f"{step.entity.capitalize()} {step.entity_key}"
