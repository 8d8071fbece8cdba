"""Sends the mails that hold a single link: each link gets its token when its mail is sent, and only the mail has it."""

import logging
import secrets
from collections import Counter

from oversight.domain.fingerprint import digest
from oversight.domain.message import message_key
from oversight.domain.sign_up import address_hash
from oversight.errors import DeliveryError, DeliveryUncertain
from oversight.services.compose_mailed_link import link_message
from oversight.services.courier import Courier
from oversight.storage.engine import reading
from oversight.storage.mailed_links import claim_mailed_link, due_mailed_links, end_mailed_link
from oversight.storage.suppressions import is_blocked

log = logging.getLogger(__name__)


def send_mailed_links(courier: Courier, results: Counter[str]) -> None:
    """Mail every link that is due."""
    with reading(courier.sessions) as session:
        due = due_mailed_links(session, now=courier.now())
    for link_id in due:
        if not courier.may_send:
            return
        results["mailed links"] += send_mailed_link(courier, link_id)


def send_mailed_link(courier: Courier, link_id: int) -> bool:
    """Give one link its token and mail it."""
    now, token = courier.now(), secrets.token_urlsafe(32)
    key = message_key(courier.secret_key, "confirmation", link_id)
    with courier.sessions.begin() as session:
        posting = claim_mailed_link(session, link_id, token_hash=digest(token), key=key, now=now)
        if posting is None:
            return False
        hashed = address_hash(posting.address, secret=courier.secret_key)
        if is_blocked(session, hashed, since=posting.requested_at):
            end_mailed_link(session, link_id, sent_at=None, due_at=None)
            return False
    sent_at, due_at = None, None
    try:
        courier.hand_over(posting.address, link_message(posting.purpose, token, key=key, imprint=courier.imprint))
        sent_at = courier.now()
    except DeliveryUncertain as error:  # given up: the person can ask again, and a mail nobody asked for is worse
        log.warning("mailed link %s may not have been sent: %s", link_id, error)
    except DeliveryError as error:
        due_at = None if error.permanent else courier.retry_at(posting.attempts, posting.requested_at)
        log.warning("mailed link %s was not sent: %s", link_id, error)
    with courier.sessions.begin() as session:
        end_mailed_link(session, link_id, sent_at=sent_at, due_at=due_at)
    return sent_at is not None
