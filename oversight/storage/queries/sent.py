"""What was sent to somebody: the ledger as they may see it, and the events of one subscription."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.alert import TOLD, AlertState
from oversight.storage.models import AlertRow, DeliveryRow, EventRow, SubscriptionRow
from oversight.storage.subjects import OF_MENTION

# Told by a message of its own, or in a digest.
MOST = 100


@dataclass(frozen=True)
class Sent:
    """One event that was told, or may have been; `event` was loaded with what it tells."""

    subscription_id: int
    event: EventRow
    state: AlertState
    at: datetime


def sent_to(
    session: Session, subscription_ids: Sequence[int], *, since: datetime, most: int | None = MOST
) -> list[Sent]:
    """What was told of these subscriptions since then, the newest first."""
    at = AlertRow.ended_at
    query = select(AlertRow).where(
        AlertRow.subscription_id.in_(subscription_ids), AlertRow.state.in_(TOLD), at.is_not(None), at >= since
    )
    event = selectinload(AlertRow.event).selectinload(EventRow.mention).options(*OF_MENTION)
    rows = session.scalars(query.options(event).order_by(at.desc(), AlertRow.id.desc()).limit(most))
    return [Sent(row.subscription_id, row.event, AlertState(row.state), row.ended_at) for row in rows if row.ended_at]


def events_of(session: Session, subscription_id: int) -> list[EventRow]:
    """The newest events that were found for a subscription and stand, whether they were sent yet or not."""
    query = select(EventRow).join(AlertRow, AlertRow.event_id == EventRow.id)
    query = query.where(AlertRow.subscription_id == subscription_id, EventRow.withdrawn_at.is_(None))
    options = selectinload(EventRow.mention).options(*OF_MENTION)
    return list(session.scalars(query.options(options).order_by(EventRow.at.desc(), EventRow.id.desc()).limit(MOST)))


@dataclass(frozen=True)
class Tried:
    """One attempt to tell an endpoint; `outcome` is None while it runs."""

    endpoint_id: int
    at: datetime
    attempt: int
    outcome: AlertState | None
    detail: str | None


def tried_of(session: Session, endpoint_ids: Sequence[int]) -> list[Tried]:
    """The last attempts to tell these endpoints, the newest first."""
    columns = (SubscriptionRow.subscriber_id, DeliveryRow.started_at, DeliveryRow.attempt)
    query = select(*columns, DeliveryRow.outcome, DeliveryRow.detail).join(
        AlertRow, AlertRow.id == DeliveryRow.alert_id
    )
    query = query.join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    begun = DeliveryRow.started_at.is_not(None)
    query = query.where(SubscriptionRow.subscriber_id.in_(endpoint_ids), begun)
    rows = session.execute(query.order_by(DeliveryRow.started_at.desc(), DeliveryRow.id.desc()).limit(MOST))
    return [Tried(who, at, number, AlertState(how) if how else None, said) for who, at, number, how, said in rows if at]
