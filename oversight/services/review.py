"""An editor's decision on a mention: it changes state, leaves a revision, and a confirmed one raises an event.

What tells the same as a decided mention can be merged with it, and never raises an event of its own.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.mention import SET_ASIDE, Beside, Decision, MentionState, Ruling, next_state
from oversight.errors import InvalidInput, NotAllowed
from oversight.services.events_of_mentions import untell_mention
from oversight.services.tell import tell_mention
from oversight.storage.mentions import decide_mention, get_mention, undecide_mention
from oversight.storage.models import MentionRow, RevisionRow
from oversight.storage.revisions import Change, add_revision, last_revision
from oversight.storage.stories import pending_beside, speaker_for

MENTION = "mention"


def confirm(session: Session, mention_id: int, *, reviewer: str, reason: str, now: datetime) -> RevisionRow:
    """Accept a mention; the event and its alerts are written in the same transaction (SAFETY G2).

    Raises NotFound, or NotAllowed if it was already decided.
    """
    ruling = Ruling(Decision.CONFIRM, reviewer, reason.strip()[:REASON_LENGTH] or "relevant", now)
    revision = _decide(session, get_mention(session, mention_id), ruling)
    tell_mention(session, mention_id, at=now)
    return revision


def dismiss(session: Session, mention_id: int, *, reviewer: str, reason: str, now: datetime) -> RevisionRow:
    """Set a mention aside, and withdraw what was told of it before an editor saw it.

    Raises InvalidInput without a reason, because the detector learns from it.
    """
    if not reason.strip():
        raise InvalidInput("Say in a few words why this is not relevant.")
    ruling = Ruling(Decision.DISMISS, reviewer, reason.strip()[:REASON_LENGTH], now)
    return _decide(session, get_mention(session, mention_id), ruling)


def merge(session: Session, mention_id: int, *, reviewer: str, now: datetime) -> RevisionRow:
    """Set a mention aside because another one of its story speaks for it; raises NotAllowed where none does."""
    mention = get_mention(session, mention_id)
    speaker = speaker_for(session, mention)
    if speaker is None:
        raise NotAllowed("no other mention of this story was decided; reload the queue to see what it is now")
    return _decide(session, mention, Ruling(Decision.MERGE, reviewer, f"the same story as mention {speaker}", now))


def merge_others(
    session: Session, mention_id: int, *, beside: Beside, reviewer: str, now: datetime
) -> list[RevisionRow]:
    """Merge with a decided mention the pending ones that tell its story, or that are about its matter."""
    reason = f"{beside.why} as mention {mention_id}"
    merged = []
    for other in pending_beside(session, get_mention(session, mention_id), beside):
        try:
            merged.append(_decide(session, get_mention(session, other), Ruling(Decision.MERGE, reviewer, reason, now)))
        except NotAllowed:
            continue  # somebody else has just decided it
    return merged


def note_attached(session: Session, mention_id: int, thing: str, ruling: Ruling) -> RevisionRow:
    """Confirm a mention, where it is not yet, because an editor attaches it to a thing of the record."""
    mention = get_mention(session, mention_id)
    if mention.state == MentionState.CONFIRMED:
        change = _change(mention, mention.state, MentionState.CONFIRMED, ruling, attached=thing)
        return add_revision(session, change, at=ruling.at)
    revision = _decide(session, mention, ruling, attached=thing)
    tell_mention(session, mention_id, at=ruling.at)
    return revision


def take_back(session: Session, revision: RevisionRow, ruling: Ruling) -> RevisionRow:
    """Undo what a revision of a mention says, as a new revision; raises NotAllowed where it was decided again."""
    mention = get_mention(session, int(revision.entity_key))
    newest = last_revision(session, MENTION, revision.entity_key)
    if newest is None or newest.version != revision.version:
        raise NotAllowed("it was decided again since")
    before = MentionState((revision.before or {})["state"])
    if before != mention.state and not undecide_mention(session, mention, before):
        raise NotAllowed("someone else decided it a moment ago")
    change = _change(mention, revision.after["state"], before, ruling)
    return add_revision(session, change, at=ruling.at)


def _decide(session: Session, mention: MentionRow, ruling: Ruling, *, attached: str | None = None) -> RevisionRow:
    after = next_state(MentionState(mention.state), ruling.decision)
    before = mention.state
    if not decide_mention(session, mention, after, ruling):
        raise NotAllowed("someone else decided this mention a moment ago; reload the queue to see it")
    if after in SET_ASIDE:
        untell_mention(session, mention.id, at=ruling.at)
    change = _change(mention, before, after, ruling, attached=attached)
    return add_revision(session, change, at=ruling.at)


def _change(
    mention: MentionRow, before: str, after: MentionState, ruling: Ruling, *, attached: str | None = None
) -> Change:
    return Change(
        entity=MENTION,
        key=str(mention.id),
        before={"state": before},
        after={"state": after.value} | ({"attached": attached} if attached else {}),
        actor=ruling.reviewer,
        reason=ruling.reason,
        sources=(mention.item.url,) if mention.item.url else (),
    )
