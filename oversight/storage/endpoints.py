"""Reads and writes of endpoints, and of what waits to be told to them."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.alert import WAITING, AlertState
from oversight.domain.endpoint import EndpointState
from oversight.domain.subscription import SubscriptionState
from oversight.errors import NotFound
from oversight.storage.models import AlertRow, EndpointRow, EventRow, SubscriptionRow
from oversight.storage.subjects import OF_MENTION

MOST_AT_ONCE = 200


def endpoints_of(session: Session, owner_id: int) -> list[EndpointRow]:
    """Everything that a person answers for, the oldest first."""
    query = select(EndpointRow).where(EndpointRow.owner_id == owner_id).order_by(EndpointRow.subscriber_id)
    return list(session.scalars(query))


def get_owned(session: Session, owner_id: int, endpoint_id: int) -> EndpointRow:
    """One endpoint of a person; raises NotFound for one of others."""
    row = session.get(EndpointRow, endpoint_id, options=[selectinload(EndpointRow.subscriber)])
    if row is None or row.owner_id != owner_id:
        raise NotFound("There is nothing of yours here.")
    return row


def due_endpoints(session: Session, *, now: datetime) -> list[int]:
    """Ids of endpoints for which something waits: a question whose they are, a test, or an event."""
    asked = select(EndpointRow.subscriber_id).where(EndpointRow.asked_at <= now)
    waiting = select(EndpointRow.subscriber_id).join(
        SubscriptionRow, SubscriptionRow.subscriber_id == EndpointRow.subscriber_id
    )
    waiting = waiting.join(AlertRow, AlertRow.subscription_id == SubscriptionRow.id).where(*_waits(now))
    return sorted({*session.scalars(asked), *session.scalars(waiting.distinct())})


def due_of(session: Session, endpoint_id: int, *, now: datetime) -> list[int]:
    """Ids of the alerts that wait for an active endpoint, the longest waiting first."""
    query = select(AlertRow.id).join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    query = query.join(EndpointRow, EndpointRow.subscriber_id == SubscriptionRow.subscriber_id)
    query = query.where(EndpointRow.subscriber_id == endpoint_id, *_waits(now))
    return list(session.scalars(query.order_by(AlertRow.due_at, AlertRow.id).limit(MOST_AT_ONCE)))


def put_off(session: Session, endpoint_id: int, until: datetime) -> None:
    """Let nothing be told to an endpoint before a moment."""
    theirs = select(SubscriptionRow.id).where(SubscriptionRow.subscriber_id == endpoint_id)
    query = update(AlertRow).where(
        AlertRow.subscription_id.in_(theirs), AlertRow.state.in_(WAITING), AlertRow.due_at < until
    )
    session.execute(query.where(AlertRow.ended_at.is_(None)).values(due_at=until))


def hold(session: Session, endpoint_id: int, *, now: datetime) -> None:
    """Pause all that an endpoint follows, without an end, and call back what waits."""
    theirs = select(SubscriptionRow.id).where(SubscriptionRow.subscriber_id == endpoint_id)
    waiting = update(AlertRow).where(AlertRow.subscription_id.in_(theirs), AlertRow.state.in_(WAITING))
    cancelled = {"state": AlertState.CANCELLED.value, "ended_at": now}
    session.execute(waiting.where(AlertRow.ended_at.is_(None)).values(cancelled))
    active = update(SubscriptionRow).where(
        SubscriptionRow.subscriber_id == endpoint_id, SubscriptionRow.state == SubscriptionState.ACTIVE.value
    )
    session.execute(active.values(state=SubscriptionState.PAUSED.value, paused_until=None))


def release(session: Session, endpoint_id: int, *, now: datetime) -> None:
    """Let an endpoint be told of what happens from now on; what its owner paused until a day stays so."""
    held = (SubscriptionRow.state == SubscriptionState.PAUSED.value, SubscriptionRow.paused_until.is_(None))
    query = update(SubscriptionRow).where(SubscriptionRow.subscriber_id == endpoint_id, *held)
    session.execute(query.values(state=SubscriptionState.ACTIVE.value, paused_until=now))


def load_event(session: Session, alert_id: int) -> EventRow:
    """The event of an alert, with all that is told of it."""
    mention = selectinload(EventRow.mention).options(*OF_MENTION)
    query = select(EventRow).join(AlertRow, AlertRow.event_id == EventRow.id).where(AlertRow.id == alert_id)
    return session.scalars(query.options(mention)).one()


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_active = EndpointRow.state == EndpointState.ACTIVE.value
    return is_active, AlertRow.state.in_(WAITING), AlertRow.ended_at.is_(None), AlertRow.due_at <= now
