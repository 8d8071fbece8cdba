"""Gathers what waits for a subscriber's digest, and makes the heartbeat of who heard nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import MOST_UNSAID, TOLD, AlertState
from oversight.domain.digest import HEARTBEAT, next_digest_at, period_at, quiet_since
from oversight.domain.subscription import Cadence, SubscriptionState
from oversight.storage.batches import in_batches
from oversight.storage.models import AlertRow, DigestRow, SubscriberRow, SubscriptionRow
from oversight.storage.upsert import UNSEEN

OF_IT = AlertRow.subscription_id == SubscriptionRow.id
NOT_TOLD = (AlertState.CANCELLED.value, AlertState.FAILED.value)


def awaiting_digest(session: Session, *, now: datetime) -> list[int]:
    """Ids of subscribers for whom a digest is due."""
    query = select(SubscriptionRow.subscriber_id).join(AlertRow, OF_IT).join(SubscriberRow)
    waiting = query.where(*_waits(now), SubscriberRow.email.is_not(None)).distinct()
    return list(session.scalars(waiting.order_by(SubscriptionRow.subscriber_id)))


def gather(session: Session, subscriber_id: int, *, now: datetime) -> int | None:
    """Make the digest of this local date from all that is due; its id. None where nothing is to be told today."""
    _lock(session, subscriber_id)
    query = select(AlertRow.id, AlertRow.event_id, SubscriptionRow).join(SubscriptionRow, OF_IT)
    mine = SubscriptionRow.subscriber_id == subscriber_id
    found = session.execute(query.where(mine, *_waits(now)).order_by(AlertRow.due_at, AlertRow.id)).all()
    active = [row for row in found if row[2].state == SubscriptionState.ACTIVE]
    _put(session, [row.id for row in found if row not in active], state=AlertState.CANCELLED.value, ended_at=now)
    if not active:
        return None
    rhythm = max((row[2] for row in active), key=lambda one: one.consent_at or one.created_at).rhythm
    period = period_at(rhythm.timezone, now)
    if _has_digest(session, subscriber_id, period):
        _put(session, [row.id for row in active], due_at=next_digest_at(rhythm, now))
        return None
    told = _told(session, subscriber_id, now)
    first = {row.event_id: row.id for row in reversed(active) if row.event_id not in told}
    chosen = set(first.values())
    _put(session, [row.id for row in active if row.id not in chosen], state=AlertState.COVERED.value, ended_at=now)
    if not chosen:
        return None
    digest_id = _add(session, subscriber_id, period, now)
    _put(session, sorted(chosen), state=AlertState.GATHERED.value, digest_id=digest_id)
    return digest_id


def leave_out(session: Session, alert: AlertRow, *, now: datetime) -> None:
    """Take an alert out of its digest that cannot be put into words: it waits for the next, and is given up in time."""
    attempts = alert.attempts + 1
    values = {"state": AlertState.PENDING.value, "due_at": next_digest_at(alert.subscription.rhythm, now)}
    if attempts >= MOST_UNSAID:
        values = {"state": AlertState.FAILED.value, "ended_at": now}
    _put(session, [alert.id], attempts=attempts, digest_id=None, **values)


def awaiting_heartbeat(session: Session, *, now: datetime) -> list[int]:
    """Ids of subscribers who wanted to hear now although nothing happened."""
    query = select(SubscriptionRow.subscriber_id).join(SubscriberRow).where(*_beats(now))
    return list(session.scalars(query.where(SubscriberRow.email.is_not(None)).distinct()))


def beat(session: Session, subscriber_id: int, *, now: datetime) -> int | None:
    """Make a heartbeat where nothing happened since the last, and no digest goes out today; set when to ask next."""
    _lock(session, subscriber_id)
    query = select(SubscriptionRow).where(SubscriptionRow.subscriber_id == subscriber_id, *_beats(now))
    due = list(session.scalars(query.order_by(SubscriptionRow.id)))
    for one in due:
        one.heartbeat_at = one.rhythm.heartbeat_at(now)
    if not due or not any(is_quiet(session, one, now=now) for one in due):
        return None
    period = period_at(due[-1].timezone, now)
    if _has_digest(session, subscriber_id, period):
        return None
    return _add(session, subscriber_id, HEARTBEAT + period, now)


def is_quiet(session: Session, subscription: SubscriptionRow, *, now: datetime) -> bool:
    """Whether nothing was told of it since the last heartbeat, nor waits to be."""
    since = quiet_since(Cadence(subscription.cadence), now)
    of_it = AlertRow.subscription_id == subscription.id
    heard = exists().where(of_it, AlertRow.created_at > since, AlertRow.state.not_in(NOT_TOLD))
    return not session.scalar(select(heard))


def _waits(now: datetime) -> list[Any]:
    pending = AlertRow.state == AlertState.PENDING
    return [pending, AlertRow.due_at <= now, AlertRow.in_digest, AlertRow.ended_at.is_(None)]


def _beats(now: datetime) -> list[Any]:
    return [SubscriptionRow.state == SubscriptionState.ACTIVE, SubscriptionRow.heartbeat_at <= now]


def _lock(session: Session, subscriber_id: int) -> None:
    """Make others wait who claim or gather for the same subscriber."""
    session.execute(select(SubscriberRow.id).where(SubscriberRow.id == subscriber_id).with_for_update(key_share=True))


def _has_digest(session: Session, subscriber_id: int, period: str) -> bool:
    of_day = DigestRow.period.in_((period, HEARTBEAT + period))
    return bool(session.scalar(select(exists().where(DigestRow.subscriber_id == subscriber_id, of_day))))


def _told(session: Session, subscriber_id: int, now: datetime) -> set[int]:
    """Events that the subscriber heard of, or hears of now."""
    mine = SubscriptionRow.subscriber_id == subscriber_id
    waiting = select(AlertRow.event_id).join(SubscriptionRow, OF_IT).where(mine, *_waits(now))
    told = select(AlertRow.event_id).join(SubscriptionRow, OF_IT).where(mine, AlertRow.event_id.in_(waiting))
    return set(session.scalars(told.where(AlertRow.state.in_((*TOLD, AlertState.SENDING)))))


def _add(session: Session, subscriber_id: int, period: str, now: datetime) -> int:
    digest = DigestRow(
        subscriber_id=subscriber_id, period=period, state=AlertState.PENDING.value, due_at=now, created_at=now
    )
    session.add(digest)
    session.flush()
    return digest.id


def _put(session: Session, alert_ids: Sequence[int], **values: Any) -> None:
    for ids in in_batches(alert_ids):
        query = update(AlertRow).where(AlertRow.id.in_(ids)).values(values)
        session.execute(query, execution_options=UNSEEN)
