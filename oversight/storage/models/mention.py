"""Items that the detector found relevant, with the evidence and what an editor decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.mention import MentionState, Stage
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.item import ItemRow


class MentionRow(Base):
    """One relevant item. The title and text that the evidence points into are kept as they were matched.

    Where a document behind the item made it a mention, the text is the document's, and the document names the mention.
    `jurisdiction` is the first place's Open Civic Data id; all places are in `places` with their display names.
    `modes` are how faces are searched, `seller` who sells what the vendor made, `placement` where the item stands on
    its agenda, `dates` the days that it names.
    `story_id` is the first mention that tells the same thing, its own id for that one, and null where none other does;
    `story_reason` says why, of all but that one.
    `opinion` is what a later detector would decide where an editor has decided; it changes nothing.
    """

    __tablename__ = "mentions"
    __table_args__ = (
        CheckConstraint(one_of("state", MentionState), name="state"),
        CheckConstraint(f"stage IS NULL OR {one_of('stage', Stage)}", name="stage"),
        Index("ix_mentions_state", "state", "first_matched_at"),
        Index("ix_mentions_place", "jurisdiction", "first_matched_at"),
        Index("ix_mentions_story", "story_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str]
    score: Mapped[float]
    detector: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    stage: Mapped[str | None]
    jurisdiction: Mapped[str | None]
    places: Mapped[list[dict[str, Any]]]
    modes: Mapped[list[str]] = mapped_column(server_default="[]")
    vendors: Mapped[list[str]]
    products: Mapped[list[str]]
    seller: Mapped[str | None]
    agencies: Mapped[list[str]]
    placement: Mapped[str | None]
    badges: Mapped[list[str]]
    amount: Mapped[dict[str, Any] | None]
    dates: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    evidence: Mapped[list[dict[str, Any]]]
    first_matched_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]
    story_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="SET NULL"))
    story_reason: Mapped[str | None]
    opinion: Mapped[dict[str, Any] | None]

    item: Mapped[ItemRow] = relationship(lazy="raise")
    technologies: Mapped[list["MentionTechnologyRow"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class MentionTechnologyRow(Base):
    """One technology of a mention, by its code."""

    __tablename__ = "mention_technologies"

    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    technology: Mapped[str] = mapped_column(primary_key=True, index=True)
