"""An agency's relation to one technology: its dated history, its facts, and who says what about it."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.provision import FieldState
from oversight.domain.record import UseStatus
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.claim import ClaimRow
from oversight.storage.models.jurisdiction import AgencyRow, JurisdictionRow
from oversight.storage.models.source import CitationRow
from oversight.storage.models.vendor import VendorRow


class DeploymentRow(Base):
    """One agency and one technology. `vendor` is the name as recorded; `vendor_id` is set where it is one we know.

    `required_policy` says whether the policy that a rule demands for this use was found, where somebody looked.
    """

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
    seller: Mapped[str | None]
    access_through: Mapped[str | None]
    database_searched: Mapped[str | None]
    cost_usd: Mapped[int | None]
    cost_terms: Mapped[str | None]
    retention_days: Mapped[int | None]
    retention_terms: Mapped[str | None]
    shared_with: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    required_policy: Mapped[str] = mapped_column(server_default=FieldState.NOT_RESEARCHED.value)
    summary: Mapped[str]
    note: Mapped[str | None]
    confidence: Mapped[str]
    verification: Mapped[str]

    jurisdiction: Mapped[JurisdictionRow] = relationship(lazy="raise")
    agency: Mapped[AgencyRow] = relationship(lazy="raise")
    vendor_row: Mapped[VendorRow | None] = relationship(lazy="raise")
    history: Mapped[list["DeploymentStatusRow"]] = relationship(lazy="raise", order_by="DeploymentStatusRow.position")
    facts: Mapped[list["DeploymentFactRow"]] = relationship(lazy="raise", order_by="DeploymentFactRow.id")
    claims: Mapped[list[ClaimRow]] = relationship(lazy="raise", order_by="ClaimRow.id")
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
