"""Reads and writes of subscribers and their subscriptions."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.subscription import SubscriptionState, Wish
from oversight.errors import NotFound
from oversight.storage.models import EndpointRow, QueryRow, SubscriberRow, SubscriptionRow
from oversight.storage.stored_queries import drop_unused, keep_query
from oversight.storage.upsert import insert_new


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
            SubscriptionRow.state.in_([SubscriptionState.PENDING, SubscriptionState.ENDED]),
        )
        .values(state=SubscriptionState.PENDING.value, created_at=now, ended_at=None, **asked)
    )
    session.execute(query)
    return bool(pending_of(session, subscriber_id))


def pending_of(session: Session, subscriber_id: int) -> list[SubscriptionRow]:
    """What a subscriber asked for and has not confirmed."""
    query = _with_query().where(
        SubscriptionRow.subscriber_id == subscriber_id, SubscriptionRow.state == SubscriptionState.PENDING
    )
    return list(session.scalars(query.join(QueryRow).order_by(QueryRow.text)))


def by_unsubscribe_token(session: Session, token: str) -> SubscriptionRow | None:
    """The one subscription that this token can end."""
    if not _is_plain(token):
        return None
    return session.scalars(_with_query().where(SubscriptionRow.unsubscribe_token == token)).one_or_none()


def by_feed_token(session: Session, token: str) -> SubscriptionRow | None:
    """The one subscription that this token shows, while it lives."""
    if not _is_plain(token):
        return None
    lives = SubscriptionRow.state.in_([SubscriptionState.ACTIVE, SubscriptionState.PAUSED])
    return session.scalars(_with_query().where(SubscriptionRow.feed_token == token, lives)).one_or_none()


def find_subscriber(session: Session, email: str) -> SubscriberRow | None:
    """The subscriber with this address, which is lower case."""
    return session.scalars(select(SubscriberRow).where(SubscriberRow.email == email)).one_or_none()


def subscriptions_of(session: Session, subscriber_id: int) -> list[SubscriptionRow]:
    """Everything a subscriber follows or followed."""
    return list(session.scalars(select(SubscriptionRow).where(SubscriptionRow.subscriber_id == subscriber_id)))


def paused_until(session: Session, now: datetime) -> list[SubscriptionRow]:
    """Subscriptions whose pause is over."""
    is_over = (SubscriptionRow.state == SubscriptionState.PAUSED) & (SubscriptionRow.paused_until <= now)
    return list(session.scalars(select(SubscriptionRow).where(is_over)))


def get_managed(session: Session, person_id: int, subscription_id: int) -> SubscriptionRow:
    """One subscription of a person or of their endpoints; raises NotFound for one of others (SAFETY F5)."""
    query = _with_query().where(SubscriptionRow.id == subscription_id, _is_managed_by(person_id))
    row = session.scalars(query.options(selectinload(SubscriptionRow.subscriber))).one_or_none()
    if row is None:
        raise NotFound("There is nothing of yours here.")
    return row


def managed_by(session: Session, person_id: int) -> list[SubscriptionRow]:
    """All that a person and their endpoints follow or followed, what was asked for first before the rest."""
    query = _with_query().where(_is_managed_by(person_id)).order_by(SubscriptionRow.id)
    return list(session.scalars(query))


def erase_subscriber(session: Session, person_id: int) -> None:
    """Delete a person and their endpoints, with all that hangs on them: what they follow, links, ledger, attempts."""
    theirs = select(EndpointRow.subscriber_id).where(EndpointRow.owner_id == person_id)
    ids = [person_id, *session.scalars(theirs)]
    session.execute(delete(SubscriberRow).where(SubscriberRow.id.in_(ids)))
    drop_unused(session)


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
    is_person = SubscriberRow.email.is_not(None)  # an endpoint stays until its owner takes it away
    gone = delete(SubscriberRow).where(is_person, SubscriberRow.id.not_in(followers), SubscriberRow.created_at < before)
    session.execute(gone)


def _is_plain(token: str) -> bool:
    """PostgreSQL refuses to look for a NUL, and both databases for half a pair."""
    return token.isascii() and token.isprintable()


def _is_managed_by(person_id: int) -> ColumnElement[bool]:
    theirs = select(EndpointRow.subscriber_id).where(EndpointRow.owner_id == person_id)
    return (SubscriptionRow.subscriber_id == person_id) | SubscriptionRow.subscriber_id.in_(theirs)


def _with_query() -> Select[SubscriptionRow]:
    return select(SubscriptionRow).options(selectinload(SubscriptionRow.query))
