"""The record as the pages show it: policies, deployments, actions, vendors, each with its sources."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.policy_standing import PolicyFacts, PolicyStep
from oversight.domain.record import (
    ActionKind,
    Binds,
    ClaimType,
    Confidence,
    DateCertainty,
    Direction,
    Effect,
    EvidenceTier,
    Instrument,
    LegalStatus,
    Mode,
    OperatorKind,
    UseStatus,
    Verification,
)
from oversight.domain.use_status import StatusChange, Use, use_on
from oversight.storage.models import (
    ActionRow,
    CitationRow,
    ClaimRow,
    DeploymentRow,
    JurisdictionRow,
    PolicyRow,
    SourceRow,
    VendorRow,
)


@dataclass(frozen=True)
class SourceLine:
    """A citation. No `url`: a source without address; no `publisher`: not known."""

    key: str
    url: str | None
    title: str
    publisher: str | None
    date: str | None
    tier: EvidenceTier | None
    note: str | None


@dataclass(frozen=True)
class PolicyLine:
    """One policy with its history and sources."""

    facts: PolicyFacts
    number: str | None
    summary: str
    note: str | None
    details: dict[str, Any]
    confidence: Confidence
    verification: Verification
    sources: tuple[SourceLine, ...]


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


@dataclass(frozen=True)
class ActionLine:
    """One oversight event."""

    key: str
    kind: ActionKind
    date: str | None
    actors: tuple[str, ...]
    target: str | None
    jurisdiction_key: str | None
    jurisdiction: str | None
    signatories: int | None
    summary: str
    note: str | None
    confidence: Confidence
    verification: Verification
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class VendorLine:
    """One vendor, what it sells, and who uses it."""

    key: str
    name: str
    aliases: tuple[str, ...]
    products: tuple[tuple[str, str | None, dict[str, Any]], ...]
    deployments: tuple[DeploymentLine, ...]
    sources: tuple[SourceLine, ...]


def policies(session: Session, jurisdiction_keys: Sequence[str] | None = None) -> dict[str, list[PolicyLine]]:
    """Policies by the key of the jurisdiction that made them, in the order of their last step, newest first."""
    query = select(PolicyRow, JurisdictionRow.key).join(
        JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id
    )
    if jurisdiction_keys is not None:
        query = query.where(JurisdictionRow.key.in_(jurisdiction_keys))
    cited = selectinload(PolicyRow.citations).selectinload(CitationRow.source)
    options = (selectinload(PolicyRow.history), selectinload(PolicyRow.technologies), cited)
    found: defaultdict[str, list[PolicyLine]] = defaultdict(list)
    for row, key in session.execute(query.options(*options)):
        found[key].append(_policy(row))
    for lines in found.values():
        lines.sort(key=lambda line: max((step.date or "" for step in line.facts.history), default=""), reverse=True)
    return dict(found)


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


def actions(session: Session, *conditions: Any) -> list[ActionLine]:
    """Actions under these conditions, newest first."""
    cited = selectinload(ActionRow.citations).selectinload(CitationRow.source)
    query = select(ActionRow).where(*conditions).options(cited, selectinload(ActionRow.jurisdiction))
    return [_action(row) for row in session.scalars(query.order_by(ActionRow.date.desc().nulls_last(), ActionRow.key))]


def vendors(session: Session, *, as_of: date) -> list[VendorLine]:
    """Every vendor with every deployment of its products, by name."""
    used: defaultdict[str | None, list[DeploymentLine]] = defaultdict(list)
    for line in deployments(session, DeploymentRow.vendor_id.is_not(None), as_of=as_of):
        used[line.vendor_key].append(line)
    cited = selectinload(VendorRow.citations).selectinload(CitationRow.source)
    query = select(VendorRow).options(cited, selectinload(VendorRow.products)).order_by(VendorRow.name)
    return [
        VendorLine(
            key=row.key,
            name=row.name,
            aliases=tuple(row.aliases),
            products=tuple((product.name, product.technology, product.facts) for product in row.products),
            deployments=tuple(used[row.key]),
            sources=_sources(row.citations),
        )
        for row in session.scalars(query)
    ]


def _policy(row: PolicyRow) -> PolicyLine:
    history = tuple(PolicyStep(LegalStatus(step.status), step.date, _certainty(step.certainty)) for step in row.history)
    expires = row.facts.get("expires")
    return PolicyLine(
        facts=PolicyFacts(
            key=row.key,
            title=row.title,
            instrument=Instrument(row.instrument),
            effect=Effect(row.effect) if row.effect else None,
            direction=Direction(row.direction),
            amends_key=row.amends_key,
            binds=Binds(row.binds) if row.binds else None,
            technologies=frozenset(technology.technology for technology in row.technologies),
            history=history,
            expires=expires if isinstance(expires, str) else None,
        ),
        number=row.number,
        summary=row.summary,
        note=row.note,
        details=row.facts,
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=_sources(row.citations),
    )


def _deployment(row: DeploymentRow, as_of: date) -> DeploymentLine:
    history = [StatusChange(UseStatus(step.status), step.date, _certainty(step.certainty)) for step in row.history]
    fields: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    for claim in row.claims:
        fields[claim.field].append(
            ClaimLine(
                party=claim.party,
                claim_type=ClaimType(claim.claim_type),
                value=claim.value,
                paraphrase=claim.paraphrase,
                date=claim.date,
                source=_source(claim.source) if claim.source else None,
            )
        )
    return DeploymentLine(
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
        sources=_sources(row.citations),
    )


def _action(row: ActionRow) -> ActionLine:
    return ActionLine(
        key=row.key,
        kind=ActionKind(row.kind),
        date=row.date,
        actors=tuple(row.actors),
        target=row.target,
        jurisdiction_key=row.jurisdiction.key if row.jurisdiction else None,
        jurisdiction=row.jurisdiction.name if row.jurisdiction else None,
        signatories=row.signatories,
        summary=row.summary,
        note=row.note,
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=_sources(row.citations),
    )


def _sources(citations: Sequence[CitationRow]) -> tuple[SourceLine, ...]:
    lines = [_source(citation.source) for citation in citations]
    return tuple(sorted(lines, key=lambda line: (line.date or "9999", line.title)))


def _source(row: SourceRow) -> SourceLine:
    tier = EvidenceTier(row.tier) if row.tier else None
    return SourceLine(row.key, row.url, row.title, row.publisher, row.date, tier, row.note)


def _certainty(text: str | None) -> DateCertainty | None:
    return DateCertainty(text) if text else None
