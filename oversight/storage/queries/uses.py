"""Who uses a technology or a vendor's products: since when, at what cost, under which rules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.mention import SET_ASIDE
from oversight.domain.policy_standing import PolicyFacts, Standing, standing
from oversight.domain.spread import USED, Spread, since, spread
from oversight.domain.use_status import rules_over
from oversight.storage.kept import kept
from oversight.storage.models import (
    MentionRow,
    MentionTechnologyRow,
    PolicyTechnologyRow,
    ProductRow,
    VendorRow,
)
from oversight.storage.queries.deployments import DeploymentLine, deployments, rules_at
from oversight.storage.queries.jurisdictions import governments_above, names_by_key
from oversight.storage.queries.mention_filter import stories_in_lists
from oversight.storage.queries.policies import policy_facts


@dataclass(frozen=True)
class Rule:
    """A rule that binds a use on a day, in the words of its standing."""

    key: str
    title: str
    standing: str


@dataclass(frozen=True)
class UseLine:
    """One deployment, since when it is used, and the rules that bind it."""

    line: DeploymentLine
    since: str | None
    rules: tuple[Rule, ...]

    @property
    def is_in_use(self) -> bool:
        """Whether it is in use, a pilot, a trial or an access on the day."""
        return self.line.use.status in USED


@dataclass(frozen=True)
class Uses:
    """Several deployments together."""

    lines: tuple[UseLine, ...]
    spread: Spread

    @property
    def agencies(self) -> int:
        """How many agencies use it on the day."""
        return len({(one.line.jurisdiction_key, one.line.agency) for one in self.lines if one.is_in_use})

    @property
    def costs(self) -> list[int]:
        """The costs that are recorded, in dollars."""
        return [one.line.terms.cost_usd for one in self.lines if one.line.terms.cost_usd is not None]


@dataclass(frozen=True)
class TechnologyCounts:
    """How much there is of one technology."""

    code: str
    in_use: int = 0
    deployments: int = 0
    policies: int = 0
    mentions: int = 0


def uses(session: Session, *conditions: Any, as_of: date) -> Uses:
    """Deployments under these conditions with what binds them: those in use first, then by place and agency."""
    lines = deployments(session, *conditions, as_of=as_of)
    rules = rules_at(governments_above(session, {line.jurisdiction_key for line in lines}), policy_facts(session))
    found = []
    for line in lines:
        given = rules_over(line.operator_kind, line.technology, rules[line.jurisdiction_key], as_of)
        binding = tuple(Rule(one.policy.key, one.policy.title, one.standing.text) for one in given)
        found.append(UseLine(line, since(line.history), binding))
    found.sort(key=lambda one: (not one.is_in_use, one.line.jurisdiction, one.line.agency, one.line.key))
    return Uses(tuple(found), spread([line.history for line in lines], as_of))


def technology_counts(session: Session, *, as_of: date) -> dict[str, TechnologyCounts]:
    """Of every technology that the record or a mention names, how much there is."""
    recorded = kept(session, (technology_counts, as_of), lambda: _of_the_record(session, as_of))
    query = select(MentionTechnologyRow.technology, stories_in_lists()).join(
        MentionRow, MentionRow.id == MentionTechnologyRow.mention_id
    )
    query = query.where(MentionRow.state.not_in(SET_ASIDE)).group_by(MentionTechnologyRow.technology)
    mentions = {code: count for code, count in session.execute(query)}
    return {
        code: replace(recorded.get(code, TechnologyCounts(code)), mentions=mentions.get(code, 0))
        for code in {*recorded, *mentions}
    }


def _of_the_record(session: Session, as_of: date) -> dict[str, TechnologyCounts]:
    lines = deployments(session, as_of=as_of)
    named = select(PolicyTechnologyRow.technology, func.count()).group_by(PolicyTechnologyRow.technology)
    policies = {code: count for code, count in session.execute(named)}
    everywhere = Counter(line.technology for line in lines)
    used = Counter(line.technology for line in lines if line.use.status in USED)
    return {
        code: TechnologyCounts(code, used[code], everywhere[code], policies.get(code, 0))
        for code in {*everywhere, *policies}
    }


def policies_about(session: Session, technology: str, *, as_of: date) -> list[tuple[str, PolicyFacts, Standing]]:
    """The policies that name a technology: the name of their place, what each is and where it stands, by that name."""
    names = names_by_key(session)
    made = [(names[key], facts) for key, rules in policy_facts(session).items() for facts in rules]
    about = sorted(
        ((name, facts) for name, facts in made if technology in facts.technologies), key=lambda pair: pair[0]
    )
    return [(name, facts, standing(facts, as_of, is_early=False)) for name, facts in about]


def sellers_of(session: Session, technology: str) -> Sequence[tuple[str, str, str]]:
    """The key and the name of each vendor of the record that sells it, with the product."""
    query = select(VendorRow.key, VendorRow.name, ProductRow.name).join(
        ProductRow, ProductRow.vendor_id == VendorRow.id
    )
    query = query.where(ProductRow.technology == technology).order_by(VendorRow.name, ProductRow.name)
    return [(key, name, product) for key, name, product in session.execute(query)]
