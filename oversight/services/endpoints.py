"""Endpoints, as their owner sees them: add, prove, test, change the secret, let follow, take away (SAFETY H1)."""

import base64
import hmac
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.endpoint import (
    MOST_OWNED,
    OLD_SECRET_LIFE,
    SECRET_PREFIX,
    EndpointKind,
    EndpointState,
    Receiver,
)
from oversight.domain.subscription import AT_ONCE, SubscriptionState
from oversight.errors import FeedError, InvalidInput, NotAllowed
from oversight.outbound.address import parse_url
from oversight.storage.endpoints import endpoints_of, release
from oversight.storage.models import EndpointRow, SubscriberRow, SubscriptionRow
from oversight.storage.subscriptions import erase_subscriber, subscriptions_of

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 10


def add_endpoint(session: Session, owner: SubscriberRow, kind: EndpointKind, url: str, *, now: datetime) -> EndpointRow:
    """Add an endpoint, which is asked for its proof at the next tick; raises InvalidInput."""
    owned = endpoints_of(session, owner.id)
    if len(owned) >= MOST_OWNED:
        raise InvalidInput(f"There are {MOST_OWNED} already. Take one away first.")
    if url in [one.url for one in owned]:
        raise InvalidInput("You have added this address already.")
    machine = SubscriberRow(email=None, created_at=now)
    session.add(machine)
    session.flush()
    row = EndpointRow(
        subscriber_id=machine.id, owner_id=owner.id, kind=kind.value, url=url, secret=_new_secret(), created_at=now,
        state=EndpointState.PENDING.value,
    )  # fmt: skip
    session.add(row)
    ask_for_proof(row, now=now)
    return row


def checked_url(text: str, *, allows_http: bool) -> str:
    """An address that may be told; raises InvalidInput. Whether it is public is judged at every connection."""
    try:
        target = parse_url(text.strip())
    except FeedError as error:
        raise InvalidInput(f"This address cannot be used: {error}.") from error
    if target.scheme != "https" and not allows_http:
        raise InvalidInput("Write an address that begins with https://.")
    return target.url


def ask_for_proof(row: EndpointRow, *, now: datetime) -> None:
    """Have a new code sent; who reads it there proves that the endpoint is theirs."""
    row.challenge = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    row.state, row.asked_at, row.failing_since = EndpointState.PENDING.value, now, None


def prove(session: Session, row: EndpointRow, code: str, *, now: datetime) -> bool:
    """Switch an endpoint on for who knows its code; False, and nothing changed, for another."""
    if row.state != EndpointState.PENDING or not row.challenge:
        return False
    if not hmac.compare_digest(code.strip().lower().encode(), row.challenge.encode()):
        return False
    row.state, row.challenge = EndpointState.ACTIVE.value, None
    row.failing_since, row.disabled_reason = None, None
    release(session, row.subscriber_id, now=now)
    return True


def ask_for_test(row: EndpointRow, *, now: datetime) -> None:
    """Have a test sent."""
    if row.state != EndpointState.ACTIVE:
        raise NotAllowed("Only an endpoint that is active is tested.")
    row.asked_at = now


def change_secret(row: EndpointRow, *, now: datetime) -> None:
    """Sign with a new secret; the old one signs as well for a day."""
    row.old_secret, row.old_secret_until = row.secret, now + OLD_SECRET_LIFE
    row.secret = _new_secret()


def follow_too(session: Session, row: EndpointRow, followed: SubscriptionRow, *, now: datetime) -> None:
    """Let an endpoint follow what its owner follows; it is told at once, whatever their rhythm."""
    known = next(
        (one for one in subscriptions_of(session, row.subscriber_id) if one.query_id == followed.query_id), None
    )
    copy = known or SubscriptionRow(
        subscriber_id=row.subscriber_id,
        query_id=followed.query_id,
        unsubscribe_token=secrets.token_urlsafe(32),
        created_at=now,
    )
    is_active = row.state == EndpointState.ACTIVE
    copy.state = (SubscriptionState.ACTIVE if is_active else SubscriptionState.PAUSED).value
    copy.reviewed_only, copy.cadence = followed.reviewed_only, AT_ONCE.cadence.value
    copy.hour, copy.weekday, copy.timezone = AT_ONCE.hour, AT_ONCE.weekday, AT_ONCE.timezone
    copy.consent_at, copy.consent_text, copy.ended_at = now, "asked for by the owner of the endpoint", None
    session.add(copy)


def take_away(session: Session, row: EndpointRow) -> None:
    """Delete an endpoint with all that hangs on it."""
    erase_subscriber(session, row.subscriber_id)


def receiver_of(row: EndpointRow, *, now: datetime) -> Receiver:
    """Where an endpoint is told, and what signs."""
    is_old_valid = row.old_secret and row.old_secret_until and row.old_secret_until > now
    return Receiver(EndpointKind(row.kind), row.url, (row.secret, *((row.old_secret,) if is_old_valid else ())))


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
