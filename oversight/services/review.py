"""An editor's decision on a mention: it changes state, leaves a revision, and a confirmed one raises an event.

What tells the same as a decided mention can be merged with it, and never raises an event of its own.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.mention import Beside, Decision, MentionState, Ruling, next_state
from oversight.domain.subscription import EventKind, topics_of
from oversight.errors import InvalidInput, NotAllowed
from oversight.storage.alerts import add_event, queue_alerts
from oversight.storage.mentions import decide_mention, get_mention
from oversight.storage.models import MentionRow
from oversight.storage.revisions import Change, add_revision
from oversight.storage.stories import pending_beside, speaker_for

REASON_LENGTH = 500


def confirm(session: Session, mention_id: int, *, reviewer: str, reason: str, now: datetime) -> MentionRow:
    """Accept a mention; the event and its alerts are written in the same transaction (SAFETY G2).

    Raises NotFound, or NotAllowed if it was already decided.
    """
    mention = _decide(
        session, mention_id, Ruling(Decision.CONFIRM, reviewer, reason.strip()[:REASON_LENGTH] or "relevant", now)
    )
    event_id = add_event(session, EventKind.MENTION_CONFIRMED, mention.id, is_reviewed=True, at=now)
    if event_id is not None:
        places = [place["ocd_id"] for place in mention.places if place["ocd_id"]]
        technologies = [row.technology for row in mention.technologies]
        queue_alerts(session, event_id, topics_of(jurisdictions=places, technologies=technologies), at=now)
    return mention


def dismiss(session: Session, mention_id: int, *, reviewer: str, reason: str, now: datetime) -> MentionRow:
    """Set a mention aside; raises InvalidInput without a reason, because the detector learns from it."""
    if not reason.strip():
        raise InvalidInput("Say in a few words why this is not relevant.")
    return _decide(session, mention_id, Ruling(Decision.DISMISS, reviewer, reason.strip()[:REASON_LENGTH], now))


def merge(session: Session, mention_id: int, *, reviewer: str, now: datetime) -> MentionRow:
    """Set a mention aside because another one of its story speaks for it; raises NotAllowed where none does."""
    mention = get_mention(session, mention_id)
    speaker = speaker_for(session, mention)
    if speaker is None:
        raise NotAllowed("no other mention of this story was decided; reload the queue to see what it is now")
    return _decide(session, mention_id, Ruling(Decision.MERGE, reviewer, f"the same story as mention {speaker}", now))


def merge_others(
    session: Session, mention: MentionRow, *, beside: Beside, reviewer: str, now: datetime
) -> list[MentionRow]:
    """Merge with a decided mention the pending ones that tell its story, or that are about its matter."""
    reason = f"{beside.why} as mention {mention.id}"
    merged = []
    for mention_id in pending_beside(session, mention, beside):
        try:
            merged.append(_decide(session, mention_id, Ruling(Decision.MERGE, reviewer, reason, now)))
        except NotAllowed:
            continue  # somebody else has just decided it
    return merged


def _decide(session: Session, mention_id: int, ruling: Ruling) -> MentionRow:
    mention = get_mention(session, mention_id)
    before = mention.state
    after = next_state(MentionState(before), ruling.decision)
    if not decide_mention(session, mention, after, ruling):
        raise NotAllowed("someone else decided this mention a moment ago; reload the queue to see it")
    change = Change(
        entity="mention",
        key=str(mention.id),
        before={"state": before},
        after={"state": after.value},
        actor=ruling.reviewer,
        reason=ruling.reason,
        sources=(mention.item.url,) if mention.item.url else (),
    )
    add_revision(session, change, at=ruling.at)
    return mention
