"""The ledger: one alert for each subscription and event, and every attempt to deliver it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.alert import AlertState
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.event import EventRow
from oversight.storage.models.subscription import SubscriptionRow


class AlertRow(Base):
    """One (subscription, event) pair; the database allows it once (SAFETY G2)."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        CheckConstraint(one_of("state", AlertState), name="state"),
        Index("ix_alerts_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    subscription: Mapped[SubscriptionRow] = relationship(lazy="raise")
    event: Mapped[EventRow] = relationship(lazy="raise")


class DeliveryRow(Base):
    """One attempt to send one alert; `outcome` is None while it runs, or if the process died in it."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("alert_id", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    channel: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    detail: Mapped[str | None]
