"""What happened that someone may want to hear of."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.subscription import EventKind
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.mention import MentionRow


class EventRow(Base):
    """One event; a mention raises one of a kind at most."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("kind", "mention_id"), CheckConstraint(one_of("kind", EventKind), name="kind"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"))
    is_reviewed: Mapped[bool]
    at: Mapped[datetime]

    mention: Mapped[MentionRow] = relationship(lazy="raise")
