"""The append-only history, chained by hashes, and the journal that counts all of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class RevisionRow(Base):
    """One change of one thing. `version` counts per thing; `previous_hash` is the hash of its version before."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("entity", "entity_key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str]
    entity_key: Mapped[str]
    version: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
    actor: Mapped[str]
    reason: Mapped[str]
    sources: Mapped[list[str]]
    at: Mapped[datetime]
    previous_hash: Mapped[str | None]
    hash: Mapped[str]


class JournalRow(Base):
    """One revision in the order in which all were committed; `hash` covers the entry before it."""

    __tablename__ = "revision_journal"
    __table_args__ = (UniqueConstraint("entity", "entity_key", "version"),)

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity: Mapped[str]
    entity_key: Mapped[str]
    version: Mapped[int]
    revision_hash: Mapped[str]
    hash: Mapped[str]


class JournalHeadRow(Base):
    """Where the journal ends; the one row of its table."""

    __tablename__ = "revision_journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str]
