"""Where an agency stood with a technology on a day, derived from the deployment's dated history, with the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from oversight.domain.contribution import SETTING_ASIDE, Contribution, contributions
from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.provision import FieldState
from oversight.domain.reason import Reason
from oversight.domain.record import Binds, DateCertainty, OperatorKind, Posture, UseStatus
from oversight.domain.timeline import last_step

IN_USE = (UseStatus.IN_USE, UseStatus.PILOT, UseStatus.TRIAL, UseStatus.ACCESS_ONLY)
POLICE = frozenset({OperatorKind.POLICE, OperatorKind.SHERIFF, OperatorKind.STATE_POLICE, OperatorKind.TRANSIT_POLICE})
BOUND = {Binds.POLICE: POLICE, Binds.SCHOOLS: frozenset({OperatorKind.SCHOOL})}
FORBIDDING = (Posture.BANNED, Posture.MORATORIUM)


@dataclass(frozen=True)
class StatusChange:
    """One step in a deployment's life; `date` is partial, and None where it is not known."""

    status: UseStatus
    date: str | None
    certainty: DateCertainty | None


@dataclass(frozen=True)
class Use:
    """The status and why. Not certain: dates are partial or missing; what is sure is given, else what may be."""

    status: UseStatus
    reasons: tuple[Reason, ...]
    is_certain: bool


def use_on(key: str, history: Sequence[StatusChange], as_of: date) -> Use:
    """The use status of the deployment on that day."""
    late, early = (last_step(history, as_of, is_early=is_early) for is_early in (False, True))
    place = early if late is None else late
    reasons = [reason_for(key, history, place, as_of), *before(key, history, place)]
    if place is None:
        return Use(UseStatus.UNKNOWN, tuple(reasons), is_certain=False)
    step = history[place]
    if early is not None and early != place:
        ahead = history[early]
        reasons.insert(1, Reason(f"May already be: {ahead.status.label.lower()} ({dated(ahead)})", key, ahead.date))
    return Use(step.status, tuple(reasons), is_certain=early == late and step.date is not None)


@dataclass(frozen=True)
class Setting:
    """Who uses what, and whether the policy that a rule may demand for it was found."""

    operator: OperatorKind
    technology: str
    required_policy: FieldState


def under_rules(use: Use, setting: Setting, policies: Sequence[PolicyFacts], as_of: date) -> Use:
    """The status in the light of the rules where it is used: "in use without the required policy" where that was found.

    Silence is no finding: where nobody looked for the policy, the status stays and a reason says what was needed.
    """
    if use.status not in IN_USE:
        return use
    given = bound_by(setting.operator, setting.technology, policies, as_of)
    demands = [one for one in given if one.posture is Posture.PROCESS_REQUIRED]
    bans = [one for one in given if one.posture in FORBIDDING and one.standing.force in SETTING_ASIDE]
    against = [against_ban(one) for one in bans]
    if demands and setting.required_policy is FieldState.ABSENT:
        without = [demand(one, "and none was found for this use") for one in demands]
        status, reasons = UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY, (*against, *without, *use.reasons)
        return Use(status, reasons, is_certain=use.is_certain)
    was_found = setting.required_policy is FieldState.ANSWERED
    found = "and one is recorded" if was_found else "whether there is one is not researched"
    return replace(use, reasons=(*use.reasons, *against, *(demand(one, found) for one in demands)))


def bound_by(
    operator: OperatorKind, technology: str, policies: Sequence[PolicyFacts], as_of: date
) -> list[Contribution]:
    """What the policies that bind this kind of operator bring, for one technology."""
    given = contributions(technology, policies, as_of, is_early=False)
    return [one for one in given if is_bound(operator, one.policy)]


def rules_over(
    operator: OperatorKind, technology: str, policies: Sequence[PolicyFacts], as_of: date
) -> list[Contribution]:
    """Those of them that stand on that day."""
    given = bound_by(operator, technology, policies, as_of)
    return [one for one in given if one.standing.force in SETTING_ASIDE]


def is_bound(operator: OperatorKind, policy: PolicyFacts) -> bool:
    """Whether a policy of the place binds this kind of operator there."""
    bound = BOUND.get(policy.binds) if policy.binds else None
    return operator not in policy.exempts and (bound is None or operator in bound)


def demand(given: Contribution, found: str) -> Reason:
    """That a rule demands an approved policy, and what was found of it."""
    words = f"{given.policy.title} ({given.standing.text}) demands approval and a policy; {found}"
    return Reason(words, given.policy.key, given.standing.date)


def against_ban(given: Contribution) -> Reason:
    """That a prohibition stands against the use."""
    words = f"Recorded although {given.policy.title} prohibits it ({given.standing.text})"
    return Reason(words, given.policy.key, given.standing.date)


def reason_for(key: str, history: Sequence[StatusChange], place: int | None, as_of: date) -> Reason:
    """The step that decides, or that none had happened yet."""
    if place is not None:
        step = history[place]
        return Reason(f"{step.status.label} ({dated(step)})", key, step.date)
    first = next((step for step in history if step.date), None)
    known = f"the first dated step is {first.status.label.lower()}, {first.date}" if first else "no step is recorded"
    return Reason(f"Nothing is known for {as_of.isoformat()}: {known}", key, first.date if first else None)


def before(key: str, history: Sequence[StatusChange], place: int | None) -> list[Reason]:
    """The earlier steps, latest first."""
    earlier = history[: place or 0]
    return [
        Reason(f"Before: {step.status.label.lower()} ({dated(step)})", key, step.date) for step in reversed(earlier)
    ]


def dated(step: StatusChange) -> str:
    """The date of a step, and how it is known where that matters."""
    if step.date is None:
        return "date not known"
    if step.certainty in (DateCertainty.DERIVED, DateCertainty.UPPER_BOUND):
        return f"{step.date}, {step.certainty.label.lower()}"
    return step.date
