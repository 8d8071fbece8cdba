"""Matters, and what bodies did with them."""

import datetime as dt
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.matter_stage import MatterStage
from oversight.storage.models.base import Base, one_of


class MatterRow(Base):
    """One piece of business of one jurisdiction, keyed by its file number; its sightings are the items that carry it.

    An editor may put it on the watch list, so that everything attached to it is read.
    """

    __tablename__ = "matters"
    __table_args__ = (UniqueConstraint("jurisdiction", "file"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    file: Mapped[str]
    title: Mapped[str]
    type: Mapped[str | None]
    status: Mapped[str | None]
    url: Mapped[str | None]
    first_seen_at: Mapped[datetime | None]
    is_watched: Mapped[bool] = mapped_column(default=False, server_default="0")


class MatterAliasRow(Base):
    """A matter that is another one under a second file number: bodies that sit together each number their hearing."""

    __tablename__ = "matter_aliases"

    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"), primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"), index=True)


class MatterLinkRow(Base):
    """A bill that was brought in again under another number: `matter_id` is the later one.

    `similarity` is the share of words that both have in common; 0 where only the headline is the same.
    """

    __tablename__ = "matter_links"

    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"), primary_key=True, index=True)
    similarity: Mapped[float]


class MatterStepRow(Base):
    """One thing that a body did with a matter; the stage is ours, the words are the platform's."""

    __tablename__ = "matter_steps"
    __table_args__ = (UniqueConstraint("matter_id", "uid"), CheckConstraint(one_of("stage", MatterStage), name="stage"))

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"))
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    uid: Mapped[str]
    date: Mapped[dt.date | None]
    body: Mapped[str | None]
    action: Mapped[str]
    outcome: Mapped[str | None]
    votes: Mapped[str | None]
    stage: Mapped[str]
