"""The ledger: one alert for each subscription and event, the digests that gather them, every attempt to deliver."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.alert import AlertState
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.event import EventRow
from oversight.storage.models.subscription import SubscriberRow, SubscriptionRow


class Sending:
    """What all that is sent carries. Who took it may begin until `lease_until`; `ended_at` is set when it is over."""

    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DigestRow(Sending, Base):
    """One message that gathers what a subscriber was to hear in one period: a local day, or a week (`2026-11-29`)."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "period"),
        CheckConstraint(one_of("state", AlertState), name="state"),
        Index("ix_digests_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    period: Mapped[str]

    subscriber: Mapped[SubscriberRow] = relationship(lazy="raise")


class AlertRow(Sending, Base):
    """One (subscription, event) pair; the database allows it once (SAFETY G2).

    `in_digest` says that it waits for the digest that is made when it is due; `digest_id` which one took it.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        CheckConstraint(one_of("state", AlertState), name="state"),
        Index("ix_alerts_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    in_digest: Mapped[bool] = mapped_column(server_default=false())
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id", ondelete="SET NULL"), index=True)

    subscription: Mapped[SubscriptionRow] = relationship(lazy="raise")
    event: Mapped[EventRow] = relationship(lazy="raise")


class DeliveryRow(Base):
    """One attempt to send an alert or a digest; `outcome` is None while it runs, or if the process died in it.

    `started_at` is None until the message is about to be handed over: what was taken and not begun was not sent. `key`
    names the message, the same in every attempt: a bounce comes back under it.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_id", "attempt"),
        UniqueConstraint("digest_id", "attempt"),
        CheckConstraint("(alert_id IS NULL) <> (digest_id IS NULL)", name="one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    channel: Mapped[str]
    key: Mapped[str | None] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    detail: Mapped[str | None]
