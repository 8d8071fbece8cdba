"""Sources, and which fact of the record cites which."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.storage.models.base import Base

CITING = ("policy_id", "deployment_id", "action_id", "vendor_id")


class SourceRow(Base):
    """A publication. Without `url` it is shown as a source without address; without `publisher` as not known.

    `content_hash` is the SHA-256 of what was read; `link_state` is what the last look at the address found, None: no
    look so far. The record's files do not hold the last two columns.
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
