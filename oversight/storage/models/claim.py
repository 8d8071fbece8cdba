"""Who says what about which field of a deployment or a policy."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.record import ClaimType
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.source import SourceRow


class ClaimRow(Base):
    """What one named party says about one field of a deployment or of a policy; two that differ are a contradiction.

    `followed_because` is an editor's reason why the record follows this claim; the others stay.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint(one_of("claim_type", ClaimType), name="claim_type"),
        CheckConstraint("(deployment_id IS NULL) <> (policy_id IS NULL)", name="about"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int | None] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), index=True)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"), index=True)
    field: Mapped[str]
    party: Mapped[str]
    party_kind: Mapped[str]
    claim_type: Mapped[str]
    value: Mapped[str]
    paraphrase: Mapped[str]
    date: Mapped[str | None]
    followed_because: Mapped[str | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))

    source: Mapped[SourceRow | None] = relationship(lazy="raise")
