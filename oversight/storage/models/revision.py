"""The append-only history: who changed what, when, why, from which source, chained by hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
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
