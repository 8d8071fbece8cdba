"""Changes of published legal status that a second editor has to approve."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.proposal import ProposalState
from oversight.storage.models.base import Base, one_of


class ProposalRow(Base):
    """What one editor wants a policy to say; `version` is the one that it was made from.

    `edit` is the change as its form gave it (`services/propose.py`). `kept_version` is the revision that the approval
    made. Whoever proposed it is never the one who decides.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint(one_of("state", ProposalState), name="state"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_persons"),
        Index(None, "entity", "entity_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str]
    entity_key: Mapped[str]
    version: Mapped[int]
    edit: Mapped[dict[str, Any]]
    reason: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_because: Mapped[str | None]
    kept_version: Mapped[int | None]
