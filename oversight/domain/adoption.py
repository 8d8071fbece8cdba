"""When the record may say that a body approved something: a government document must say that it voted yes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oversight.domain.record import EvidenceTier, LegalStatus, UseStatus

ADOPTED = LegalStatus.ADOPTED.value
APPROVED = frozenset(
    {
        ADOPTED,
        LegalStatus.EFFECTIVE.value,
        LegalStatus.AMENDED.value,
        LegalStatus.REPEALED.value,
        UseStatus.APPROVED_NOT_DEPLOYED.value,
    }
)
OF_GOVERNMENT = frozenset({EvidenceTier.T1, EvidenceTier.T2})

Step = Mapping[str, Any]


def newly_approved(before: Iterable[Step], after: Iterable[Step]) -> list[int]:
    """The positions of the steps that say a body approved, and that the version before did not have."""
    known, steps = [_step(step) for step in before], list(after)
    approved = saying_approved([step.get("status") for step in steps])
    return [position for position in approved if _step(steps[position]) not in known]


def saying_approved(statuses: Sequence[Any]) -> list[int]:
    """The positions of the statuses that say that a body approved.

    What was adopted comes into force by itself; only where no adoption is recorded does being in force say it.
    """
    saying = APPROVED - {LegalStatus.EFFECTIVE.value} if ADOPTED in statuses else APPROVED
    return [position for position, status in enumerate(statuses) if status in saying]


def vote_source(tiers: Mapping[str, EvidenceTier | None], *, says_vote: bool) -> str | None:
    """The first of the sources that proves a vote: a government's document, and the editor read in it that they did."""
    return next((key for key, tier in tiers.items() if says_vote and tier in OF_GOVERNMENT), None)


def _step(step: Step) -> tuple[Any, Any]:
    return step.get("status"), step.get("date")
