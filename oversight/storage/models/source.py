"""Sources, and which fact of the record cites which."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.storage.models.base import Base

CITING = ("policy_id", "deployment_id", "action_id", "vendor_id")


class SourceRow(Base):
    """A publication. Without `url` it is shown as a source without address; without `publisher` as not known.

    `content_hash` is the SHA-256 of what was read. The columns that begin with `link_` say what the looks at `link_url`
    found (`domain/link_check.py`); they are an observation, no fact: neither files nor history hold them. Where that is
    not `url`, nobody has looked at the address of today.
    """

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str | None]
    title: Mapped[str]
    publisher: Mapped[str | None]
    date: Mapped[str | None]
    date_certainty: Mapped[str | None]
    tier: Mapped[str | None]
    note: Mapped[str | None]
    archived_url: Mapped[str | None]
    content_hash: Mapped[str | None]
    link_state: Mapped[str | None]
    link_checked_at: Mapped[datetime | None]
    link_url: Mapped[str | None]
    link_due_at: Mapped[datetime | None] = mapped_column(index=True)
    link_reason: Mapped[str | None]
    link_moved_to: Mapped[str | None]
    link_failures: Mapped[int] = mapped_column(server_default="0")
    link_failing_since: Mapped[datetime | None]
    link_text_hash: Mapped[str | None]
    link_text_looks: Mapped[int] = mapped_column(server_default="0")
    link_text_changed_at: Mapped[datetime | None]


class CitationRow(Base):
    """One thing of the record cites one source: exactly one of the four foreign keys is set."""

    __tablename__ = "citations"
    __table_args__ = (
        CheckConstraint(" + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in CITING) + " = 1", "one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"), index=True)
    deployment_id: Mapped[int | None] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id", ondelete="CASCADE"), index=True)
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"), index=True)

    source: Mapped[SourceRow] = relationship(lazy="raise")
