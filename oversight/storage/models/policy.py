"""Legal instruments: dated history, technologies, provisions, and what they oblige to."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.duty import DutyKind
from oversight.domain.provision import FieldState, ProvisionCode
from oversight.domain.record import Direction, Instrument, LegalStatus
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.claim import ClaimRow
from oversight.storage.models.jurisdiction import JurisdictionRow
from oversight.storage.models.source import CitationRow, SourceRow


class PolicyRow(Base):
    """A ban, an oversight ordinance, a use policy, a repeal; laws loosen as well as tighten.

    `exempts` are the kinds of operator that it does not bind; `repeals`: it takes the place of what it amends.
    """

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
    repeals: Mapped[bool] = mapped_column(server_default=false())
    binds: Mapped[str | None]
    exempts: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))
    modes: Mapped[list[str]]
    summary: Mapped[str]
    note: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    confidence: Mapped[str]
    verification: Mapped[str]

    jurisdiction: Mapped[JurisdictionRow] = relationship(lazy="raise")
    history: Mapped[list["PolicyStatusRow"]] = relationship(lazy="raise", order_by="PolicyStatusRow.position")
    technologies: Mapped[list["PolicyTechnologyRow"]] = relationship(lazy="raise")
    provisions: Mapped[list["ProvisionRow"]] = relationship(lazy="raise", order_by="ProvisionRow.position")
    duties: Mapped[list["DutyRow"]] = relationship(lazy="raise", order_by="DutyRow.position")
    claims: Mapped[list[ClaimRow]] = relationship(lazy="raise", order_by="ClaimRow.id")
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


class ProvisionRow(Base):
    """One provision of a policy in the comparison vocabulary; a code without a row was not researched."""

    __tablename__ = "provisions"
    __table_args__ = (
        UniqueConstraint("policy_id", "code"),
        CheckConstraint(one_of("code", ProvisionCode), name="code"),
        CheckConstraint(one_of("state", FieldState), name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(index=True)
    state: Mapped[str]
    value: Mapped[str | None]
    amount: Mapped[float | None]
    unit: Mapped[str | None]
    reference: Mapped[str | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))

    source: Mapped[SourceRow | None] = relationship(lazy="raise")


class DutyRow(Base):
    """One dated obligation; `filing` says whether anybody looked for what was filed."""

    __tablename__ = "duties"
    __table_args__ = (
        UniqueConstraint("policy_id", "position"),
        CheckConstraint(one_of("kind", DutyKind), name="kind"),
        CheckConstraint(one_of("filing", FieldState), name="filing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str]
    rule: Mapped[str]
    due: Mapped[str | None] = mapped_column(index=True)
    due_certainty: Mapped[str | None]
    filed: Mapped[str | None]
    filing: Mapped[str]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))

    source: Mapped[SourceRow | None] = relationship(lazy="raise")
