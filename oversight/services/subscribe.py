"""Following something: ask, confirm by mail, stop. Nothing is sent before it is confirmed (SAFETY F2 to F4)."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.fingerprint import digest
from oversight.domain.sign_up import address_hash, person_hash
from oversight.domain.subscription import Cadence, Purpose, SubscriptionState, Wish
from oversight.services.mail_address import mail_address
from oversight.storage.alerts import cancel_alerts
from oversight.storage.mailed_links import add_mailed_link, find_mailed_link, is_mailed_link_under_way, use_mailed_link
from oversight.storage.models import SubscriberRow, SubscriptionRow
from oversight.storage.rhythms import keep_hour
from oversight.storage.sign_ups import take_mail
from oversight.storage.subscriptions import (
    ask_to_follow,
    by_unsubscribe_token,
    drop_unconfirmed,
    get_or_add_subscriber,
    pending_of,
    subscriptions_of,
)
from oversight.storage.suppressions import is_blocked

CONSENT_TEXT = "2026-11: I want Oversight to e-mail me about what I follow. I can stop at any time with one click."
UNCONFIRMED_LIFE = timedelta(days=7)


def sign_up(session: Session, email: str, wish: Wish, *, secret_key: str, now: datetime) -> None:
    """Note a wish to follow something and queue the confirmation mail; raises InvalidInput for a bad address.

    Says nothing about whether the address was known, so that the page cannot either (SAFETY F1).
    """
    address = mail_address(email)
    subscriber_id = get_or_add_subscriber(session, address, now=now)
    if ask_to_follow(session, subscriber_id, wish, token=secrets.token_urlsafe(32), now=now):
        subscriber = session.get_one(SubscriberRow, subscriber_id)
        request_link(session, subscriber, Purpose.CONFIRM, secret_key=secret_key, now=now)


def request_link(
    session: Session, subscriber: SubscriberRow, purpose: Purpose, *, secret_key: str, now: datetime
) -> None:
    """Queue a mail with a link, unless one is under way, the address is not written to, or got so many already."""
    if is_mailed_link_under_way(session, subscriber.id, purpose, now=now):
        return
    address = subscriber.address
    if is_blocked(session, address_hash(address, secret=secret_key), since=now):
        return
    due_at = take_mail(session, person_hash(address, purpose, secret=secret_key), purpose, now=now)
    if due_at is not None:
        add_mailed_link(session, subscriber.id, purpose, due_at=due_at, now=now)


def awaiting_confirmation(session: Session, token: str, *, now: datetime) -> list[SubscriptionRow]:
    """What a confirmation link would confirm; empty for a link that is unknown, used or expired."""
    row = find_mailed_link(session, digest(token), [Purpose.CONFIRM], now=now)
    return pending_of(session, row.subscriber_id) if row else []


def confirm_subscriptions(
    session: Session, token: str, *, sender: str | None = None, now: datetime
) -> list[SubscriptionRow]:
    """Spend a confirmation link; what is followed from now on. A spent link changes nothing and confirms nothing.

    `sender` is where it was confirmed, as a hash. All of a subscriber's digests come at the hour confirmed last.
    """
    row = find_mailed_link(session, digest(token), [Purpose.CONFIRM], now=now)
    if row is None or not use_mailed_link(session, row.id, now=now):
        return []
    confirmed = pending_of(session, row.subscriber_id)
    for subscription in confirmed:
        subscription.state = SubscriptionState.ACTIVE.value
        subscription.consent_at = now
        subscription.consent_text = CONSENT_TEXT
        subscription.consent_sender = sender
    gathered = [one for one in confirmed if one.cadence != Cadence.IMMEDIATE]
    if gathered:
        last = max(gathered, key=lambda one: (one.created_at, one.id))
        keep_hour(session, row.subscriber_id, hour=last.hour, timezone=last.timezone, now=now)
    return confirmed


def find_subscription(session: Session, token: str) -> SubscriptionRow | None:
    """The subscription that an unsubscribe link names."""
    return by_unsubscribe_token(session, token)


def unsubscribe(session: Session, token: str, *, everything: bool, now: datetime) -> bool:
    """End one subscription, or all of its subscriber's; mails not yet handed over are called back.

    Idempotent. False only for a token that never was one.
    """
    row = by_unsubscribe_token(session, token)
    if row is None:
        return False
    for subscription in subscriptions_of(session, row.subscriber_id) if everything else [row]:
        end(session, subscription, now=now)
    return True


def end(session: Session, row: SubscriptionRow, *, now: datetime) -> None:
    """Follow this no more, and call back what waits; idempotent. Its private feeds end with it."""
    if row.state != SubscriptionState.ENDED:
        row.state, row.ended_at = SubscriptionState.ENDED.value, now
    row.feed_token = None
    cancel_alerts(session, row.id, now=now)


def forget_unconfirmed(session: Session, *, now: datetime) -> None:
    """Delete what was not confirmed within seven days."""
    drop_unconfirmed(session, before=now - UNCONFIRMED_LIFE)
