"""Reads and writes of endpoints."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.storage.models import EndpointRow


def endpoints_of(session: Session, owner_id: int) -> list[EndpointRow]:
    """Everything that a person answers for, the oldest first."""
    query = select(EndpointRow).where(EndpointRow.owner_id == owner_id).order_by(EndpointRow.subscriber_id)
    return list(session.scalars(query))
