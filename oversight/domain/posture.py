"""Where a jurisdiction stood toward a technology on a day, derived from its dated policies, with the reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.domain.policy_standing import Force, PolicyFacts, Standing, standing
from oversight.domain.reason import Reason
from oversight.domain.record import Binds, Direction, Effect, Instrument, Posture

GENERAL = "surveillance_general"
STRENGTH = {
    Posture.BANNED: 8,
    Posture.MORATORIUM: 7,
    Posture.PROCESS_REQUIRED: 6,
    Posture.RESTRICTED: 5,
    Posture.ROLLED_BACK: 4,
    Posture.PERMISSIVE_POLICY: 3,
    Posture.PREEMPTED: 2,
    Posture.NO_RULE_FOUND: 1,
    Posture.NOT_RESEARCHED: 0,
}
WORTH_A_ROLLBACK = (Posture.BANNED, Posture.MORATORIUM, Posture.PROCESS_REQUIRED)
BY_EFFECT = {
    Effect.PROHIBITS: Posture.BANNED,
    Effect.REQUIRES_PROCESS: Posture.PROCESS_REQUIRED,
    Effect.CONDITIONALLY_PERMITS: Posture.RESTRICTED,
    Effect.REQUIRES_DISCLOSURE: Posture.PERMISSIVE_POLICY,
    Effect.AUTHORISES: Posture.PERMISSIVE_POLICY,
}


@dataclass(frozen=True)
class Stance:
    """The posture with its reasons, the deciding ones first.

    Not certain: dates or a sunset leave two answers open, and the weaker is given. `was_loosened`: a rule on this
    technology was set aside or repealed before that day, whatever stands now.
    """

    posture: Posture
    reasons: tuple[Reason, ...]
    is_certain: bool
    was_loosened: bool


@dataclass(frozen=True)
class Contribution:
    """What one policy brings to the posture; None brings only its reason."""

    policy: PolicyFacts
    standing: Standing
    posture: Posture | None
    reason: Reason


def stance(
    technology: str,
    policies: Sequence[PolicyFacts],
    as_of: date,
    *,
    state_policies: Sequence[PolicyFacts] = (),
    is_researched: bool = False,
) -> Stance:
    """The stance of the government that made `policies`; those of the state above it give reasons, never the value.

    `is_researched` says that somebody searched for rules and noted it: only then can the answer be "no rule found".
    """
    silent = Posture.NO_RULE_FOUND if is_researched else Posture.NOT_RESEARCHED
    early, late = (list(contributions(technology, policies, as_of, is_early=is_early)) for is_early in (True, False))
    chosen = min((late, early), key=lambda given: STRENGTH[strongest(given, silent)])
    posture = strongest(chosen, silent)
    deciding = [given for given in chosen if given.posture is posture]
    doubts = [*doubts_between(early, late, silent), *pre_emption_doubts(technology, state_policies, chosen, as_of)]
    reasons = [
        *(given.reason for given in sorted(chosen, key=lambda given: (given not in deciding, given.reason.date or ""))),
        *doubts,
        *state_law(technology, state_policies, as_of),
    ]
    if posture is silent:
        reasons.insert(0, silence(policies, as_of, is_researched=is_researched))
    return Stance(
        posture=posture,
        reasons=tuple(reasons),
        is_certain=not doubts and (not deciding or any(given.standing.is_dated for given in deciding)),
        was_loosened=any(given.posture is Posture.ROLLED_BACK for given in chosen),
    )


def strongest(given: Sequence[Contribution], silent: Posture) -> Posture:
    """The strongest posture that any policy brings."""
    return max((one.posture for one in given if one.posture), key=STRENGTH.__getitem__, default=silent)


def contributions(
    technology: str, policies: Sequence[PolicyFacts], as_of: date, *, is_early: bool
) -> Iterator[Contribution]:
    """What each policy that covers the technology and had begun by then brings."""
    standings = {policy.key: standing(policy, as_of, is_early=is_early) for policy in policies}
    setting_aside = {
        policy.amends_key: policy
        for policy in policies
        if policy.amends_key and sets_aside(policy, technology) and standings[policy.key].force is Force.IN_FORCE
    }
    for policy in policies:
        now = standings[policy.key]
        if covers(policy, technology) and now.force is not Force.FUTURE:
            yield contribution(policy, technology, now, setting_aside.get(policy.key))


def contribution(policy: PolicyFacts, technology: str, now: Standing, by: PolicyFacts | None) -> Contribution:
    """What one policy brings, where `by` may have set it aside for this technology."""
    words = f"{policy.title}: {meaning(policy, technology)}; {now.text}"
    posture = posture_of(policy, technology)
    if by and now.force is Force.IN_FORCE:
        words, posture = f"{words}; set aside for this technology by {by.title}", None
    elif now.force is Force.REPEALED and posture in WORTH_A_ROLLBACK:
        posture = Posture.ROLLED_BACK
    elif now.force is Force.DISPLACED:
        posture = Posture.PREEMPTED
    elif now.force is not Force.IN_FORCE:
        posture = None
    return Contribution(policy, now, posture, Reason(words, policy.key, now.date))


def covers(policy: PolicyFacts, technology: str) -> bool:
    """Whether the policy names the technology or is about surveillance technology as such."""
    return technology in policy.technologies or GENERAL in policy.technologies


def names(policy: PolicyFacts, technology: str) -> bool:
    """Whether the policy names this one technology, not only surveillance technology as such."""
    return technology in policy.technologies and technology != GENERAL


def sets_aside(policy: PolicyFacts, technology: str) -> bool:
    """Whether a loosening policy takes what it amends out of force for this technology, and is no mere exception."""
    is_loosening = policy.direction is Direction.LOOSENS and policy.effect is Effect.AUTHORISES
    return is_loosening and names(policy, technology)


def posture_of(policy: PolicyFacts, technology: str) -> Posture | None:
    """What the policy means for the posture while it is in force."""
    if policy.effect is None or policy.binds is Binds.PRIVATE_SECTOR:
        return None
    if policy.direction is Direction.LOOSENS:
        return Posture.ROLLED_BACK if sets_aside(policy, technology) else None
    posture = BY_EFFECT[policy.effect]
    if posture is Posture.BANNED and not names(policy, technology):
        posture = Posture.PROCESS_REQUIRED
    if posture is Posture.BANNED and policy.instrument is Instrument.MORATORIUM:
        posture = Posture.MORATORIUM
    return Posture.RESTRICTED if policy.binds is Binds.SCHOOLS and posture in WORTH_A_ROLLBACK else posture


def meaning(policy: PolicyFacts, technology: str) -> str:
    """What the policy does, to whom, in words."""
    parts = [policy.instrument.label.lower()]
    if policy.direction is Direction.LOOSENS:
        parts.append("loosens what went before")
    elif policy.effect is Effect.PROHIBITS and not names(policy, technology):
        parts = [Effect.REQUIRES_PROCESS.label.lower()]
    elif policy.effect:
        parts.append(policy.effect.label.lower())
    if technology not in policy.technologies:
        parts.append("for surveillance technology in general")
    if policy.binds:
        parts.append(f"binds: {policy.binds.label.lower()}")
    return ", ".join(parts)


def doubts_between(early: Sequence[Contribution], late: Sequence[Contribution], silent: Posture) -> Iterator[Reason]:
    """One reason where taking the doubtful dates early or late gives two answers."""
    answers = sorted({strongest(early, silent), strongest(late, silent)}, key=STRENGTH.__getitem__)
    if len(answers) > 1:
        weaker, stronger = (answer.label.lower() for answer in answers)
        told = {given.policy.key: given.standing.text for given in late}
        open_dates = [
            f"{given.policy.title} ({told.get(given.policy.key, 'not yet begun')}, or {given.standing.text})"
            for given in early
            if told.get(given.policy.key) != given.standing.text
        ]
        yield Reason(
            f"Not certain: {weaker} or {stronger}; the weaker is given. Open: {'; '.join(open_dates)}", None, None
        )


def pre_emption_doubts(
    technology: str, state_policies: Sequence[PolicyFacts], chosen: Sequence[Contribution], as_of: date
) -> Iterator[Reason]:
    """Pre-emption by the state throws doubt on a local rule in force."""
    if not any(given.standing.force is Force.IN_FORCE and given.posture for given in chosen):
        return
    for policy in state_policies:
        now = standing(policy, as_of, is_early=True)
        if policy.instrument is Instrument.PREEMPTION and covers(policy, technology) and now.force is Force.IN_FORCE:
            yield Reason(f"Not certain: {policy.title} may displace the local rule", policy.key, now.date)


def state_law(technology: str, state_policies: Sequence[PolicyFacts], as_of: date) -> Iterator[Reason]:
    """One reason for each policy of the state above that may have been in force on that day."""
    for policy in state_policies:
        now = standing(policy, as_of, is_early=False)
        if covers(policy, technology) and now.force is Force.IN_FORCE:
            words = f"State law applies here too: {policy.title}: {meaning(policy, technology)}; {now.text}"
            yield Reason(words, policy.key, now.date)


def silence(policies: Sequence[PolicyFacts], as_of: date, *, is_researched: bool) -> Reason:
    """Why there is no posture: what was not found, and by whom it was sought."""
    dates = sorted(step.date for policy in policies for step in policy.history if step.date)
    first = f"; the first dated step on any technology is of {dates[0]}" if dates else ""
    search = "a search for rules was made" if is_researched else "nobody has recorded a search, so this is no finding"
    return Reason(f"No rule in force is recorded for {as_of.isoformat()}{first}; {search}", None, None)
