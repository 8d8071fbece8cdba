"""What subscribers do by themselves, with a link that was mailed to them: see, change, pause, end (SAFETY F5)."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from oversight.domain.cleaning import clean_text
from oversight.domain.fingerprint import digest
from oversight.domain.subscription import Cadence, Purpose, SubscriptionState
from oversight.errors import InvalidInput, NotAllowed
from oversight.services.mail_address import mail_address
from oversight.services.subscribe import request_link
from oversight.storage.alerts import cancel_alerts
from oversight.storage.mailed_links import find_mailed_link
from oversight.storage.models import SubscriberRow, SubscriptionRow
from oversight.storage.rhythms import follow_rhythm, keep_hour
from oversight.storage.subscriptions import find_subscriber, paused_until, subscriptions_of

MANAGES = (Purpose.MANAGE, Purpose.SWITCHED_OFF)
NOTE_LENGTH = 500
LONGEST_PAUSE = timedelta(days=366)


def ask_for_link(session: Session, email: str, *, secret_key: str, now: datetime) -> None:
    """Queue a mail with a link to manage, for who has ever confirmed something; raises InvalidInput.

    Says nothing about whether the address was known, so that the page cannot either.
    """
    person = find_subscriber(session, mail_address(email))
    if person is not None and any(one.consent_at for one in subscriptions_of(session, person.id)):
        request_link(session, person, Purpose.MANAGE, secret_key=secret_key, now=now)


def find_manager(session: Session, token: str, *, now: datetime) -> SubscriberRow | None:
    """Whose link this is; None for one that is unknown or older than a day."""
    link = find_mailed_link(session, digest(token), MANAGES, now=now)
    return link.subscriber if link else None


def change_hour(session: Session, person: SubscriberRow, *, hour: int, timezone: str, now: datetime) -> None:
    """All digests of a person come at this hour."""
    keep_hour(session, person.id, hour=hour, timezone=timezone, now=now)


def change_rhythm(session: Session, row: SubscriptionRow, cadence: Cadence, weekday: int, *, now: datetime) -> None:
    """How often one subscription is told; the hour is that of all. Machines are told at once."""
    if row.subscriber.email is None:
        raise NotAllowed("A webhook or room is told at once.")
    row.cadence, row.weekday = cadence.value, weekday
    follow_rhythm(session, row, now=now)


def pause(session: Session, row: SubscriptionRow, until: date, *, now: datetime) -> None:
    """Send nothing until that local day begins; what happens meanwhile is not told afterwards."""
    _require(row, SubscriptionState.ACTIVE, SubscriptionState.PAUSED)
    moment = datetime.combine(until, time(), ZoneInfo(row.timezone)).astimezone(UTC)
    if not now < moment <= now + LONGEST_PAUSE:
        raise InvalidInput("Choose a day after today, within a year.")
    row.state, row.paused_until = SubscriptionState.PAUSED.value, moment
    cancel_alerts(session, row.id, now=now)


def resume(session: Session, row: SubscriptionRow, *, now: datetime) -> None:
    """End a pause; what happened in it is not told."""
    _require(row, SubscriptionState.PAUSED)
    if row.paused_until is None:
        raise NotAllowed("First switch on what is to be told.")
    row.state, row.paused_until = SubscriptionState.ACTIVE.value, now


def resume_due(session: Session, *, now: datetime) -> None:
    """End the pauses that are over."""
    for row in paused_until(session, now):
        row.state = SubscriptionState.ACTIVE.value


def change_note(session: Session, row: SubscriptionRow, text: str) -> None:
    """Keep a subscriber's own reminder of why they follow this."""
    row.note = clean_text(text, NOTE_LENGTH) or None


def change_heartbeat(session: Session, row: SubscriptionRow, *, is_wanted: bool, now: datetime) -> None:
    """Whether somebody hears although nothing happened."""
    row.heartbeat_at = row.rhythm.heartbeat_at(now) if is_wanted else None


def change_feed(session: Session, row: SubscriptionRow, *, is_wanted: bool) -> None:
    """Give the private feeds of a subscription a new address, or none; the old one leads nowhere from now on."""
    _require(row, SubscriptionState.ACTIVE, SubscriptionState.PAUSED)
    row.feed_token = secrets.token_urlsafe(32) if is_wanted else None


def _require(row: SubscriptionRow, *states: SubscriptionState) -> None:
    if row.state not in states:
        raise NotAllowed(f"This cannot be done: the subscription is {SubscriptionState(row.state).label.lower()}.")
