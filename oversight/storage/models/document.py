"""Documents behind items: what was found, why it was wanted, and what came of reading it."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.document import DocumentState
from oversight.storage.models.base import Base, one_of


class DocumentRow(Base):
    """A packet, staff report or contract of an item or a meeting. `wanted` says why it is read; null: it is not.

    `mention_id` is the mention that its words made. `pages` are the offsets at which each page begins in the text that
    was matched; the text itself is not kept here.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("feed_id", "url"),
        CheckConstraint(one_of("state", DocumentState), name="state"),
        Index("ix_documents_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="SET NULL"), index=True)
    url: Mapped[str]
    title: Mapped[str | None]
    media_type: Mapped[str | None]
    wanted: Mapped[str | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    found_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    content_hash: Mapped[str | None]
    size: Mapped[int | None]
    page_count: Mapped[int | None]
    pages: Mapped[list[int]] = mapped_column(JSON)
    is_ocr: Mapped[bool] = mapped_column(default=False)
    stored_as: Mapped[str | None]
