"""When the record may say that a body approved something: a government document must say that it voted yes."""

from collections.abc import Iterable, Mapping
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
    """The positions of the steps that say a body approved, and that the version before did not have.

    What was adopted comes into force by itself; only where no adoption is recorded does being in force say it.
    """
    known, steps = [_step(step) for step in before], list(after)
    saying = (
        APPROVED - {LegalStatus.EFFECTIVE.value} if any(step.get("status") == ADOPTED for step in steps) else APPROVED
    )
    return [
        position for position, step in enumerate(steps) if step.get("status") in saying and _step(step) not in known
    ]


def vote_source(tiers: Mapping[str, EvidenceTier | None], *, says_vote: bool) -> str | None:
    """The first of the sources that proves a vote: a government's document, and the editor read in it that they did."""
    return next((key for key, tier in tiers.items() if says_vote and tier in OF_GOVERNMENT), None)


def _step(step: Step) -> tuple[Any, Any]:
    return step.get("status"), step.get("date")
