"""When subscribers hear: changes of it, which those alerts follow that wait."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import AlertState
from oversight.domain.subscription import Cadence
from oversight.storage.models import AlertRow, SubscriptionRow


def keep_hour(session: Session, subscriber_id: int, *, hour: int, timezone: str, now: datetime) -> None:
    """From now on all digests of a subscriber come at this hour of this time zone."""
    session.flush()
    query = select(SubscriptionRow).where(SubscriptionRow.subscriber_id == subscriber_id)
    for row in session.scalars(query):
        if (row.hour, row.timezone) != (hour, timezone):
            row.hour, row.timezone = hour, timezone
            follow_rhythm(session, row, now=now)


def follow_rhythm(session: Session, row: SubscriptionRow, *, now: datetime) -> None:
    """Move the alerts of a subscription that wait, and its heartbeat, to when they are due by its rhythm."""
    rhythm = row.rhythm
    is_gathered = rhythm.cadence is not Cadence.IMMEDIATE
    untried = update(AlertRow).where(
        AlertRow.subscription_id == row.id, AlertRow.state == AlertState.PENDING, AlertRow.attempts == 0
    )
    session.execute(untried.values(in_digest=is_gathered, due_at=rhythm.due_at(now)))
    if row.heartbeat_at is not None:
        row.heartbeat_at = rhythm.heartbeat_at(now)
