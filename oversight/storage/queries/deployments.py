"""Deployments with their status on a day, their facts, and who claims what."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.record import ClaimType, Confidence, Mode, OperatorKind, UseStatus, Verification
from oversight.domain.use_status import StatusChange, Use, use_on
from oversight.storage.models import CitationRow, ClaimRow, DeploymentRow
from oversight.storage.queries.sources import SourceLine, certainty, source_line, source_lines


@dataclass(frozen=True)
class ClaimLine:
    """What one party says."""

    party: str
    claim_type: ClaimType
    value: str
    paraphrase: str
    date: str | None
    source: SourceLine | None


@dataclass(frozen=True)
class Dispute:
    """Everything that was claimed about one field; a contradiction where the values differ."""

    field: str
    claims: tuple[ClaimLine, ...]

    @property
    def is_contradiction(self) -> bool:
        """Whether the parties do not say the same."""
        return len({claim.value for claim in self.claims}) > 1


@dataclass(frozen=True)
class DeploymentLine:
    """One deployment with its status on a day, its facts, its claims and its sources."""

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
    return [_deployment(row, as_of) for row in session.scalars(query.options(*options))]


def _deployment(row: DeploymentRow, as_of: date) -> DeploymentLine:
    history = [StatusChange(UseStatus(step.status), step.date, certainty(step.certainty)) for step in row.history]
    fields: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    for claim in row.claims:
        fields[claim.field].append(
            ClaimLine(
                party=claim.party,
                claim_type=ClaimType(claim.claim_type),
                value=claim.value,
                paraphrase=claim.paraphrase,
                date=claim.date,
                source=source_line(claim.source) if claim.source else None,
            )
        )
    return DeploymentLine(
        id=row.id,
        key=row.key,
        jurisdiction_key=row.jurisdiction.key,
        jurisdiction=row.jurisdiction.name,
        agency=row.agency.name,
        operator_kind=OperatorKind(row.agency.operator_kind),
        technology=row.technology,
        mode=Mode(row.mode) if row.mode else None,
        vendor=row.vendor,
        vendor_key=row.vendor_row.key if row.vendor_row else None,
        product=row.product,
        use=use_on(row.key, history, as_of),
        summary=row.summary,
        note=row.note,
        facts=tuple((fact.name, fact.value) for fact in row.facts),
        disputes=tuple(Dispute(field, tuple(claims)) for field, claims in fields.items()),
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=source_lines(row.citations),
    )
