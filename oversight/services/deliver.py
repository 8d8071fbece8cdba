"""One pass of the outbox: claim, commit, send, write down how it ended; each alert once (SAFETY G1 to G5)."""

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oversight.channels import Channel
from oversight.domain.alert import UNCERTAIN_RETRY, AlertState, Ending, retry_at
from oversight.domain.message import Message, message_key
from oversight.errors import DeliveryError, DeliveryUncertain
from oversight.services.compose import alert_message
from oversight.services.compose_links import link_message
from oversight.services.manage import resume_due
from oversight.services.subscribe import forget_unconfirmed, token_hash
from oversight.storage.alerts import (
    Claim,
    claim_alert,
    due_alerts,
    end_attempt,
    expired_claims,
    load_alert,
)
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow
from oversight.storage.subscriptions import claim_confirmation, due_confirmations, end_confirmation

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Courier:
    """What a delivery needs: the database, a channel and its name, the site's address, the secret, and the time."""

    sessions: Sessions
    channel: Channel
    channel_name: str
    base_url: str
    mail_from: str
    secret_key: str
    technologies: Mapping[str, str]
    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)


def deliver(courier: Courier) -> Counter[str]:
    """Send every confirmation and alert that is due; how many ended in which state."""
    results: Counter[str] = Counter()
    recover(courier)
    with reading(courier.sessions) as session:
        confirmations = due_confirmations(session, now=courier.now())
    for confirmation_id in confirmations:
        if courier.stop.is_set():
            return results
        results["confirmations"] += send_confirmation(courier, confirmation_id)
    while True:
        with reading(courier.sessions) as session:
            alert_ids = due_alerts(session, now=courier.now())
        if not alert_ids:
            return results
        for alert_id in alert_ids:
            if courier.stop.is_set():
                return results
            state = send_alert(courier, alert_id)
            if state is not None:
                results[state] += 1


def recover(courier: Courier) -> None:
    """Take up what a dead sender left: it may have sent, so its alerts are uncertain (SAFETY G4)."""
    now = courier.now()
    with courier.sessions.begin() as session:
        forget_unconfirmed(session, now=now)
        resume_due(session, now=now)
        for claim in expired_claims(session, now=now):
            due_at = None if claim.was_uncertain else now + UNCERTAIN_RETRY
            end_attempt(session, claim, Ending(AlertState.UNCERTAIN, "the sender stopped", due_at), now=now)


def send_alert(courier: Courier, alert_id: int) -> AlertState | None:
    """Claim, commit, send, commit; None where the alert was no longer to be sent."""
    with courier.sessions.begin() as session:
        claim = claim_alert(session, alert_id, channel=courier.channel_name, now=courier.now())
    if claim is None:
        return None
    with reading(courier.sessions) as session:
        alert = load_alert(session, alert_id)
    ending = attempt(courier, alert, claim)
    with courier.sessions.begin() as session:
        end_attempt(session, claim, ending, now=courier.now())
    return ending.state


def attempt(courier: Courier, alert: AlertRow, claim: Claim) -> Ending:
    """Send one alert, outside any transaction."""
    now = courier.now()
    try:
        courier.channel.send(alert.subscription.subscriber.address, message_of(courier, alert))
    except DeliveryUncertain as error:
        return Ending(AlertState.UNCERTAIN, str(error), None if claim.was_uncertain else now + UNCERTAIN_RETRY)
    except DeliveryError as error:
        if claim.was_uncertain:  # the first copy may have arrived: tried once more, and no further
            return Ending(AlertState.UNCERTAIN, str(error))
        due_at = None if error.permanent else retry_at(attempts=claim.attempt, created_at=alert.created_at, now=now)
        return Ending(AlertState.PENDING if due_at else AlertState.FAILED, str(error), due_at)
    return Ending(AlertState.SENT)


def message_of(courier: Courier, alert: AlertRow) -> Message:
    """The words of one alert; raises DeliveryError where there can be none, so that the others still go out."""
    try:
        return alert_message(
            alert,
            key=message_key(courier.secret_key, "alert", alert.id),
            base_url=courier.base_url,
            mail_from=courier.mail_from,
            technologies=courier.technologies,
        )
    except Exception as error:
        log.critical("alert %s cannot be put into words", alert.id, exc_info=True)
        raise DeliveryError(f"no message could be made: {type(error).__name__}", permanent=False) from error


def send_confirmation(courier: Courier, confirmation_id: int) -> bool:
    """Give one confirmation its token and mail it; only the mail ever holds the token."""
    now = courier.now()
    token = secrets.token_urlsafe(32)
    with courier.sessions.begin() as session:
        posting = claim_confirmation(session, confirmation_id, token_hash=token_hash(token), now=now)
    if posting is None:
        return False
    key = message_key(courier.secret_key, "confirmation", confirmation_id)
    sent_at, due_at = None, None
    try:
        message = link_message(posting.purpose, token, key=key, base_url=courier.base_url)
        courier.channel.send(posting.address, message)
        sent_at = courier.now()
    except DeliveryUncertain as error:  # given up: the person can ask again, and a mail nobody asked for is worse
        log.warning("confirmation %s may not have been sent: %s", confirmation_id, error)
    except DeliveryError as error:
        due_at = (
            None if error.permanent else retry_at(attempts=posting.attempts, created_at=posting.requested_at, now=now)
        )
        log.warning("confirmation %s was not sent: %s", confirmation_id, error)
    with courier.sessions.begin() as session:
        end_confirmation(session, confirmation_id, sent_at=sent_at, due_at=due_at)
    return sent_at is not None
