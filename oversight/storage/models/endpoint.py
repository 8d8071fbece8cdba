"""Where machines are told of events."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.endpoint import EndpointKind, EndpointState
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.subscription import SubscriberRow


class EndpointRow(Base):
    """A subscriber that is a machine, with the subscriber who answers for it; it shares the ledger of alerts.

    `challenge` is the code that proves whose it is. `asked_at` is set while a message with the code, or a test, waits
    to be sent; `answer` is what came of the last message.

    `old_secret` signs as well until `old_secret_until`, so that a secret can be changed without a gap.
    """

    __tablename__ = "endpoints"
    __table_args__ = (
        UniqueConstraint("owner_id", "url"),
        CheckConstraint(one_of("kind", EndpointKind), name="kind"),
        CheckConstraint(one_of("state", EndpointState), name="state"),
    )

    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    kind: Mapped[str]
    url: Mapped[str]
    secret: Mapped[str]
    old_secret: Mapped[str | None]
    old_secret_until: Mapped[datetime | None]
    state: Mapped[str]
    challenge: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    created_at: Mapped[datetime]

    subscriber: Mapped[SubscriberRow] = relationship(foreign_keys=[subscriber_id], lazy="raise")
    owner: Mapped[SubscriberRow] = relationship(foreign_keys=[owner_id], lazy="raise")
