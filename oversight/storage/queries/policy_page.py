"""One policy with everything about it, and the chain that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from oversight.domain.policy_chain import ChainLink, chain_of, joints
from oversight.storage.models import PolicyRow
from oversight.storage.queries.jurisdictions import names_by_key, owner_of
from oversight.storage.queries.policies import PolicyLine, policies


@dataclass(frozen=True)
class PolicyPage:
    """A policy, who made it, and its chain among the policies of that place, the oldest first."""

    jurisdiction_key: str
    jurisdiction: str
    line: PolicyLine
    chain: Sequence[ChainLink]


def policy_page(session: Session, key: str, *, as_of: date) -> PolicyPage:
    """The policy with this key on a day; raises NotFound."""
    owner = owner_of(session, PolicyRow, key)
    lines = policies(session, [owner], as_of=as_of)[owner]
    line = next(one for one in lines if one.facts.key == key)
    known = {line.facts.key: line.facts for line in lines}
    return PolicyPage(owner, names_by_key(session)[owner], line, chain_of(key, joints(known.values()), known))
