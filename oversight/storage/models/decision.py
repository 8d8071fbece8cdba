"""What editors decided in one go, and which things of the record they attached mentions to."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.mention import Decision
from oversight.domain.suggestion import Noun
from oversight.storage.models.base import Base, one_of


class DecisionRow(Base):
    """One act of an editor, of one mention or of many; `refused` says which of those chosen were left, and why.

    It is undone as a whole, and once.
    """

    __tablename__ = "decisions"
    __table_args__ = (CheckConstraint(one_of("decision", Decision), name="decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    refused: Mapped[list[dict[str, Any]]]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class DecisionStepRow(Base):
    """One revision that a decision wrote, of a mention or of a thing of the record: what an undo takes back."""

    __tablename__ = "decision_steps"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str]
    entity_key: Mapped[str]
    version: Mapped[int]


class MentionLinkRow(Base):
    """A mention that speaks of a deployment or a policy, by its key, and why an editor says so.

    `status_version` is the version of that thing whose new status rests on the mention; null where none does.
    """

    __tablename__ = "mention_links"
    __table_args__ = (
        UniqueConstraint("mention_id", "noun", "key"),
        CheckConstraint(one_of("noun", Noun), name="noun"),
        Index("ix_mention_links_thing", "noun", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"))
    noun: Mapped[str]
    key: Mapped[str]
    reason: Mapped[str]
    attached_by: Mapped[str]
    attached_at: Mapped[datetime]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id", ondelete="CASCADE"), index=True)
    status_version: Mapped[int | None]
