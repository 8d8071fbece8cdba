"""Meetings, what changed about them, and every version of their agendas."""

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.meeting_change import MeetingChange
from oversight.domain.reading import MeetingStatus
from oversight.storage.models.base import Base, one_of


class MeetingRow(Base):
    """A dated sitting of a body. `status` is what the platform says; `vanished_at` is when it stopped naming it.

    `asked` is the question that its agenda answered, so that it can be asked again; `outcome_looks` counts how often
    that was done after the meeting, `outcome_due_at` is the next time.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("feed_id", "uid"),
        CheckConstraint(one_of("status", MeetingStatus), name="status"),
        Index("ix_meetings_place", "jurisdiction", "date"),
        Index("ix_meetings_feed_date", "feed_id", "date"),
        Index("ix_meetings_outcome_due", "outcome_due_at"),
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
    how_to_comment: Mapped[str | None]
    first_seen_at: Mapped[datetime | None]
    vanished_at: Mapped[datetime | None]
    asked: Mapped[dict[str, Any] | None]
    outcome_looks: Mapped[int] = mapped_column(default=0, server_default="0")
    outcome_due_at: Mapped[datetime | None]


class MeetingMoveRow(Base):
    """A meeting that was called off or vanished, and the new one that took its place."""

    __tablename__ = "meeting_moves"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    moved_to_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime]


class MeetingChangeRow(Base):
    """One thing that changed about a meeting, and when we saw it."""

    __tablename__ = "meeting_changes"
    __table_args__ = (
        CheckConstraint(one_of("kind", MeetingChange), name="kind"),
        Index("ix_meeting_changes_meeting", "meeting_id", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    kind: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    seen_at: Mapped[datetime]


class AgendaVersionRow(Base):
    """One version of a meeting's agenda: its entries in order, and what it added to and took from the one before.

    `added` and `removed` hold entries whose `text` is only the lines that came or went.
    """

    __tablename__ = "agenda_versions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    number: Mapped[int]
    seen_at: Mapped[datetime]
    content_hash: Mapped[str]
    entries: Mapped[list[dict[str, Any]]]
    added: Mapped[list[dict[str, Any]]]
    removed: Mapped[list[dict[str, Any]]]
