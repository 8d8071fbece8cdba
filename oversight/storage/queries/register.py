"""The register of policies: what each is and where it stands, and the provision that is looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from oversight.domain.grounds import Grounds
from oversight.domain.policy_standing import PolicyFacts, Standing, standing
from oversight.storage.models import PolicyRow, ProvisionRow
from oversight.storage.queries.provisions import ProvisionLine, provision_lines


@dataclass(frozen=True)
class RegisterLine:
    """One policy on a day: who made it, how many provisions were read, and the one looked for."""

    jurisdiction_key: str
    jurisdiction: str
    facts: PolicyFacts
    standing: Standing
    grounds: Grounds | None
    provisions_read: int
    provision: ProvisionLine | None


def register(
    session: Session, made: Mapping[str, Sequence[PolicyFacts]], names: Mapping[str, str], code: str, *, as_of: date
) -> list[RegisterLine]:
    """The policies of the named jurisdictions, by that name, each with its provision of this code."""
    counted = select(PolicyRow.key, func.count()).join(PolicyRow.provisions).group_by(PolicyRow.key)
    counts = {key: count for key, count in session.execute(counted)}
    found = provisions_of(session, code) if code else {}
    return [
        RegisterLine(
            jurisdiction_key=key,
            jurisdiction=names[key],
            facts=facts,
            standing=standing(facts, as_of, is_early=False),
            grounds=facts.grounds(as_of),
            provisions_read=counts.get(facts.key, 0),
            provision=found.get(facts.key),
        )
        for key in sorted(made.keys() & names.keys(), key=lambda key: (names[key], key))
        for facts in sorted(made[key], key=lambda facts: facts.last_date, reverse=True)
    ]


def provisions_of(session: Session, code: str) -> dict[str, ProvisionLine]:
    """What is known of one provision, by the key of the policy."""
    query = select(PolicyRow.key, ProvisionRow).join(PolicyRow.provisions).where(ProvisionRow.code == code)
    rows = session.execute(query.options(joinedload(ProvisionRow.source)))
    return {key: provision_lines([row])[0] for key, row in rows}
