"""Policies with their history, clauses, duties, claims and sources."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.grounds import Cited, Grounds
from oversight.domain.policy_standing import PolicyFacts, PolicyStep, Standing, standing
from oversight.domain.record import (
    Binds,
    Confidence,
    Direction,
    Effect,
    EvidenceTier,
    Instrument,
    LegalStatus,
    OperatorKind,
    Verification,
)
from oversight.storage.models import CitationRow, ClaimRow, DutyRow, JurisdictionRow, PolicyRow, ProvisionRow, SourceRow
from oversight.storage.queries.claims import Dispute, disputes
from oversight.storage.queries.clauses import DutyLine, ProvisionLine, duty_lines, provision_lines
from oversight.storage.queries.sources import SourceLine, certainty, source_lines


@dataclass(frozen=True)
class PolicyLine:
    """One policy with its history and sources, its standing on a day and its duties' clocks of that day."""

    facts: PolicyFacts
    standing: Standing
    grounds: Grounds | None
    provisions: tuple[ProvisionLine, ...]
    duties: tuple[DutyLine, ...]
    disputes: tuple[Dispute, ...]
    number: str | None
    summary: str
    note: str | None
    details: dict[str, Any]
    confidence: Confidence
    verification: Verification
    sources: tuple[SourceLine, ...]


def policies(
    session: Session, jurisdiction_keys: Collection[str] | None = None, *, as_of: date
) -> dict[str, list[PolicyLine]]:
    """Policies by the key of the jurisdiction that made them, in the order of their last step, newest first."""
    query = select(PolicyRow, JurisdictionRow.key).join(
        JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id
    )
    if jurisdiction_keys is not None:
        query = query.where(JurisdictionRow.key.in_(jurisdiction_keys))
    cited = selectinload(PolicyRow.citations).selectinload(CitationRow.source)
    options = (
        selectinload(PolicyRow.history),
        selectinload(PolicyRow.technologies),
        selectinload(PolicyRow.provisions).selectinload(ProvisionRow.source),
        selectinload(PolicyRow.duties).selectinload(DutyRow.source),
        selectinload(PolicyRow.claims).selectinload(ClaimRow.source),
        cited,
    )
    found: defaultdict[str, list[PolicyLine]] = defaultdict(list)
    for row, key in session.execute(query.options(*options)):
        found[key].append(_policy(row, as_of))
    for lines in found.values():
        lines.sort(key=lambda line: max((step.date or "" for step in line.facts.history), default=""), reverse=True)
    return dict(found)


def titles_by_key(session: Session) -> dict[str, str]:
    """The title of every policy, by key."""
    return {
        key: title for key, title in session.execute(select(PolicyRow.key, PolicyRow.title).order_by(PolicyRow.title))
    }


def policy_facts(session: Session, jurisdiction_keys: Collection[str] | None = None) -> dict[str, list[PolicyFacts]]:
    """What postures and use statuses follow from, by the key of the jurisdiction that made it."""
    query = select(PolicyRow, JurisdictionRow.key).join(
        JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id
    )
    if jurisdiction_keys is not None:
        query = query.where(JurisdictionRow.key.in_(jurisdiction_keys))
    options = (selectinload(PolicyRow.history), selectinload(PolicyRow.technologies))
    found: defaultdict[str, list[PolicyFacts]] = defaultdict(list)
    cited = _cited(session)
    for row, key in session.execute(query.order_by(PolicyRow.key).options(*options)):
        found[key].append(_facts(row, cited.get(row.id, ())))
    return dict(found)


def _cited(session: Session) -> dict[int, tuple[Cited, ...]]:
    """What the sources of every policy weigh, by the policy's id."""
    query = select(CitationRow.policy_id, SourceRow.tier, SourceRow.date).join(
        SourceRow, SourceRow.id == CitationRow.source_id
    )
    found: defaultdict[int, tuple[Cited, ...]] = defaultdict(tuple)
    for policy_id, tier, day in session.execute(query.where(CitationRow.policy_id.is_not(None))):
        found[policy_id or 0] += (Cited(EvidenceTier(tier) if tier else None, day),)
    return found


def _policy(row: PolicyRow, as_of: date) -> PolicyLine:
    sources = source_lines(row.citations)
    facts = _facts(row, tuple(Cited(source.tier, source.date) for source in sources))
    return PolicyLine(
        facts=facts,
        standing=standing(facts, as_of, is_early=False),
        grounds=facts.grounds(as_of),
        provisions=provision_lines(row.provisions),
        duties=duty_lines(row.duties, as_of),
        disputes=disputes(row.claims),
        number=row.number,
        summary=row.summary,
        note=row.note,
        details=row.facts,
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=sources,
    )


def _facts(row: PolicyRow, cited: tuple[Cited, ...]) -> PolicyFacts:
    history = tuple(PolicyStep(LegalStatus(step.status), step.date, certainty(step.certainty)) for step in row.history)
    expires = row.facts.get("expires")
    return PolicyFacts(
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
        repeals=row.repeals,
        exempts=frozenset(OperatorKind(kind) for kind in row.exempts),
        cited=cited,
    )
