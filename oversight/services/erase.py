"""Forgets people: at once where they ask for it, in the end where they follow nothing any more (SAFETY F6)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.sign_up import address_hash, person_hash
from oversight.domain.subscription import Purpose
from oversight.domain.suppression import Suppression
from oversight.storage.corrections import forget_email
from oversight.storage.failed_logins import forget_failed_logins
from oversight.storage.forgetting import forget_consent_senders, forget_inactive, forget_keys
from oversight.storage.models import SubscriberRow
from oversight.storage.sign_ups import forget_old, forget_person
from oversight.storage.subscriptions import erase_subscriber
from oversight.storage.suppressions import add_suppression, drop_soft_bounces

INACTIVE_LIFE = timedelta(days=90)
CONSENT_SENDER_LIFE = timedelta(days=30)


def erase(session: Session, person: SubscriberRow, *, secret_key: str, now: datetime) -> None:
    """Delete all that is known of a person and call back what waits; a keyed hash of the address stays.

    By the hash an older copy of the database, restored, can forget them again. They may sign up anew.
    """
    address = person.address
    erase_subscriber(session, person.id)
    forget_email(session, address)
    for purpose in Purpose:
        forget_person(session, person_hash(address, purpose, secret=secret_key))
    add_suppression(session, address_hash(address, secret=secret_key), Suppression.ERASED, now=now)


def forget_old_traces(session: Session, *, now: datetime) -> None:
    """Forget what was kept for a limited time: who sent forms, where consent came from, whom old mails went to."""
    forget_old(session, now=now)
    forget_failed_logins(session, now=now)
    drop_soft_bounces(session, now=now)
    forget_consent_senders(session, before=now - CONSENT_SENDER_LIFE)
    forget_keys(session, before=now - INACTIVE_LIFE)
    forget_inactive(session, before=now - INACTIVE_LIFE)
