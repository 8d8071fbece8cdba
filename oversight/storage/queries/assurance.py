"""How far the record was checked, and how close its sources are to the acts they tell of."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.record import EvidenceTier, Verification
from oversight.storage.models import ActionRow, DeploymentRow, PolicyRow, SourceRow

CHECKED = {
    "policies": PolicyRow.verification,
    "deployments": DeploymentRow.verification,
    "actions": ActionRow.verification,
}


@dataclass(frozen=True)
class Assurance:
    """Counts of entries of each kind by how far they were checked, and of sources by tier; None is not rated."""

    checked: Mapping[Verification, Mapping[str, int]]
    tiers: Mapping[EvidenceTier | None, int]


def assurance(session: Session) -> Assurance:
    """The counts over all of the record."""
    checked: dict[Verification, dict[str, int]] = {one: dict.fromkeys(CHECKED, 0) for one in Verification}
    for kind, column in CHECKED.items():
        for verification, count in session.execute(select(column, func.count()).group_by(column)):
            checked[Verification(verification)][kind] = count
    found = dict(session.execute(select(SourceRow.tier, func.count()).group_by(SourceRow.tier)).all())
    tiers: dict[EvidenceTier | None, int] = {tier: found.get(tier.value, 0) for tier in EvidenceTier}
    return Assurance(checked, tiers | {None: found.get(None, 0)})
