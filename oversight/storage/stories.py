"""Joins mentions that tell one and the same thing as they are saved, and links bills that were brought in again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from oversight.domain.mention import Beside, MentionState
from oversight.domain.near_duplicate import similarity
from oversight.domain.story import is_reintroduced, stories_with, why_told
from oversight.storage.models import MatterLinkRow, MentionRow
from oversight.storage.signatures import Signed, keep_signatures
from oversight.storage.tellings import Known, business_of, is_about, known_mentions, rivals_of
from oversight.storage.upsert import UNSEEN, insert_all

TURNS = 0x0FE25165  # the number of a lock of PostgreSQL: any of our own


def join_stories(session: Session, signed: Sequence[Signed]) -> None:
    """Let each of these mentions join the story that it tells; doing it twice changes nothing.

    One whose words have changed leaves its story first, and comes back where its words still tell it.
    """
    if not signed:
        return
    take_turns(session)
    leave_stories(session, [one.mention_id for one in signed if one.is_edited])
    keep_signatures(session, signed)
    rivals = rivals_of(session, signed)
    known = known_mentions(session, rivals.keys() | {other for others in rivals.values() for other in others})
    tellings = {mention_id: one.telling for mention_id, one in known.items()}
    leads = {mention_id: one.lead for mention_id, one in known.items() if one.lead is not None}
    for story in stories_with(rivals, tellings, leads):
        # Of a large story not every mention was looked at: all that had one of these leads get the new one.
        old = {leads[mention_id] for mention_id in story & leads.keys()}
        _put(session, MentionRow.id.in_(story) | MentionRow.story_id.in_(old), min(story))
        for mention_id in story - {min(story)} - (leads.keys() - rivals.keys()):
            like = story & rivals.get(mention_id, story) - {mention_id} or {min(story)}
            reason = why_told(tellings[mention_id], [tellings[other] for other in like])
            told = update(MentionRow).where(MentionRow.id == mention_id).values(story_reason=reason)
            session.execute(told, execution_options=UNSEEN)
    _link_reintroduced(session, rivals, known)


def leave_stories(session: Session, mention_ids: Collection[int]) -> None:
    """Take mentions out of their stories. Who stays is led by the first of them; one alone is no story."""
    if not mention_ids:
        return
    left = set(session.scalars(select(MentionRow.story_id).where(MentionRow.id.in_(mention_ids)))) - {None}
    leaving = update(MentionRow).where(MentionRow.id.in_(mention_ids)).values(story_id=None, story_reason=None)
    session.execute(leaving, execution_options=UNSEEN)
    for lead in left:
        staying = list(session.scalars(select(MentionRow.id).where(MentionRow.story_id == lead)))
        _put(session, MentionRow.id.in_(staying), min(staying) if len(staying) > 1 else None)


def pending_beside(session: Session, mention: MentionRow, beside: Beside) -> list[int]:
    """The undecided mentions that tell the same story, or that are about the same matter and tell another one."""
    pending = MentionRow.state == MentionState.PENDING
    told = select(MentionRow.id).where(pending, MentionRow.story_id == mention.story_id, MentionRow.id != mention.id)
    copies = list(session.scalars(told.order_by(MentionRow.id))) if mention.story_id is not None else []
    if beside is Beside.COPIES:
        return copies
    business = business_of(session, MentionRow.id == mention.id)
    sightings = business_of(session, pending & is_about(set(business.values()))) if business else {}
    return sorted(sightings.keys() - {mention.id, *copies})


def speaker_for(session: Session, mention: MentionRow) -> int | None:
    """The mention of the same story that an editor confirmed, else one that was dismissed; None where none was."""
    decided = MentionRow.state.in_((MentionState.CONFIRMED, MentionState.DISMISSED))
    query = select(MentionRow.id).where(decided, MentionRow.story_id == mention.story_id, MentionRow.id != mention.id)
    first = query.order_by(MentionRow.state != MentionState.CONFIRMED, MentionRow.id).limit(1)
    return session.scalar(first) if mention.story_id is not None else None


def take_turns(session: Session) -> None:
    """Nobody else looks for copies until our commit, so that of two that are saved at once the second sees the first.

    SQLite lets one write at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:turns)"), {"turns": TURNS})


def _put(session: Session, condition: Any, lead: int | None) -> None:
    session.execute(update(MentionRow).where(condition).values(story_id=lead), execution_options=UNSEEN)


def _link_reintroduced(session: Session, rivals: Mapping[int, set[int]], known: Mapping[int, Known]) -> None:
    pairs = [
        (known[one], known[other])
        for newcomer, others in rivals.items()
        for rival in others
        for one, other in ((newcomer, rival), (rival, newcomer))
    ]
    insert_all(session, MatterLinkRow, [row for pair in pairs if (row := _link(*pair)) is not None])


def _link(earlier: Known, later: Known) -> dict[str, Any] | None:
    """The row that says so, where the later of two matters is the earlier one brought in again."""
    one, other = earlier.telling, later.telling
    if earlier.file is None or later.file is None or one.signature is None or other.signature is None:
        return None
    if not is_reintroduced(one, other, files=(earlier.file, later.file), type_=earlier.type or later.type):
        return None
    alike = round(similarity(one.signature, other.signature), 2)
    return {"matter_id": other.matter, "earlier_id": one.matter, "similarity": alike}
