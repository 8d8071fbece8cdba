"""Legal instruments with their dated history and the technologies they are about."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.record import Direction, Instrument, LegalStatus
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.jurisdiction import JurisdictionRow
from oversight.storage.models.source import CitationRow


class PolicyRow(Base):
    """A ban, an oversight ordinance, a use policy, a repeal; laws loosen as well as tighten."""

    __tablename__ = "policies"
    __table_args__ = (
        CheckConstraint(one_of("instrument", Instrument), name="instrument"),
        CheckConstraint(one_of("direction", Direction), name="direction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id", ondelete="CASCADE"), index=True)
    instrument: Mapped[str]
    effect: Mapped[str | None]
    title: Mapped[str]
    number: Mapped[str | None]
    direction: Mapped[str]
    amends_key: Mapped[str | None]
    binds: Mapped[str | None]
    modes: Mapped[list[str]]
    summary: Mapped[str]
    note: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    confidence: Mapped[str]
    verification: Mapped[str]

    jurisdiction: Mapped[JurisdictionRow] = relationship(lazy="raise")
    history: Mapped[list["PolicyStatusRow"]] = relationship(lazy="raise", order_by="PolicyStatusRow.position")
    technologies: Mapped[list["PolicyTechnologyRow"]] = relationship(lazy="raise")
    citations: Mapped[list[CitationRow]] = relationship(lazy="raise")


class PolicyStatusRow(Base):
    """One dated step in a policy's life. `date` is ISO 8601, to the year, month or day; None is not known."""

    __tablename__ = "policy_statuses"
    __table_args__ = (
        UniqueConstraint("policy_id", "position"),
        CheckConstraint(one_of("status", LegalStatus), name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"))
    position: Mapped[int]
    status: Mapped[str]
    date: Mapped[str | None]
    certainty: Mapped[str | None]


class PolicyTechnologyRow(Base):
    """One technology a policy is about, by its code."""

    __tablename__ = "policy_technologies"

    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"), primary_key=True)
    technology: Mapped[str] = mapped_column(primary_key=True, index=True)
