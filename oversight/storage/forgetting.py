"""Takes out of rows that stay what is known of people for a limited time only (SAFETY F3, F6)."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oversight.domain.subscription import SubscriptionState
from oversight.storage.models import ConfirmationRow, DeliveryRow, EndpointRow, SubscriberRow, SubscriptionRow


def forget_consent_senders(session: Session, *, before: datetime) -> None:
    """Where consent came from."""
    late = (SubscriptionRow.consent_sender.is_not(None), SubscriptionRow.consent_at < before)
    session.execute(update(SubscriptionRow).where(*late).values(consent_sender=None))


def forget_keys(session: Session, *, before: datetime) -> None:
    """The names of old messages, by which an attempt could be told to belong to a mail in somebody's mailbox."""
    late = (DeliveryRow.key.is_not(None), DeliveryRow.started_at < before)
    session.execute(update(DeliveryRow).where(*late).values(key=None))
    session.execute(delete(ConfirmationRow).where(ConfirmationRow.requested_at < before))


def forget_inactive(session: Session, *, before: datetime) -> None:
    """The address, reminders and endpoints of people who have followed nothing since then.

    What they followed stays without them: the links in their mails still end it, and nothing is told twice.
    """
    lives = (SubscriptionRow.state != SubscriptionState.ENDED) | (SubscriptionRow.ended_at >= before)
    follows = select(SubscriptionRow.subscriber_id).where(lives)
    gone = select(SubscriberRow.id).where(
        SubscriberRow.email.is_not(None),
        SubscriberRow.created_at < before,
        SubscriberRow.id.not_in(follows),
        SubscriberRow.id.not_in(select(EndpointRow.owner_id).where(EndpointRow.subscriber_id.in_(follows))),
    )
    ids = list(session.scalars(gone))
    if ids:
        theirs = select(EndpointRow.subscriber_id).where(EndpointRow.owner_id.in_(ids))
        session.execute(delete(SubscriberRow).where(SubscriberRow.id.in_(list(session.scalars(theirs)))))
        session.execute(update(SubscriptionRow).where(SubscriptionRow.subscriber_id.in_(ids)).values(note=None))
        session.execute(update(SubscriberRow).where(SubscriberRow.id.in_(ids)).values(email=None))
        session.execute(delete(ConfirmationRow).where(ConfirmationRow.subscriber_id.in_(ids)))
