"""Following something: ask, confirm by mail, stop. Nothing is sent before it is confirmed (SAFETY F2 to F4)."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.subscription import SubscriptionState, Wish
from oversight.services.mail_address import mail_address
from oversight.storage.alerts import cancel_alerts
from oversight.storage.models import SubscriptionRow
from oversight.storage.subscriptions import (
    ask_to_follow,
    by_unsubscribe_token,
    drop_unconfirmed,
    find_confirmation,
    get_or_add_subscriber,
    pending_of,
    request_confirmation,
    subscriptions_of,
    use_confirmation,
)

CONSENT_TEXT = "2026-11: I want Oversight to e-mail me about what I follow. I can stop at any time with one click."
CONFIRMATION_LIFE = timedelta(hours=48)
UNCONFIRMED_LIFE = timedelta(days=7)


def sign_up(session: Session, email: str, wish: Wish, *, now: datetime) -> None:
    """Note a wish to follow something and queue the confirmation mail; raises InvalidInput for a bad address.

    Says nothing about whether the address was known, so that the page cannot either (SAFETY F1).
    """
    address = mail_address(email)
    subscriber_id = get_or_add_subscriber(session, address, now=now)
    if ask_to_follow(session, subscriber_id, wish, token=secrets.token_urlsafe(32), now=now):
        request_confirmation(session, subscriber_id, now=now)


def token_hash(token: str) -> str:
    """What is kept of a mailed token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def awaiting_confirmation(session: Session, token: str, *, now: datetime) -> list[SubscriptionRow]:
    """What a confirmation link would confirm; empty for a link that is unknown, used or expired."""
    row = find_confirmation(session, token_hash(token), now=now)
    return pending_of(session, row.subscriber_id) if row else []


def confirm_subscriptions(session: Session, token: str, *, now: datetime) -> list[SubscriptionRow]:
    """Spend a confirmation link; what is followed from now on. A spent link changes nothing and confirms nothing."""
    row = find_confirmation(session, token_hash(token), now=now)
    if row is None or not use_confirmation(session, row.id, now=now):
        return []
    confirmed = pending_of(session, row.subscriber_id)
    for subscription in confirmed:
        subscription.state = SubscriptionState.ACTIVE.value
        subscription.consent_at = now
        subscription.consent_text = CONSENT_TEXT
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
        if subscription.state != SubscriptionState.ENDED:
            subscription.state = SubscriptionState.ENDED.value
            subscription.ended_at = now
        cancel_alerts(session, subscription.id, now=now)
    return True


def forget_unconfirmed(session: Session, *, now: datetime) -> None:
    """Delete what was not confirmed within seven days."""
    drop_unconfirmed(session, before=now - UNCONFIRMED_LIFE)
