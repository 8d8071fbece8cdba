"""Watches how feeds are: opens what operators should look at, and settles it when it is over."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.health import Pulse, Trouble, troubles_of
from oversight.services.events_of_feeds import tell_unwatched
from oversight.storage.feeds import all_feeds
from oversight.storage.models import FeedRow
from oversight.storage.operator_events import bring_up_to_date, last_settled
from oversight.storage.pulses import pulse_of

log = logging.getLogger(__name__)
FLOOD = 100  # mentions of one feed in one poll (SAFETY C7)
UNTOLD = "nothing is told of them before an editor has looked"
LASTING = (Trouble.FLOOD, Trouble.GONE)


@dataclass(frozen=True)
class Life:
    """What is known of a feed's life, and how many mentions the poll just written brought."""

    pulse: Pulse
    mentions: int = 0


def note_health(session: Session, lives: Mapping[int, Life], *, now: datetime) -> int:
    """Bring the open events of these feeds up to date; how many were opened."""
    gone = {feed_id: life.pulse.gone_at for feed_id, life in lives.items() if life.pulse.gone_at is not None}
    closed = last_settled(session, Trouble.GONE, gone) if gone else {}
    troubles = {}
    for feed_id, life in lives.items():
        troubles[feed_id] = troubles_of(life.pulse, now=now)
        if feed_id in closed and closed[feed_id] >= gone[feed_id]:
            troubles[feed_id].pop(Trouble.GONE, None)  # an editor has seen it
        if life.mentions > FLOOD:
            troubles[feed_id][Trouble.FLOOD] = f"{life.mentions} new mentions in one poll; {UNTOLD}"
            key = session.get_one(FeedRow, feed_id).key
            log.warning("%s mentions of feed %s wait for a look: %s", life.mentions, key, UNTOLD)
    opened = bring_up_to_date(session, troubles, now=now, lasting=LASTING)
    if opened:
        tell_unwatched(session, lives, at=now)
    return opened


def watch_all(session: Session, *, now: datetime) -> int:
    """The same for every feed: silence grows without a poll."""
    return note_health(session, {row.id: Life(pulse_of(row)) for row in all_feeds(session)}, now=now)
