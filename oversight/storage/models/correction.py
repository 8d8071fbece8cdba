"""What visitors report as wrong in the record, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.correction import CorrectionState
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.revision import RevisionRow


class CorrectionRow(Base):
    """One report about one thing of the record. `seen` is the version that was there, `revision` the one that mends it.

    `email` is erased with the decision, or after 90 days; `sender` and `network`, for counting only, after a day.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        CheckConstraint(one_of("state", CorrectionState), name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'accepted') = (revision_id IS NOT NULL)", name="carried_out"),
        CheckConstraint("state = 'open' OR email IS NULL", name="email_erased"),
        Index("ix_corrections_state", "state", "id"),
        Index("ix_corrections_entity", "entity", "entity_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str]
    entity_key: Mapped[str]
    seen_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    field: Mapped[str | None]
    text: Mapped[str]
    source_url: Mapped[str | None]
    email: Mapped[str | None]
    sender: Mapped[str | None]
    network: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"), index=True)

    seen: Mapped[RevisionRow] = relationship(lazy="raise", foreign_keys=[seen_id])
    revision: Mapped[RevisionRow | None] = relationship(lazy="raise", foreign_keys=[revision_id])
