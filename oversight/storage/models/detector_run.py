"""Reruns of the detector over what is stored: how far each is, and what each would change."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.rerun import ChangeKind, ChangeState, RunState
from oversight.storage.models.base import Base, one_of


class DetectorRunRow(Base):
    """One rerun. It looked at the items up to the row `cursor` and ends at `last_item_id`: later ones are not old.

    `is_running` is true for one run at most; who runs it holds its lease.
    """

    __tablename__ = "detector_runs"
    __table_args__ = (
        CheckConstraint(one_of("state", RunState), name="state"),
        Index(
            "uq_detector_runs_running",
            "is_running",
            unique=True,
            sqlite_where=text("is_running"),
            postgresql_where=text("is_running"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    state: Mapped[str]
    since: Mapped[datetime | None]
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    cursor: Mapped[int]
    last_item_id: Mapped[int]
    total: Mapped[int]
    counts: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    previewed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    is_running: Mapped[bool]
    lease_owner: Mapped[str | None]
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class DetectorChangeRow(Base):
    """What a rerun would change about one item, or has changed.

    `content_hash` is that of the words and of the mention as they were compared: when it is another, the change is
    judged anew before it is applied. `differs` are the names of what differs.
    """

    __tablename__ = "detector_changes"
    __table_args__ = (
        UniqueConstraint("run_id", "item_id"),
        CheckConstraint(one_of("kind", ChangeKind), name="kind"),
        CheckConstraint(one_of("state", ChangeState), name="state"),
        Index("ix_detector_changes_waiting", "run_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("detector_runs.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str]
    differs: Mapped[list[str]]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    state: Mapped[str]
    applied_at: Mapped[datetime | None]
