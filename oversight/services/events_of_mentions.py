"""Events of mentions that no editor has reviewed (docs/architecture.md, rule 6), and their withdrawal."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.event import EventKind
from oversight.domain.local_time import today_at
from oversight.domain.meeting_change import is_on
from oversight.services.tell import tell_mention
from oversight.storage.events import Recall, is_told, mention_event, withdraw_event
from oversight.storage.heard import heard_of_matters, heard_of_meetings, is_story_settled, leads_of, unheard_of
from oversight.storage.models import ItemRow, MentionRow
from oversight.vocabulary import load_balance

A_DAY = timedelta(days=1)  # the day at a place may be the one before that of UTC
OF_MATTERS = (EventKind.ON_AGENDA, EventKind.STAGE_CHANGED, EventKind.OUTCOME_RECORDED)
OF_MEETINGS = (EventKind.AGENDA_REVISED, EventKind.MEETING_MOVED, EventKind.MEETING_CANCELLED)


def sure_score() -> float:
    """The published score from which hardly any mention is wrong."""
    return load_balance().high_precision


def tell_unreviewed(session: Session, item_ids: Collection[int], *, at: datetime) -> set[int]:
    """Tell of these items' mentions that may be told before an editor has seen them; the items of those that were.

    A government published it, on a meeting that is still to come, the score is high, and neither was the same story or
    matter told before, nor did an editor dismiss it. Doing it twice tells nothing more.
    """
    told = set()
    for mention in unheard_of(session, item_ids, score=sure_score(), since=at.date() - A_DAY):
        meeting = mention.item.meeting
        if meeting is None or not is_on(meeting, now=at, today=today_at(meeting.timezone, at)):
            continue
        if not is_story_settled(session, mention):  # asked for each: the one before may be its copy
            tell_mention(session, mention.id, is_reviewed=False, at=at)
            told.add(mention.item_id)
    return told


def untell_mention(session: Session, mention_id: int, *, at: datetime) -> Recall:
    """Withdraw the event of a mention that is none, and what was told only because it had been told of."""
    if not is_told(session, EventKind.MENTION, mention_event(mention_id), ""):
        return Recall(0, 0)
    recall = withdraw_event(session, EventKind.MENTION, mention_event(mention_id), at=at)
    item = session.get_one(ItemRow, session.get_one(MentionRow, mention_id).item_id)
    subjects = [f"item:{item.id}"]
    if item.matter_id is not None:
        lead = leads_of(session, [item.matter_id])[item.matter_id]
        subjects += [] if heard_of_matters(session, [lead]) else [f"matter:{lead}"]
    for subject in subjects:
        for kind in OF_MATTERS:
            recall += withdraw_event(session, kind, subject, at=at)
    if item.meeting_id is not None and not heard_of_meetings(session, [item.meeting_id]):
        for kind in OF_MEETINGS:
            recall += withdraw_event(session, kind, f"meeting:{item.meeting_id}", at=at)
    return recall
