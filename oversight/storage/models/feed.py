"""A feed, the answers it gave, and every poll of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.feed import Outcome
from oversight.storage.models.base import Base, one_of


class FeedRow(Base):
    """What we poll; feeds.toml says what it is, the rest is what we learnt. `next_due_at` is the schedule."""

    __tablename__ = "feeds"
    __table_args__ = (Index("ix_feeds_due", "is_enabled", "next_due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    jurisdiction: Mapped[str | None] = mapped_column(index=True)
    timezone: Mapped[str | None]
    every_minutes: Mapped[int]
    is_enabled: Mapped[bool]
    next_due_at: Mapped[datetime]
    last_polled_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    last_detail: Mapped[str | None]
    last_item_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    late_polls: Mapped[int] = mapped_column(default=0)


class AnswerRow(Base):
    """The last good answer from one address of a feed: its validators and hash, so that it is not read twice.

    `revision` is what the question was asked for; a question with the same revision is already answered.
    """

    __tablename__ = "feed_answers"
    __table_args__ = (UniqueConstraint("feed_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    url: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str]
    revision: Mapped[str | None]
    answered_at: Mapped[datetime]
    full_at: Mapped[datetime]


class PollRow(Base):
    """One poll and its one outcome (SAFETY B13); `hops` lists every request with its status."""

    __tablename__ = "polls"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        Index("ix_polls_feed", "feed_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    outcome: Mapped[str]
    detail: Mapped[str | None]
    requests: Mapped[int]
    bytes: Mapped[int]
    hops: Mapped[list[dict[str, Any]]]
    items_new: Mapped[int]
    items_changed: Mapped[int]
    items_dropped: Mapped[int]
    mentions_new: Mapped[int]
    warnings: Mapped[list[str]]
