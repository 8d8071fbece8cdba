"""Closes what operators have looked at and what does not end by itself; the step is in the feed's history."""

from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.health import Trouble
from oversight.errors import NotAllowed
from oversight.services.watch import LASTING
from oversight.storage.models import FeedRow
from oversight.storage.operator_events import get_event, settle_event
from oversight.storage.revisions import Change, add_revision


def settle(session: Session, event_id: int, *, actor: str, now: datetime) -> FeedRow:
    """Close an open event of a lasting kind.

    Raises NotFound, or NotAllowed for one that ends by itself, or that was closed before.
    """
    event, feed = get_event(session, event_id)
    kind = Trouble(event.kind)
    if kind not in LASTING:
        raise NotAllowed(f"This ends by itself when the feed is well again: {kind.label.lower()}.")
    if not settle_event(session, event_id, now=now):
        raise NotAllowed("Someone else settled this a moment ago.")
    before, after = ({"event": kind.value, "is_open": is_open} for is_open in (True, False))
    change = Change(entity="feed", key=feed.key, before=before, after=after, actor=actor, reason=event.detail)
    add_revision(session, change, at=now)
    return feed
