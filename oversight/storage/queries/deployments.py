"""Deployments with their status on a day, their facts, and who claims what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.provision import FieldState
from oversight.domain.record import Confidence, Mode, OperatorKind, UseStatus, Verification
from oversight.domain.use_status import Setting, StatusChange, Use, under_rules, use_on
from oversight.storage.models import CitationRow, ClaimRow, DeploymentRow
from oversight.storage.queries.claims import Dispute, disputes
from oversight.storage.queries.policies import policy_facts
from oversight.storage.queries.sources import SourceLine, certainty, source_lines


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
    query = select(DeploymentRow).where(*conditions).order_by(DeploymentRow.technology, DeploymentRow.key)
    cited = selectinload(DeploymentRow.citations).selectinload(CitationRow.source)
    claimed = selectinload(DeploymentRow.claims).selectinload(ClaimRow.source)
    options = (
        selectinload(DeploymentRow.jurisdiction),
        selectinload(DeploymentRow.agency),
        selectinload(DeploymentRow.vendor_row),
        selectinload(DeploymentRow.history),
        selectinload(DeploymentRow.facts),
        claimed,
        cited,
    )
    rows = session.scalars(query.options(*options)).all()
    places = {row.jurisdiction.key: row.jurisdiction.parent_key or "" for row in rows}
    rules = policy_facts(session, {*places, *places.values()})
    binding = {key: [*rules.get(key, ()), *rules.get(above, ())] for key, above in places.items()}
    return [_deployment(row, binding[row.jurisdiction.key], as_of) for row in rows]


def _deployment(row: DeploymentRow, rules: Sequence[PolicyFacts], as_of: date) -> DeploymentLine:
    history = tuple(StatusChange(UseStatus(step.status), step.date, certainty(step.certainty)) for step in row.history)
    operator = OperatorKind(row.agency.operator_kind)
    setting = Setting(operator, row.technology, FieldState(row.required_policy))
    return DeploymentLine(
        id=row.id,
        key=row.key,
        jurisdiction_key=row.jurisdiction.key,
        jurisdiction=row.jurisdiction.name,
        agency=row.agency.name,
        operator_kind=operator,
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
        disputes=disputes(row.claims),
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=source_lines(row.citations),
    )


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
