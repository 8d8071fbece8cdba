"""Policies with their history, provisions, duties, claims and sources."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, subqueryload

from oversight.domain.grounds import Cited, Grounds
from oversight.domain.policy_standing import PolicyFacts, PolicyStep, Standing, standing
from oversight.domain.record import (
    Binds,
    Confidence,
    Direction,
    Effect,
    Instrument,
    LegalStatus,
    OperatorKind,
    Verification,
)
from oversight.storage.kept import kept
from oversight.storage.models import CitationRow, DutyRow, JurisdictionRow, PolicyRow, ProvisionRow, SourceRow
from oversight.storage.queries.claims import Dispute
from oversight.storage.queries.duty_lines import DutyLine, duty_lines
from oversight.storage.queries.provisions import ProvisionLine, provision_lines
from oversight.storage.queries.sources import SourceLine, certainty, weight_of
from oversight.storage.queries.support import Support, support_of


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

    def provision(self, code: str) -> ProvisionLine | None:
        """One of its provisions; None where nobody has read for it."""
        return next((one for one in self.provisions if one.code == code), None)


_FACTS = (joinedload(PolicyRow.history), joinedload(PolicyRow.technologies))


def policies(session: Session, jurisdiction_keys: Collection[str], *, as_of: date) -> dict[str, list[PolicyLine]]:
    """Policies by the key of the jurisdiction that made them, in the order of their last step, newest first."""
    of_places = JurisdictionRow.key.in_(jurisdiction_keys)
    support = support_of(session, policy=policy_ids(of_places))
    found: defaultdict[str, list[PolicyLine]] = defaultdict(list)
    for row in policy_rows(session, of_places):
        found[row.jurisdiction.key].append(policy_line(row, support, as_of))
    return {key: newest_first(lines) for key, lines in found.items()}


def newest_first(lines: Iterable[PolicyLine]) -> list[PolicyLine]:
    """Policies in the order of their last step, the newest first."""
    return sorted(lines, key=lambda line: line.facts.last_date, reverse=True)


def policy_ids(*conditions: Any) -> Any:
    """A query of the ids of policies; conditions may be about who made them."""
    return select(PolicyRow.id).join(PolicyRow.jurisdiction).where(*conditions)


def policy_rows(session: Session, *conditions: Any) -> list[PolicyRow]:
    """Policies with all that is theirs alone, and with who made each; conditions may be about that one."""
    query = select(PolicyRow).join(PolicyRow.jurisdiction).where(*conditions).order_by(PolicyRow.key)
    options = (
        contains_eager(PolicyRow.jurisdiction),
        *_FACTS,
        subqueryload(PolicyRow.provisions).joinedload(ProvisionRow.source),
        joinedload(PolicyRow.duties).joinedload(DutyRow.source),
    )
    return list(session.scalars(query.options(*options)).unique())


def titles_by_key(session: Session) -> dict[str, str]:
    """The title of every policy, by key."""
    return {
        key: title for key, title in session.execute(select(PolicyRow.key, PolicyRow.title).order_by(PolicyRow.title))
    }


def policy_facts(session: Session) -> Mapping[str, Sequence[PolicyFacts]]:
    """What postures and use statuses follow from: of every policy, by the key of the jurisdiction that made it."""
    return kept(session, policy_facts, lambda: _read_facts(session))


def _read_facts(session: Session) -> dict[str, tuple[PolicyFacts, ...]]:
    query = select(PolicyRow, JurisdictionRow.key).join(PolicyRow.jurisdiction).order_by(PolicyRow.key)
    found: defaultdict[str, tuple[PolicyFacts, ...]] = defaultdict(tuple)
    cited = _cited(session)
    for row, key in session.execute(query.options(*_FACTS)).unique():
        found[key] += (facts_of(row, cited.get(row.id, ())),)
    return dict(found)


def _cited(session: Session) -> dict[int, tuple[Cited, ...]]:
    """What the sources of every policy weigh, by the policy's id."""
    query = select(CitationRow.policy_id, SourceRow.tier, SourceRow.date).join(
        SourceRow, SourceRow.id == CitationRow.source_id
    )
    found: defaultdict[int, tuple[Cited, ...]] = defaultdict(tuple)
    for policy_id, tier, day in session.execute(query.where(CitationRow.policy_id.is_not(None))):
        found[policy_id or 0] += (weight_of(tier, day),)
    return found


def policy_line(row: PolicyRow, support: Support, as_of: date) -> PolicyLine:
    """A policy as pages show it."""
    sources = support.sources_of("policy", row.id)
    facts = facts_of(row, tuple(weight_of(source.tier, source.date) for source in sources))
    return PolicyLine(
        facts=facts,
        standing=standing(facts, as_of, is_early=False),
        grounds=facts.grounds(as_of),
        provisions=provision_lines(row.provisions),
        duties=duty_lines(row.duties, as_of),
        disputes=support.disputes_of("policy", row.id),
        number=row.number,
        summary=row.summary,
        note=row.note,
        details=row.facts,
        confidence=Confidence(row.confidence),
        verification=Verification(row.verification),
        sources=sources,
    )


def facts_of(row: PolicyRow, cited: tuple[Cited, ...]) -> PolicyFacts:
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
