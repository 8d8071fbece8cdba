"""Attaching a mention to the record: decision, attachment and, where an editor says so, the new status, all at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.dated_step import with_step
from oversight.domain.mention import Beside, Decision, Ruling
from oversight.domain.reading import ItemKind
from oversight.domain.record import EvidenceTier
from oversight.domain.suggestion import Noun
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput, NotAllowed
from oversight.services.check_entry import in_form
from oversight.services.edit import Edit, SecondPersonNeeded, save_edit, version_of
from oversight.services.propose import propose
from oversight.services.review import merge_others, note_attached
from oversight.storage.decisions import add_attachment, add_decision, add_steps
from oversight.storage.mentions import get_mention, source_of
from oversight.storage.models import DecisionRow, RevisionRow

PROPOSED = "its new status is proposed, and waits for a second editor"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """What a mention is attached to, and why. `status` is the new dated step, if there is one.

    `version` is that of the thing which the editor saw; `says_vote`: the item says that the body voted yes; `beside` is
    what is merged with the mention; `is_alone`: the rule of two persons holds, so a policy's
    status is proposed to another editor.
    """

    noun: Noun
    key: str
    reason: str
    version: int | None = None
    status: dict[str, Any] | None = None
    says_vote: bool = False
    beside: tuple[Beside, ...] = ()
    is_alone: bool = False


def attach(session: Session, mention_id: int, asked: Attachment, *, reviewer: str, now: datetime) -> DecisionRow:
    """Confirm a mention, where it is not yet, and attach it; with a status, save that in the record's way too.

    Raises NotFound; NotAllowed where it is attached already or was dismissed; InvalidEdit, EditConflict.
    """
    reason = asked.reason.strip()[:REASON_LENGTH]
    if not reason:
        raise InvalidInput("Say in a few words why this belongs there.")
    if is_withdrawn(version_of(session, asked.noun, asked.key).after):
        raise InvalidInput("It was taken out of the record.")
    thing = f"{asked.noun} {asked.key}"
    ruling = Ruling(Decision.ATTACH, reviewer, f"attached to {thing}: {reason}"[:REASON_LENGTH], now)
    revisions = [note_attached(session, mention_id, thing, ruling)]
    for beside in asked.beside:
        revisions += merge_others(session, mention_id, beside=beside, reviewer=reviewer, now=now)
    decision = add_decision(session, ruling)
    noted = None
    if asked.status:
        try:
            with session.begin_nested():  # of what is only proposed, nothing is written
                noted = _note_status(session, mention_id, asked, reviewer=reviewer, now=now)
            revisions.append(noted)
        except SecondPersonNeeded as needed:
            propose(session, needed, now=now)
            decision.refused = [{"mention": mention_id, "title": asked.key, "why": PROPOSED}]
    add_steps(session, decision.id, revisions)
    row = {
        "mention_id": mention_id,
        "noun": asked.noun.value,
        "key": asked.key,
        "reason": reason,
        "attached_by": reviewer,
        "attached_at": now,
        "decision_id": decision.id,
        "status_version": noted.version if noted else None,
    }
    if not add_attachment(session, row):
        raise NotAllowed("this mention is attached to it already")
    return decision


def _note_status(session: Session, mention_id: int, asked: Attachment, *, reviewer: str, now: datetime) -> RevisionRow:
    newest = version_of(session, asked.noun, asked.key)
    values = in_form(asked.noun, newest.after)
    step = asked.status or {}
    edit = Edit(
        noun=asked.noun,
        key=asked.key,
        version=asked.version or newest.version,
        values=values | {"history": with_step(values["history"], step)},
        actor=reviewer,
        reason=f"mention {mention_id}: {asked.reason}",
        sources=(),
        new_source=_source(session, mention_id),
        says_vote=asked.says_vote,
        is_alone=asked.is_alone,
    )
    return save_edit(session, edit, now=now)


def _source(session: Session, mention_id: int) -> dict[str, Any]:
    """The item as a source: what a government published is a document of that government, news is news."""
    mention = get_mention(session, mention_id)
    publication = source_of(session, mention)
    tier = EvidenceTier.T4 if mention.item.kind == ItemKind.NEWS else EvidenceTier.T2
    day = publication.day
    return {
        "url": publication.url,
        "title": mention.title or "(no title)",
        "publisher": publication.publisher,
        "date": day.isoformat() if day else None,
        "tier": tier.value,
    }
