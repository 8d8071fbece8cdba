"""Subscribers, what they follow, and the single-use links we mailed them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.subscription import Cadence, Purpose, Rhythm, SubscriptionState
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.query import QueryRow


class SubscriberRow(Base):
    """Who is told: a person by their address, kept in lower case, of whom nothing else is known; or an endpoint.

    Of a person who follows nothing any more the address is forgotten in the end (SAFETY F6).
    """

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    @property
    def address(self) -> str:
        """The address of a person; raises ValueError where there is none."""
        if self.email is None:
            raise ValueError(f"subscriber {self.id} has no address")
        return self.email


class SubscriptionRow(Base):
    """One query that one subscriber follows. `consent_at` and `consent_text` prove the double opt-in (SAFETY F3);
    `consent_sender` is where it came from, as a keyed hash that changes every day, and is forgotten after 30 days.

    `hour` and `weekday` (0 is Monday) are local to `timezone`; they say when, where `cadence` is not immediate.

    `unsubscribe_token` stays readable because every mail repeats it; all it can do is to end this subscription, and all
    that `feed_token` can do is to show its Atom feed and calendar. `note` is the subscriber's own reminder of why.
    `heartbeat_at` is when they hear next although nothing happened, where they chose so. `paused_until` stays when the
    pause is over: what happened before it is not told.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "query_id"),
        CheckConstraint(one_of("cadence", Cadence), name="cadence"),
        CheckConstraint("hour BETWEEN 0 AND 23 AND weekday BETWEEN 0 AND 6", name="hour"),
        CheckConstraint(one_of("state", SubscriptionState), name="state"),
        Index("ix_subscriptions_query", "query_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    query_id: Mapped[int] = mapped_column(ForeignKey("queries.id"))
    reviewed_only: Mapped[bool] = mapped_column(server_default=true())
    cadence: Mapped[str] = mapped_column(server_default="immediate")
    hour: Mapped[int] = mapped_column(server_default="7")
    weekday: Mapped[int] = mapped_column(server_default="0")
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    state: Mapped[str]
    paused_until: Mapped[datetime | None]
    unsubscribe_token: Mapped[str] = mapped_column(unique=True)
    feed_token: Mapped[str | None] = mapped_column(unique=True)
    note: Mapped[str | None]
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    consent_at: Mapped[datetime | None]
    consent_text: Mapped[str | None]
    consent_sender: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    subscriber: Mapped[SubscriberRow] = relationship(lazy="raise")
    query: Mapped[QueryRow] = relationship(lazy="raise")

    @property
    def rhythm(self) -> Rhythm:
        """When its alerts are due."""
        return Rhythm(Cadence(self.cadence), self.hour, self.weekday, self.timezone)


class ConfirmationRow(Base):
    """A link, mailed to one subscriber: to confirm what they asked to follow, or to manage it (SAFETY F2, F5).

    The token is made when the mail is sent, and only its hash is kept. One that confirms works once, for 48 hours; one
    that manages for 24 hours. `key` names the mail: a bounce comes back under it.
    """

    __tablename__ = "confirmations"
    __table_args__ = (CheckConstraint(one_of("purpose", Purpose), name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(server_default="confirm")
    key: Mapped[str | None] = mapped_column(index=True)
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    subscriber: Mapped[SubscriberRow] = relationship(lazy="raise")
