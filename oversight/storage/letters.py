"""Reads all that the words of mails are made of."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.alert import AlertState
from oversight.domain.subscription import SubscriptionState
from oversight.storage.batches import in_batches
from oversight.storage.models import AlertRow, DigestRow, EventRow, ItemRow, MentionRow, SubscriptionRow

MENTION = selectinload(EventRow.mention)
OF_EVENT = (
    MENTION.selectinload(MentionRow.technologies),
    MENTION.selectinload(MentionRow.item).selectinload(ItemRow.meeting),
)
OF_ALERT = (
    selectinload(AlertRow.subscription).selectinload(SubscriptionRow.query),
    selectinload(AlertRow.event).options(*OF_EVENT),
)


def load_alerts(session: Session, ids: Sequence[int]) -> dict[int, AlertRow]:
    """Alerts with all that their messages tell."""
    query = select(AlertRow).options(*OF_ALERT)
    found = (session.scalars(query.where(AlertRow.id.in_(some))) for some in in_batches(ids))
    return {row.id: row for rows in found for row in rows}


def load_digest(session: Session, digest_id: int) -> tuple[DigestRow, list[AlertRow]]:
    """A digest with what it gathered and nobody called back."""
    digest = session.get_one(DigestRow, digest_id, options=[selectinload(DigestRow.subscriber)])
    query = select(AlertRow).where(AlertRow.digest_id == digest_id, AlertRow.state == AlertState.GATHERED)
    return digest, list(session.scalars(query.order_by(AlertRow.created_at, AlertRow.id).options(*OF_ALERT)))


def with_heartbeat(session: Session, subscriber_id: int) -> list[SubscriptionRow]:
    """What a subscriber follows and wants to hear of although nothing happened."""
    query = select(SubscriptionRow).where(
        SubscriptionRow.subscriber_id == subscriber_id,
        SubscriptionRow.state == SubscriptionState.ACTIVE,
        SubscriptionRow.heartbeat_at.is_not(None),
    )
    return list(session.scalars(query.options(selectinload(SubscriptionRow.query)).order_by(SubscriptionRow.id)))
