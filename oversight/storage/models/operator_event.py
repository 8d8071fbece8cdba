"""What the people who run the service should look at."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.health import Trouble
from oversight.storage.models.base import Base, one_of


class OperatorEventRow(Base):
    """One trouble of one feed, open until it is over: there is at most one open of a kind and feed."""

    __tablename__ = "operator_events"
    __table_args__ = (
        CheckConstraint(one_of("kind", Trouble), name="kind"),
        Index(
            "uq_operator_events_open",
            "feed_id",
            "kind",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    kind: Mapped[str]
    detail: Mapped[str]
    raised_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
