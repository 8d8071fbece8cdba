"""Finds whom a message went to by its name, and what that means for them."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import AlertState
from oversight.domain.suppression import Suppression
from oversight.storage.models import (
    AlertRow,
    ConfirmationRow,
    DeliveryRow,
    DigestRow,
    SubscriberRow,
    SubscriptionRow,
    SuppressionRow,
)


def find_recipient(session: Session, key: str) -> SubscriberRow | None:
    """Who got the message of this name."""
    alert = select(SubscriptionRow.subscriber_id).join(AlertRow).join(DeliveryRow, DeliveryRow.alert_id == AlertRow.id)
    digest = select(DigestRow.subscriber_id).join(DeliveryRow, DeliveryRow.digest_id == DigestRow.id)
    link = select(ConfirmationRow.subscriber_id).where(ConfirmationRow.key == key)
    asked = (alert.where(DeliveryRow.key == key), digest.where(DeliveryRow.key == key), link)
    found = next((one for query in asked if (one := session.scalar(query.limit(1))) is not None), None)
    return session.get(SubscriberRow, found) if found is not None else None


def note_return(session: Session, key: str, detail: str) -> None:
    """Write into the delivery log what came back."""
    session.execute(update(DeliveryRow).where(DeliveryRow.key == key).values(detail=detail))


def drop_mailed_links(session: Session, subscriber_id: int) -> None:
    """Call back the mails with links that wait for a subscriber."""
    waiting = update(ConfirmationRow).where(ConfirmationRow.subscriber_id == subscriber_id)
    session.execute(waiting.where(ConfirmationRow.sent_at.is_(None)).values(due_at=None))


def complaints_since(session: Session, since: datetime) -> tuple[int, int]:
    """How many people complained since then, and how many mails were sent."""
    complained = select(func.count()).where(
        SuppressionRow.reason == Suppression.COMPLAINT.value, SuppressionRow.at > since
    )
    sent = select(func.count()).where(DeliveryRow.outcome == AlertState.SENT.value, DeliveryRow.started_at > since)
    return session.scalar(complained) or 0, session.scalar(sent) or 0
