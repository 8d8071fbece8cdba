"""A feed, the answers it gave, and every poll of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.feed import Outcome
from oversight.storage.models.base import Base, one_of


class FeedRow(Base):
    """What we poll; feeds.toml says what it is, the rest is what we learnt. `next_due_at` is the schedule.

    A feed is polled by whoever holds its lease; what is written without it is dropped (SAFETY A2, A4). `lease_owner`
    names host, process and the moment that process began, so that the lease of a dead one can be taken over at once.
    `moved_to` is where permanent redirects lead; `moved_url` is that address once it is believed (SAFETY B5).
    """

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
    note: Mapped[str | None]
    evidence: Mapped[str | None]
    next_due_at: Mapped[datetime]
    last_polled_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    last_status: Mapped[int | None]
    last_detail: Mapped[str | None]
    first_ok_at: Mapped[datetime | None]
    last_item_at: Mapped[datetime | None]
    usual_gap_hours: Mapped[float | None]
    empty_polls: Mapped[int] = mapped_column(default=0, server_default="0")
    failures: Mapped[int] = mapped_column(default=0)
    late_polls: Mapped[int] = mapped_column(default=0)
    wished_minutes: Mapped[int | None]
    next_meeting_at: Mapped[datetime | None]
    reread_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    moved_to: Mapped[str | None]
    moved_since: Mapped[datetime | None]
    moved_polls: Mapped[int] = mapped_column(default=0, server_default="0")
    moved_url: Mapped[str | None]
    refused_url: Mapped[str | None]
    gone_since: Mapped[datetime | None]
    gone_polls: Mapped[int] = mapped_column(default=0, server_default="0")
    gone_at: Mapped[datetime | None]

    @property
    def address(self) -> str:
        """Where the feed is asked today."""
        return self.moved_url or self.url


class HostPauseRow(Base):
    """A host that asked to be left in peace until a moment (SAFETY B11)."""

    __tablename__ = "host_pauses"

    host: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str]


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
