"""How policies hang together: which changed, loosened or took the place of which."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.record import Direction


@dataclass(frozen=True)
class Joint:
    """What a policy changes, where the record holds that, and what changes it, the oldest first."""

    changes: PolicyFacts | None
    changed_by: tuple[PolicyFacts, ...]


@dataclass(frozen=True)
class ChainLink:
    """One policy of a chain; `verb` and `changes` say what it did to which earlier one."""

    policy: PolicyFacts
    verb: str | None
    changes: PolicyFacts | None


def begun(policy: PolicyFacts) -> str:
    """The first date that is recorded of a policy; those without one come last."""
    return next((step.date for step in policy.history if step.date), "9999")


def verb_of(policy: PolicyFacts) -> str:
    """What a policy does to the one that it amends."""
    if policy.repeals:
        return "Takes the place of"
    return "Loosens" if policy.direction is Direction.LOOSENS else "Changes"


def joints(policies: Iterable[PolicyFacts]) -> dict[str, Joint]:
    """What each policy changes and is changed by, by key."""
    known = {one.key: one for one in policies}
    by: defaultdict[str, list[PolicyFacts]] = defaultdict(list)
    for one in sorted(known.values(), key=lambda one: (begun(one), one.key)):
        if one.amends_key in known:
            by[one.amends_key].append(one)
    return {key: Joint(known.get(one.amends_key or ""), tuple(by[key])) for key, one in known.items()}


def chain_of(key: str, joined: Mapping[str, Joint], policies: Mapping[str, PolicyFacts]) -> list[ChainLink]:
    """The whole chain that a policy belongs to, the oldest first; empty for one that stands alone."""
    found, waiting = {key}, [key]
    while waiting:
        joint = joined[waiting.pop()]
        near = [*joint.changed_by, *([joint.changes] if joint.changes else [])]
        waiting += [one.key for one in near if one.key not in found]
        found |= {one.key for one in near}
    if len(found) == 1:
        return []
    ordered = sorted((policies[one] for one in found), key=lambda one: (begun(one), one.key))
    return [
        ChainLink(one, verb_of(one) if changes else None, changes)
        for one in ordered
        for changes in [joined[one.key].changes]
    ]
