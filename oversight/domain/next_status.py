"""The status that a deployment or a policy would have if a mention is right about it; it never goes backwards."""

import re
from dataclasses import dataclass
from datetime import date

from oversight.domain.adoption import APPROVED
from oversight.domain.matter_stage import MatterStage, stage_of
from oversight.domain.mention import Stage
from oversight.domain.record import DateCertainty, LegalStatus, UseStatus

PURCHASE = frozenset({Stage.PROPOSED, Stage.RFP, Stage.CONTRACT, Stage.PILOT, Stage.DEPLOYED})
RULE = frozenset({Stage.POLICY_PROPOSED, Stage.POLICY_ADOPTED, Stage.BAN_ADOPTED, Stage.MORATORIUM})
FOR = frozenset({MatterStage.APPROVED, MatterStage.SIGNED, MatterStage.EXECUTED})
AGAINST = frozenset({MatterStage.DENIED, MatterStage.WITHDRAWN, MatterStage.VETOED})
COMMITTEE = re.compile(r"committee|commission\b|board of review", re.I)

# A later step has a higher number; of what is over, anything may begin anew.
USE_RANKS = {
    UseStatus.UNKNOWN: 0,
    UseStatus.SUSPECTED: 0,
    UseStatus.PROPOSED: 1,
    UseStatus.APPROVED_NOT_DEPLOYED: 2,
    UseStatus.TRIAL: 3,
    UseStatus.PILOT: 3,
    UseStatus.ACCESS_ONLY: 4,
    UseStatus.IN_USE: 4,
    UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY: 4,
}
LEGAL_RANKS = {
    LegalStatus.PROPOSED: 0,
    LegalStatus.INTRODUCED: 1,
    LegalStatus.IN_COMMITTEE: 2,
    LegalStatus.FIRST_READING: 3,
    LegalStatus.ADOPTED: 4,
    LegalStatus.EFFECTIVE: 5,
    LegalStatus.AMENDED: 5,
}
IN_FORCE = frozenset({LegalStatus.ADOPTED, LegalStatus.EFFECTIVE, LegalStatus.AMENDED})
USE_OF = {Stage.PILOT: UseStatus.PILOT, Stage.DEPLOYED: UseStatus.IN_USE}
LEGAL_OF = {
    MatterStage.INTRODUCED: LegalStatus.INTRODUCED,
    MatterStage.REFERRED: LegalStatus.IN_COMMITTEE,
    MatterStage.HEARING: LegalStatus.IN_COMMITTEE,
    MatterStage.FIRST_READING: LegalStatus.FIRST_READING,
    MatterStage.APPROVED: LegalStatus.ADOPTED,
    MatterStage.SIGNED: LegalStatus.ADOPTED,
    MatterStage.DENIED: LegalStatus.FAILED,
    MatterStage.WITHDRAWN: LegalStatus.FAILED,
    MatterStage.VETOED: LegalStatus.VETOED,
}


@dataclass(frozen=True)
class NextStatus:
    """A dated step that would be added, and why. `needs_vote`: only a government's document of the vote proves it."""

    status: UseStatus | LegalStatus
    date: str
    certainty: DateCertainty
    reason: str

    @property
    def needs_vote(self) -> bool:
        """Whether the step says that a body approved."""
        return self.status.value in APPROVED


@dataclass(frozen=True)
class Saying:
    """What decides about the step: the stage of the mention, and what the body is known to have done."""

    stage: Stage | None
    outcome: str | None
    body: str | None
    day: date | None
    told_on: date

    @property
    def decided(self) -> MatterStage | None:
        """What the outcome says; a committee that approves has only recommended."""
        found = stage_of(self.outcome) if self.outcome else None
        return MatterStage.COMMITTEE if found in FOR and COMMITTEE.search(self.body or "") else found

    def step(self, status: UseStatus | LegalStatus, *, by_outcome: bool) -> NextStatus:
        """The step with its day: that of the meeting whose outcome says it, else not later than it was told."""
        if by_outcome and self.day and self.outcome:
            return NextStatus(status, self.day.isoformat(), DateCertainty.STATED, f"the outcome is “{self.outcome}”")
        reason = f"the stage is “{self.stage.label}”" if self.stage else ""
        return NextStatus(status, self.told_on.isoformat(), DateCertainty.UPPER_BOUND, reason)


def next_use_status(status: UseStatus, saying: Saying) -> NextStatus | None:
    """The next step of a deployment that has this status; None where the mention says of none."""
    rank = USE_RANKS.get(status)
    if saying.stage not in PURCHASE or saying.stage is None:
        return None
    if saying.decided in AGAINST:
        return saying.step(UseStatus.REJECTED, by_outcome=True) if rank is not None and rank < 3 else None
    if saying.decided in FOR and saying.stage is not Stage.DEPLOYED:
        new, by_outcome = UseStatus.APPROVED_NOT_DEPLOYED, True
    else:
        new, by_outcome = USE_OF.get(saying.stage, UseStatus.PROPOSED), False
    is_further = rank is None or USE_RANKS[new] > rank
    return saying.step(new, by_outcome=by_outcome) if is_further else None


def next_legal_status(status: LegalStatus, saying: Saying, *, is_official: bool) -> NextStatus | None:
    """The next step of a policy that has this status; what is over, and what a mention does not say, gets none."""
    if saying.stage is Stage.ROLLBACK and status in IN_FORCE:
        return saying.step(LegalStatus.REPEALED, by_outcome=False)
    rank = LEGAL_RANKS.get(status)
    if saying.stage not in RULE or rank is None:
        return None
    new, by_outcome = LEGAL_OF.get(saying.decided) if saying.decided else None, True
    if new is None:
        by_outcome = False
        proposed = LegalStatus.INTRODUCED if is_official else LegalStatus.PROPOSED
        new = proposed if saying.stage is Stage.POLICY_PROPOSED else LegalStatus.ADOPTED
    is_over = new not in LEGAL_RANKS and rank < LEGAL_RANKS[LegalStatus.ADOPTED]
    return saying.step(new, by_outcome=by_outcome) if is_over or LEGAL_RANKS.get(new, -1) > rank else None
