"""Raises the event of a confirmed mention, with an alert for everyone whose query it fits (SAFETY G2)."""

from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.subscription import EventKind
from oversight.storage.alerts import queue_alerts, raise_event
from oversight.storage.models import MentionRow
from oversight.storage.subjects import OF_MENTION, mention_subject


def tell(session: Session, mention_id: int, *, at: datetime) -> int:
    """Write the event and its alerts; how many. One that was withdrawn goes to those who have not heard of it."""
    kind = EventKind.MENTION_CONFIRMED
    event_id = raise_event(session, kind, mention_id, is_reviewed=True, at=at)
    mention = session.get_one(MentionRow, mention_id, options=OF_MENTION, populate_existing=True)
    return queue_alerts(session, event_id, mention_subject(mention, kind), is_reviewed=True, at=at)
