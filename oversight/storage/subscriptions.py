"""Reads and writes of subscribers, their subscriptions and the links that confirm them."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.subscription import SubscriptionState, Wish
from oversight.storage.models import ConfirmationRow, QueryRow, SubscriberRow, SubscriptionRow
from oversight.storage.stored_queries import drop_unused, keep_query
from oversight.storage.upsert import insert_new, was_changed

LEASE = timedelta(minutes=5)


def get_or_add_subscriber(session: Session, email: str, *, now: datetime) -> int:
    """The id of the subscriber with this address, which is lower case."""
    insert_new(session, SubscriberRow, [{"email": email, "created_at": now}], [SubscriberRow.id])
    return session.scalars(select(SubscriberRow.id).where(SubscriberRow.email == email)).one()


def ask_to_follow(session: Session, subscriber_id: int, wish: Wish, *, token: str, now: datetime) -> bool:
    """Note what a subscriber wants to follow; False where it is already active: then its rhythm stays, too, because
    anyone can type an address.
    """
    query_id = keep_query(session, wish.query)
    asked = {
        "reviewed_only": wish.reviewed_only,
        "cadence": wish.rhythm.cadence.value,
        "hour": wish.rhythm.hour,
        "weekday": wish.rhythm.weekday,
        "timezone": wish.rhythm.timezone,
    }
    row = {
        "subscriber_id": subscriber_id,
        "query_id": query_id,
        "state": SubscriptionState.PENDING.value,
        "unsubscribe_token": token,
        "created_at": now,
    }
    if insert_new(session, SubscriptionRow, [row | asked], [SubscriptionRow.id]):
        return True
    query = (
        update(SubscriptionRow)
        .where(
            SubscriptionRow.subscriber_id == subscriber_id,
            SubscriptionRow.query_id == query_id,
            SubscriptionRow.state != SubscriptionState.ACTIVE,
        )
        .values(state=SubscriptionState.PENDING.value, created_at=now, ended_at=None, **asked)
    )
    session.execute(query)
    return bool(pending_of(session, subscriber_id))


def request_confirmation(session: Session, subscriber_id: int, *, now: datetime) -> None:
    """Queue a confirmation mail, unless one is under way or in the subscriber's hands."""
    query = select(ConfirmationRow).where(
        ConfirmationRow.subscriber_id == subscriber_id, ConfirmationRow.used_at.is_(None)
    )
    is_waiting = [
        row for row in session.scalars(query) if row.due_at or (row.sent_at and (row.expires_at or now) > now)
    ]
    if not is_waiting:
        session.add(ConfirmationRow(subscriber_id=subscriber_id, requested_at=now, due_at=now, attempts=0))


def due_confirmations(session: Session, *, now: datetime) -> list[int]:
    """Ids of confirmation mails that wait to be sent."""
    query = select(ConfirmationRow.id).where(ConfirmationRow.sent_at.is_(None), ConfirmationRow.due_at <= now)
    return list(session.scalars(query.order_by(ConfirmationRow.due_at)))


def claim_confirmation(
    session: Session, confirmation_id: int, *, token_hash: str, expires_at: datetime, now: datetime
) -> tuple[str, int, datetime] | None:
    """Take one confirmation mail for sending and give it its token; None if another took it.

    Returns the address, how often it was tried, and when it was asked for.
    """
    query = (
        update(ConfirmationRow)
        .where(ConfirmationRow.id == confirmation_id, ConfirmationRow.sent_at.is_(None), ConfirmationRow.due_at <= now)
        .values(
            token_hash=token_hash,
            expires_at=expires_at,
            due_at=now + LEASE,
            attempts=ConfirmationRow.attempts + 1,
        )
    )
    if not was_changed(session, query):
        return None
    row = session.get_one(ConfirmationRow, confirmation_id, options=[selectinload(ConfirmationRow.subscriber)])
    return row.subscriber.address, row.attempts, row.requested_at


def end_confirmation(
    session: Session, confirmation_id: int, *, sent_at: datetime | None, due_at: datetime | None
) -> None:
    """Write how one attempt to send a confirmation ended; neither time means that it is given up."""
    query = update(ConfirmationRow).where(ConfirmationRow.id == confirmation_id)
    session.execute(query.values(sent_at=sent_at, due_at=due_at))


def find_confirmation(session: Session, token_hash: str, *, now: datetime) -> ConfirmationRow | None:
    """The unused, unexpired confirmation with this token."""
    query = select(ConfirmationRow).where(
        ConfirmationRow.token_hash == token_hash, ConfirmationRow.used_at.is_(None), ConfirmationRow.expires_at > now
    )
    return session.scalars(query).one_or_none()


def use_confirmation(session: Session, confirmation_id: int, *, now: datetime) -> bool:
    """Spend a confirmation; False where it was spent a moment ago."""
    query = update(ConfirmationRow).where(ConfirmationRow.id == confirmation_id, ConfirmationRow.used_at.is_(None))
    return was_changed(session, query.values(used_at=now))


def pending_of(session: Session, subscriber_id: int) -> list[SubscriptionRow]:
    """What a subscriber asked for and has not confirmed."""
    query = _with_query().where(
        SubscriptionRow.subscriber_id == subscriber_id, SubscriptionRow.state == SubscriptionState.PENDING
    )
    return list(session.scalars(query.join(QueryRow).order_by(QueryRow.text)))


def by_unsubscribe_token(session: Session, token: str) -> SubscriptionRow | None:
    """The one subscription that this token can end."""
    if not (token.isascii() and token.isprintable()):
        return None  # PostgreSQL refuses to look for a NUL, and both for half a pair
    return session.scalars(_with_query().where(SubscriptionRow.unsubscribe_token == token)).one_or_none()


def subscriptions_of(session: Session, subscriber_id: int) -> list[SubscriptionRow]:
    """Everything a subscriber follows or followed."""
    return list(session.scalars(select(SubscriptionRow).where(SubscriptionRow.subscriber_id == subscriber_id)))


def drop_unconfirmed(session: Session, *, before: datetime) -> None:
    """Forget what nobody confirmed, and the people who follow nothing because of it (SAFETY F2)."""
    dropped = session.execute(
        delete(SubscriptionRow).where(
            SubscriptionRow.state == SubscriptionState.PENDING,
            SubscriptionRow.created_at < before,
            SubscriptionRow.consent_at.is_(None),
        )
    )
    if getattr(dropped, "rowcount", 0):
        drop_unused(session)
    # Who had consented once, left, and was asked for again by somebody: as it was before, with its link and its ledger.
    session.execute(
        update(SubscriptionRow)
        .where(SubscriptionRow.state == SubscriptionState.PENDING, SubscriptionRow.created_at < before)
        .values(state=SubscriptionState.ENDED.value, ended_at=before)
    )
    followers = select(SubscriptionRow.subscriber_id)
    session.execute(delete(SubscriberRow).where(SubscriberRow.id.not_in(followers), SubscriberRow.created_at < before))


def _with_query() -> Select[SubscriptionRow]:
    return select(SubscriptionRow).options(selectinload(SubscriptionRow.query))
