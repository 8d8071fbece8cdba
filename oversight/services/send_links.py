"""Sends the mails that hold a single link: each link gets its token when its mail is sent, and only the mail has it."""

import logging
import secrets
from collections import Counter

from oversight.domain.message import message_key
from oversight.domain.sign_up import address_hash
from oversight.errors import DeliveryError, DeliveryUncertain
from oversight.services.compose_links import link_message
from oversight.services.courier import Courier
from oversight.services.subscribe import token_hash
from oversight.storage.confirmations import claim_confirmation, due_confirmations, end_confirmation
from oversight.storage.engine import reading
from oversight.storage.suppressions import is_blocked

log = logging.getLogger(__name__)


def send_links(courier: Courier, results: Counter[str]) -> None:
    """Mail every link that is due."""
    with reading(courier.sessions) as session:
        confirmations = due_confirmations(session, now=courier.now())
    for confirmation_id in confirmations:
        if not courier.may_send:
            return
        results["confirmations"] += send_link(courier, confirmation_id)


def send_link(courier: Courier, confirmation_id: int) -> bool:
    """Give one link its token and mail it."""
    now, token = courier.now(), secrets.token_urlsafe(32)
    key = message_key(courier.secret_key, "confirmation", confirmation_id)
    with courier.sessions.begin() as session:
        posting = claim_confirmation(session, confirmation_id, token_hash=token_hash(token), key=key, now=now)
        if posting is None:
            return False
        hashed = address_hash(posting.address, secret=courier.secret_key)
        if is_blocked(session, hashed, since=posting.requested_at):
            end_confirmation(session, confirmation_id, sent_at=None, due_at=None)
            return False
    sent_at, due_at = None, None
    try:
        courier.hand_over(posting.address, link_message(posting.purpose, token, key=key, imprint=courier.imprint))
        sent_at = courier.now()
    except DeliveryUncertain as error:  # given up: the person can ask again, and a mail nobody asked for is worse
        log.warning("confirmation %s may not have been sent: %s", confirmation_id, error)
    except DeliveryError as error:
        due_at = None if error.permanent else courier.retry_at(posting.attempts, posting.requested_at)
        log.warning("confirmation %s was not sent: %s", confirmation_id, error)
    with courier.sessions.begin() as session:
        end_confirmation(session, confirmation_id, sent_at=sent_at, due_at=due_at)
    return sent_at is not None
