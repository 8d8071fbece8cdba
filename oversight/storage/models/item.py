"""What feeds published: items, with the meeting they are on and the matter they belong to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.reading import ItemKind
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.feed import FeedRow
from oversight.storage.models.matter import MatterRow
from oversight.storage.models.meeting import MeetingRow


class ItemRow(Base):
    """One thing a feed published. `identity` is unique within the feed (SAFETY C6), `content_hash` tells an edit,
    `likeness` tells an item that came back under another id. `outcome` is null as long as the platform tells none;
    `outcome_looked_at` says when we last looked for it after its meeting (null: never).
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
    outcome_looked_at: Mapped[datetime | None]

    feed: Mapped[FeedRow] = relationship(lazy="raise")
    meeting: Mapped[MeetingRow | None] = relationship(lazy="raise")
    matter: Mapped[MatterRow | None] = relationship(lazy="raise")


class ItemTextRow(Base):
    """The whole text of an item that is longer than its excerpt, as it was matched; other items have no such row."""

    __tablename__ = "item_texts"

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str]
