"""Watches how feeds are: opens what operators should look at, and settles it when it is over."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.health import Trouble, troubles_of
from oversight.services.pulse import pulse_of
from oversight.storage.models import FeedRow
from oversight.storage.operator_events import bring_up_to_date

FLOOD = 100  # mentions of one feed in one poll (SAFETY C7)
LASTING = (Trouble.FLOOD, Trouble.GONE)


def note_health(session: Session, mentions: Mapping[int, int], *, now: datetime) -> int:
    """Bring the open events of these feeds up to date; how many were opened.

    `mentions` says how many each feed brought in the poll just written.
    """
    rows = session.scalars(select(FeedRow).where(FeedRow.id.in_(mentions)))
    troubles = {}
    for row in rows:
        troubles[row.id] = troubles_of(pulse_of(row), now=now)
        if mentions[row.id] > FLOOD:
            troubles[row.id][Trouble.FLOOD] = f"{mentions[row.id]} new mentions in one poll"
    return bring_up_to_date(session, troubles, now=now, lasting=LASTING)


def watch_all(session: Session, *, now: datetime) -> int:
    """The same for every feed: silence grows without a poll."""
    return note_health(session, dict.fromkeys(session.scalars(select(FeedRow.id)), 0), now=now)
