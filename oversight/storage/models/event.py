"""What happened that someone may want to hear of."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.event import EventKind
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.mention import MentionRow


class EventRow(Base):
    """One event, written in the transaction of what it tells.

    `subject` and `occurrence` say what happened (domain/event.py), each once for a kind. `about` and `told` are kept as
    they were then; an event about a mention has neither, for its mention tells. A withdrawn event is told to nobody.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "occurrence"),
        CheckConstraint(one_of("kind", EventKind), name="kind"),
        Index("ix_events_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    occurrence: Mapped[str] = mapped_column(server_default="")
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), index=True)
    is_reviewed: Mapped[bool]
    at: Mapped[datetime]
    about: Mapped[dict[str, Any] | None]
    told: Mapped[dict[str, Any] | None]
    withdrawn_at: Mapped[datetime | None]

    mention: Mapped[MentionRow | None] = relationship(lazy="raise")
