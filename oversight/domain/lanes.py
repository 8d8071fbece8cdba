"""Dated histories as lanes of a picture: what held from when to when, and what happened on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.domain.partial_date import Span, span_of
from oversight.domain.policy_standing import FORCES, Force, PolicyFacts, coming
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.use_status import StatusChange
from oversight.domain.word import Word


class Manner(Word):
    """How a stretch of time is drawn, and what that says; nothing is drawn after an end."""

    PENDING = "pending", "Proposed"
    COMING = "coming", "Adopted, not yet in force"
    TRIED = "tried", "Pilot or trial"
    HOLDS = "holds", "In force, or in use"
    RESTS = "rests", "Paused or suspended"
    OPEN = "open", "Sunset passed, extension not known"


@dataclass(frozen=True)
class Step:
    """One step of any history: its words, its date (partial, None is not known), and what holds from then on."""

    label: str
    date: str | None
    manner: Manner | None


@dataclass(frozen=True)
class Mark:
    """Something that happened: its words, its date as known, and the days that this may mean."""

    label: str
    date: str
    span: Span


@dataclass(frozen=True)
class Stretch:
    """A time in which something held."""

    manner: Manner
    first: date
    last: date


@dataclass(frozen=True)
class Lane:
    """One thing through time."""

    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]


OF_FORCE = {
    Force.PENDING: Manner.PENDING,
    Force.IN_FORCE: Manner.HOLDS,
    Force.SUSPENDED: Manner.RESTS,
}
OF_USE = {
    UseStatus.SUSPECTED: Manner.PENDING,
    UseStatus.PROPOSED: Manner.PENDING,
    UseStatus.APPROVED_NOT_DEPLOYED: Manner.PENDING,
    UseStatus.TRIAL: Manner.TRIED,
    UseStatus.PILOT: Manner.TRIED,
    UseStatus.IN_USE: Manner.HOLDS,
    UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY: Manner.HOLDS,
    UseStatus.ACCESS_ONLY: Manner.HOLDS,
    UseStatus.PAUSED: Manner.RESTS,
}


def policy_steps(policy: PolicyFacts) -> Iterator[Step]:
    """The life of a policy; the end that its own text sets leaves it open what holds, until a step says so."""
    dated = [policy_step(policy, place) for place in range(len(policy.history))]
    last = max((step.date for step in dated if step.date), default="")
    yield from dated
    if policy.expires and dated and dated[-1].manner is Manner.HOLDS and policy.expires > last:
        yield Step("Sunset", policy.expires, Manner.OPEN)


def policy_step(policy: PolicyFacts, place: int) -> Step:
    """The step at that place; what is adopted has no force before its recorded day of effect."""
    step = policy.history[place]
    start = coming(policy, place) if step.status is LegalStatus.ADOPTED else None
    if start and (step.date is None or span_of(step.date).first < span_of(start).first):
        return Step(f"{step.status.label} (not yet in force)", step.date, Manner.COMING)
    return Step(step.status.label, step.date, OF_FORCE.get(FORCES[step.status]))


def use_steps(history: Sequence[StatusChange]) -> Iterator[Step]:
    """The life of a deployment."""
    return (Step(change.status.label, change.date, OF_USE.get(change.status)) for change in history)


def lane_of(steps: Sequence[Step], until: date) -> Lane:
    """The lane of a history up to a day; a step without a date is taken to follow at once on the one before it."""
    marks = tuple(Mark(step.label, step.date, span_of(step.date)) for step in steps if step.date)
    begun: date | None = None
    turns: list[tuple[date, Manner | None]] = []
    for step in steps:
        if step.date:  # a year after a month of that year: no step begins before the one behind it
            begun = max(span_of(step.date).first, begun or date.min)
        if begun is not None:
            turns.append((begun, step.manner))
    ends = [*(begin for begin, _ in turns[1:]), until][: len(turns)]
    return Lane(
        stretches=tuple(
            Stretch(manner, begin, min(end, until))
            for (begin, manner), end in zip(turns, ends, strict=True)
            if manner and begin < min(end, until)
        ),
        marks=marks,
    )
