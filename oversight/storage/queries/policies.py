"""Policies with their history and sources."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.policy_standing import PolicyFacts, PolicyStep
from oversight.domain.record import Binds, Confidence, Direction, Effect, Instrument, LegalStatus, Verification
from oversight.storage.models import CitationRow, JurisdictionRow, PolicyRow
from oversight.storage.queries.sources import SourceLine, certainty, source_lines


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


def titles_by_key(session: Session) -> dict[str, str]:
    """The title of every policy, by key."""
    return {
        key: title for key, title in session.execute(select(PolicyRow.key, PolicyRow.title).order_by(PolicyRow.title))
    }


def _policy(row: PolicyRow) -> PolicyLine:
    history = tuple(PolicyStep(LegalStatus(step.status), step.date, certainty(step.certainty)) for step in row.history)
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
        sources=source_lines(row.citations),
    )
