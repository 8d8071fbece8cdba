"""An agency's relation to one technology: its dated history, its facts, and who says what about it."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.record import ClaimType, UseStatus
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.jurisdiction import AgencyRow, JurisdictionRow
from oversight.storage.models.source import CitationRow, SourceRow
from oversight.storage.models.vendor import VendorRow


class DeploymentRow(Base):
    """One agency and one technology. `vendor` is the name as recorded; `vendor_id` is set where it is one we know."""

    __tablename__ = "deployments"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id", ondelete="CASCADE"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id", ondelete="CASCADE"))
    technology: Mapped[str] = mapped_column(index=True)
    mode: Mapped[str | None]
    vendor: Mapped[str | None]
    vendor_id: Mapped[int | None] = mapped_column(ForeignKey("vendors.id", ondelete="SET NULL"), index=True)
    product: Mapped[str | None]
    summary: Mapped[str]
    note: Mapped[str | None]
    confidence: Mapped[str]
    verification: Mapped[str]

    jurisdiction: Mapped[JurisdictionRow] = relationship(lazy="raise")
    agency: Mapped[AgencyRow] = relationship(lazy="raise")
    vendor_row: Mapped[VendorRow | None] = relationship(lazy="raise")
    history: Mapped[list["DeploymentStatusRow"]] = relationship(lazy="raise", order_by="DeploymentStatusRow.position")
    facts: Mapped[list["DeploymentFactRow"]] = relationship(lazy="raise", order_by="DeploymentFactRow.id")
    claims: Mapped[list["ClaimRow"]] = relationship(lazy="raise", order_by="ClaimRow.id")
    citations: Mapped[list[CitationRow]] = relationship(lazy="raise")


class DeploymentStatusRow(Base):
    """One dated step in a deployment's life; dates as in a policy's."""

    __tablename__ = "deployment_statuses"
    __table_args__ = (
        UniqueConstraint("deployment_id", "position"),
        CheckConstraint(one_of("status", UseStatus), name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"))
    position: Mapped[int]
    status: Mapped[str]
    date: Mapped[str | None]
    certainty: Mapped[str | None]


class DeploymentFactRow(Base):
    """One named fact, for example `database_size` 300000."""

    __tablename__ = "deployment_facts"

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)


class ClaimRow(Base):
    """What one named party says about one field of a deployment; two that differ are a contradiction."""

    __tablename__ = "claims"
    __table_args__ = (CheckConstraint(one_of("claim_type", ClaimType), name="claim_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployments.id", ondelete="CASCADE"), index=True)
    field: Mapped[str]
    party: Mapped[str]
    party_kind: Mapped[str]
    claim_type: Mapped[str]
    value: Mapped[str]
    paraphrase: Mapped[str]
    date: Mapped[str | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))

    source: Mapped[SourceRow | None] = relationship(lazy="raise")
