"""Whether a policy had force on a day, in the words that explain it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from oversight.domain.grounds import Cited, Grounds, grounds
from oversight.domain.partial_date import span_of
from oversight.domain.record import Binds, DateCertainty, Direction, Effect, Instrument, LegalStatus, OperatorKind
from oversight.domain.timeline import last_step


@dataclass(frozen=True)
class PolicyStep:
    """One step in the life of a policy; `date` is partial, and None where it is not known."""

    status: LegalStatus
    date: str | None
    certainty: DateCertainty | None


@dataclass(frozen=True)
class PolicyFacts:
    """What the posture needs of one policy. `expires` is the end that its own text sets.

    `repeals`: it takes the place of what it amends, for the technologies it names. `exempts`: whom it does not bind.
    `cited`: what its sources weigh; None where nobody asked.
    """

    key: str
    title: str
    instrument: Instrument
    effect: Effect | None
    direction: Direction
    amends_key: str | None
    binds: Binds | None
    technologies: frozenset[str]
    history: tuple[PolicyStep, ...]
    expires: str | None
    repeals: bool = False
    exempts: frozenset[OperatorKind] = frozenset()
    cited: tuple[Cited, ...] | None = None

    @property
    def last_date(self) -> str:
        """The latest date of its history; empty where none is known."""
        return max((step.date or "" for step in self.history), default="")

    def grounds(self, as_of: date) -> Grounds | None:
        """What its last approval until that day rests on; None where it was not approved, or nobody asked."""
        return grounds(self.history, self.cited, as_of) if self.cited is not None else None


class Force(StrEnum):
    """What a policy was on a day."""

    FUTURE = "future"
    PENDING = "pending"
    COMING = "coming"
    IN_FORCE = "in_force"
    NEVER = "never"
    SUSPENDED = "suspended"
    DISPLACED = "displaced"
    EXPIRED = "expired"
    SUNSET_PASSED = "sunset_passed"
    REPEALED = "repealed"


FORCES = {
    LegalStatus.PROPOSED: Force.PENDING,
    LegalStatus.INTRODUCED: Force.PENDING,
    LegalStatus.IN_COMMITTEE: Force.PENDING,
    LegalStatus.FIRST_READING: Force.PENDING,
    LegalStatus.ADOPTED: Force.IN_FORCE,
    LegalStatus.EFFECTIVE: Force.IN_FORCE,
    LegalStatus.AMENDED: Force.IN_FORCE,
    LegalStatus.VETOED: Force.NEVER,
    LegalStatus.FAILED: Force.NEVER,
    LegalStatus.SUSPENDED: Force.SUSPENDED,
    LegalStatus.ENJOINED: Force.SUSPENDED,
    LegalStatus.PREEMPTED: Force.DISPLACED,
    LegalStatus.EXPIRED: Force.EXPIRED,
    LegalStatus.REPEALED: Force.REPEALED,
}


NO_EFFECT = {
    Force.PENDING: ", not adopted by then, so without effect",
    Force.NEVER: ", so it never had effect",
}


WHAT_IF = {None: Force.SUNSET_PASSED, True: Force.IN_FORCE, False: Force.EXPIRED}


@dataclass(frozen=True)
class Standing:
    """The force of a policy on a day, the words for it and the date it rests on; `is_dated` is false for a guess."""

    force: Force
    text: str
    date: str | None
    is_dated: bool


def standing(policy: PolicyFacts, as_of: date, *, is_early: bool, prolonged: bool | None = None) -> Standing:
    """What the policy was on that day, with every doubtful date taken early or late.

    A sunset that passed with no word of an extension is neither force nor end; `prolonged` asks what if it was, or not.
    """
    place = last_step(policy.history, as_of, is_early=is_early)
    if place is None:
        return Standing(Force.FUTURE, "not yet begun", None, is_dated=True)
    step = policy.history[place]
    force = FORCES[step.status]
    if force is not Force.IN_FORCE:
        words = step.status.label.lower() + when(step.date) + NO_EFFECT.get(force, "")
        return Standing(force, words, step.date, is_dated=bool(step.date))
    if step.status is LegalStatus.ADOPTED and (start := coming(policy, place)):
        return Standing(Force.COMING, f"adopted{when(step.date)}, in force only from {start}", step.date, is_dated=True)
    if policy.expires and sunset_passed(policy.expires, as_of, is_early=is_early):
        text = f"sunset passed {policy.expires}, extension not known"
        return Standing(WHAT_IF[prolonged], text, policy.expires, is_dated=True)
    return in_force(policy, place)


def sunset_passed(expires: str, as_of: date, *, is_early: bool) -> bool:
    """Whether the end that a text sets for itself had come."""
    return span_of(expires).has_begun(as_of) if is_early else span_of(expires).is_over(as_of)


def coming(policy: PolicyFacts, place: int) -> str | None:
    """The recorded day of effect that is still ahead of the step at that place."""
    later = (step for step in policy.history[place + 1 :] if step.status is LegalStatus.EFFECTIVE)
    return next((step.date for step in later), None)


def in_force(policy: PolicyFacts, place: int) -> Standing:
    """The words for a policy in force, by the last dated step behind it."""
    behind = [step for step in policy.history[: place + 1] if step.date]
    if not behind:
        return Standing(Force.IN_FORCE, "in force; since when is not known", None, is_dated=False)
    last = behind[-1]
    begun = {step.status for step in policy.history[: place + 1]}
    if last.status in (LegalStatus.EFFECTIVE, LegalStatus.AMENDED):
        words = f"in force, {last.status.label.lower()}" if last.status is LegalStatus.AMENDED else "in force since"
        return Standing(Force.IN_FORCE, f"{words} {last.date}", last.date, is_dated=True)
    words = f"{last.status.label.lower()} {last.date}; "
    if LegalStatus.EFFECTIVE in begun:
        words += "in force, from a day not known"
    else:
        words += "no day of effect is recorded, so it counts from its adoption"
    return Standing(Force.IN_FORCE, words, last.date, is_dated=True)


def when(day: str | None) -> str:
    """A date as the end of a phrase."""
    return f" {day}" if day else " on a day not known"
