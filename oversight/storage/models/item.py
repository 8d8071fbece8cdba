"""What feeds published: items, the meetings they are on, the matters they belong to."""

import datetime as dt
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.reading import ItemKind, MeetingStatus
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.feed import FeedRow


class MeetingRow(Base):
    """A dated sitting of a body."""

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("feed_id", "uid"),
        CheckConstraint(one_of("status", MeetingStatus), name="status"),
        Index("ix_meetings_place", "jurisdiction", "date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    uid: Mapped[str]
    jurisdiction: Mapped[str | None]
    body: Mapped[str | None]
    date: Mapped[dt.date | None] = mapped_column(index=True)
    starts_at: Mapped[datetime | None]
    timezone: Mapped[str | None]
    status: Mapped[str]
    location: Mapped[str | None]
    url: Mapped[str | None]
    agenda_url: Mapped[str | None]
    minutes_url: Mapped[str | None]
    video_url: Mapped[str | None]


class MatterRow(Base):
    """One piece of business of one jurisdiction, keyed by its file number."""

    __tablename__ = "matters"
    __table_args__ = (UniqueConstraint("jurisdiction", "file"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    file: Mapped[str]
    title: Mapped[str]
    type: Mapped[str | None]
    status: Mapped[str | None]


class ItemRow(Base):
    """One thing a feed published. `identity` is unique within the feed (SAFETY C6), `content_hash` tells an edit,
    `likeness` tells an item that came back under another id.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("feed_id", "identity"),
        CheckConstraint(one_of("kind", ItemKind), name="kind"),
        Index("ix_items_likeness", "feed_id", "likeness"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    identity: Mapped[str]
    uid: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    excerpt: Mapped[str]
    url: Mapped[str | None]
    published_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    content_hash: Mapped[str]
    likeness: Mapped[str | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="SET NULL"), index=True)
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matters.id", ondelete="SET NULL"), index=True)
    sequence: Mapped[int | None]
    outcome: Mapped[str | None]

    feed: Mapped[FeedRow] = relationship(lazy="raise")
    meeting: Mapped[MeetingRow | None] = relationship(lazy="raise")
    matter: Mapped[MatterRow | None] = relationship(lazy="raise")
