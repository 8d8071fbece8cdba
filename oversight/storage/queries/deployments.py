"""Deployments with their status on a day, their facts, and who claims what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.provision import FieldState
from oversight.domain.record import Confidence, Mode, OperatorKind, UseStatus, Verification
from oversight.domain.use_status import Setting, StatusChange, Use, under_rules, use_on
from oversight.storage.models import AgencyRow, DeploymentRow, JurisdictionRow
from oversight.storage.queries.claims import Dispute
from oversight.storage.queries.jurisdictions import governments_above, made_by
from oversight.storage.queries.policies import policy_facts
from oversight.storage.queries.sources import SourceLine, certainty
from oversight.storage.queries.support import Support, support_of

PAGE = 200


@dataclass(frozen=True)
class Terms:
    """What deployments are compared by; None is not known."""

    seller: str | None
    access_through: str | None
    database_searched: str | None
    cost_usd: int | None
    cost_terms: str | None
    retention_days: int | None
    retention_terms: str | None
    shared_with: tuple[str, ...]


@dataclass(frozen=True)
class DeploymentLine:
    """One deployment with its status on a day under the rules of its place, its facts, its claims and its sources."""

    id: int
    key: str
    jurisdiction_key: str
    jurisdiction: str
    agency: str
    operator_kind: OperatorKind
    technology: str
    mode: Mode | None
    vendor: str | None
    vendor_key: str | None
    product: str | None
    terms: Terms
    history: tuple[StatusChange, ...]
    use: Use
    summary: str
    note: str | None
    facts: tuple[tuple[str, Any], ...]
    disputes: tuple[Dispute, ...]
    confidence: Confidence
    verification: Verification
    sources: tuple[SourceLine, ...]


def deployments(session: Session, *conditions: Any, as_of: date) -> list[DeploymentLine]:
    """Deployments under these conditions, by agency and technology."""
    rows = deployment_rows(session, *conditions)
    support = support_of(session, deployment=select(DeploymentRow.id).where(*conditions))
    rules = rules_at(governments_above(session, {row.jurisdiction.key for row in rows}), policy_facts(session))
    return deployment_lines(rows, rules, support, as_of)


def rules_at(
    governments: Mapping[str, Sequence[str]], made: Mapping[str, Sequence[PolicyFacts]]
) -> dict[str, list[PolicyFacts]]:
    """The policies of each of these places and of the `governments` above it; `made` are all, by who made them."""
    return {key: made_by([key, *above], made) for key, above in governments.items()}


def deployment_ids(session: Session, *conditions: Any, most: int | None = None) -> Sequence[int]:
    """The deployments under these conditions, in the order of the list."""
    query = select(DeploymentRow.id).join(JurisdictionRow, JurisdictionRow.id == DeploymentRow.jurisdiction_id)
    query = query.join(AgencyRow, AgencyRow.id == DeploymentRow.agency_id).where(*conditions)
    order = (JurisdictionRow.name, AgencyRow.name, DeploymentRow.key)
    return session.scalars(query.order_by(*order).limit(most)).all()


def deployment_rows(session: Session, *conditions: Any) -> list[DeploymentRow]:
    """Deployments with all that is theirs alone."""
    options = (
        joinedload(DeploymentRow.jurisdiction),
        joinedload(DeploymentRow.agency),
        joinedload(DeploymentRow.vendor_row),
        joinedload(DeploymentRow.history),
        joinedload(DeploymentRow.facts),
    )
    query = select(DeploymentRow).where(*conditions).order_by(DeploymentRow.technology, DeploymentRow.key)
    return list(session.scalars(query.options(*options)).unique())


def deployment_lines(
    rows: Sequence[DeploymentRow], rules: Mapping[str, Sequence[PolicyFacts]], support: Support, as_of: date
) -> list[DeploymentLine]:
    """Deployments as pages show them; `rules` are the policies of each place and of those above it, by its key."""
    return [_deployment(row, rules[row.jurisdiction.key], support, as_of) for row in rows]


def _deployment(row: DeploymentRow, rules: Sequence[PolicyFacts], support: Support, as_of: date) -> DeploymentLine:
    history, setting = history_of(row), setting_of(row)
    return DeploymentLine(
        id=row.id,
        key=row.key,
        jurisdiction_key=row.jurisdiction.key,
        jurisdiction=row.jurisdiction.name,
        agency=row.agency.name,
        operator_kind=setting.operator,
        technology=row.technology,
        mode=Mode(row.mode) if row.mode else None,
        vendor=row.vendor,
        vendor_key=row.vendor_row.key if row.vendor_row else None,
        product=row.product,
        terms=_terms(row),
        history=history,
        use=under_rules(use_on(row.key, history, as_of), setting, rules, as_of),
        summary=row.summary,
        note=row.note,
        facts=tuple((fact.name, fact.value) for fact in row.facts),
        disputes=support.disputes_of("deployment", row.id),
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=support.sources_of("deployment", row.id),
    )


def history_of(row: DeploymentRow) -> tuple[StatusChange, ...]:
    """The steps of its life."""
    return tuple(StatusChange(UseStatus(step.status), step.date, certainty(step.certainty)) for step in row.history)


def setting_of(row: DeploymentRow) -> Setting:
    """Who uses what, which decides the rules that bind it."""
    return Setting(OperatorKind(row.agency.operator_kind), row.technology, FieldState(row.required_policy))


def _terms(row: DeploymentRow) -> Terms:
    return Terms(
        seller=row.seller,
        access_through=row.access_through,
        database_searched=row.database_searched,
        cost_usd=row.cost_usd,
        cost_terms=row.cost_terms,
        retention_days=row.retention_days,
        retention_terms=row.retention_terms,
        shared_with=tuple(row.shared_with),
    )
