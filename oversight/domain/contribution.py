"""What each policy brings to the posture of the government that made it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from oversight.domain.policy_standing import Force, PolicyFacts, Standing, standing
from oversight.domain.reason import Reason
from oversight.domain.record import Binds, Direction, Effect, Instrument, Posture

GENERAL = "surveillance_general"
WORTH_A_ROLLBACK = (Posture.BANNED, Posture.MORATORIUM, Posture.PROCESS_REQUIRED)
BY_EFFECT = {
    Effect.PROHIBITS: Posture.BANNED,
    Effect.REQUIRES_PROCESS: Posture.PROCESS_REQUIRED,
    Effect.CONDITIONALLY_PERMITS: Posture.RESTRICTED,
    Effect.REQUIRES_DISCLOSURE: Posture.PERMISSIVE_POLICY,
    Effect.AUTHORISES: Posture.PERMISSIVE_POLICY,
}
SETTING_ASIDE = (Force.IN_FORCE, Force.SUNSET_PASSED)


@dataclass(frozen=True)
class Contribution:
    """What one policy brings to the posture; None brings only its reason.

    `is_loosened`: it was set aside or repealed, or is itself what set another aside.
    """

    policy: PolicyFacts
    standing: Standing
    posture: Posture | None
    reason: Reason
    is_loosened: bool


def contributions(
    technology: str,
    policies: Sequence[PolicyFacts],
    as_of: date,
    *,
    is_early: bool,
    prolonged: bool | None = None,
) -> Iterator[Contribution]:
    """What each policy that covers the technology and had begun by then brings; for the switches see `standing`."""
    standings = {
        policy.key: standing(policy, as_of, is_early=is_early, prolonged=prolonged)
        for policy in policies
        if policy.amends_key or covers(policy, technology)
    }
    setting_aside = {
        policy.amends_key: policy
        for policy in policies
        if policy.amends_key and sets_aside(policy, technology) and standings[policy.key].force in SETTING_ASIDE
    }
    for policy in filter(lambda one: covers(one, technology), policies):
        now, by = standings[policy.key], setting_aside.get(policy.key)
        if now.force is not Force.FUTURE:
            given = contribution(policy, technology, now, (by, standings[by.key]) if by else None)
            yield replace(given, reason=with_grounds(given.reason, policy, as_of))


def with_grounds(reason: Reason, policy: PolicyFacts, as_of: date) -> Reason:
    """The reason, with what the approval rests on where that is no document of the government."""
    found = policy.grounds(as_of)
    return replace(reason, text=f"{reason.text} ({found.text})") if found and found.is_doubtful else reason


def contribution(
    policy: PolicyFacts, technology: str, now: Standing, by: tuple[PolicyFacts, Standing] | None
) -> Contribution:
    """What one policy brings, where another may have set it aside for this technology."""
    words = f"{policy.title}: {meaning(policy, technology)}; {now.text}"
    posture = posture_of(policy, technology)
    was_strong = posture in WORTH_A_ROLLBACK
    is_set_aside = by is not None and now.force is Force.IN_FORCE
    if by and is_set_aside:
        words, posture = f"{words}; {set_aside_by(*by)}", None
    elif now.force is Force.REPEALED and was_strong:
        posture = Posture.ROLLED_BACK
    else:
        posture = under(now.force, posture)
    loosened = is_set_aside or posture is Posture.ROLLED_BACK
    return Contribution(policy, now, posture, Reason(words, policy.key, now.date), loosened)


def under(force: Force, posture: Posture | None) -> Posture | None:
    """What becomes of a posture under the force that the policy has."""
    if force is Force.SUNSET_PASSED:
        return Posture.SUNSET_PASSED if posture else None
    if force is Force.DISPLACED:
        return Posture.PREEMPTED
    return posture if force is Force.IN_FORCE else None


def set_aside_by(policy: PolicyFacts, now: Standing) -> str:
    """The words for being set aside, open where the sunset of what set it aside has passed."""
    words = f"set aside for this technology by {policy.title}"
    return f"{words}, whose {now.text}" if now.force is Force.SUNSET_PASSED else words


def covers(policy: PolicyFacts, technology: str) -> bool:
    """Whether the policy names the technology or is about surveillance technology as such."""
    return technology in policy.technologies or GENERAL in policy.technologies


def names(policy: PolicyFacts, technology: str) -> bool:
    """Whether the policy names this one technology, not only surveillance technology as such."""
    return technology in policy.technologies and technology != GENERAL


def sets_aside(policy: PolicyFacts, technology: str) -> bool:
    """Whether a loosening policy takes what it amends out of force for this technology, and is no mere exception."""
    is_whole = policy.effect is Effect.AUTHORISES or policy.repeals
    return is_whole and policy.direction is Direction.LOOSENS and names(policy, technology)


def posture_of(policy: PolicyFacts, technology: str) -> Posture | None:
    """What the policy means for the posture while it is in force."""
    if policy.effect is None or policy.binds is Binds.PRIVATE_SECTOR:
        return None
    if policy.direction is Direction.LOOSENS and not sets_aside(policy, technology):
        return None
    if policy.direction is Direction.LOOSENS and policy.effect is Effect.AUTHORISES:
        return Posture.ROLLED_BACK
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
    if policy.exempts:
        parts.append(f"not bound: {', '.join(sorted(kind.label.lower() for kind in policy.exempts))}")
    return ", ".join(parts)
