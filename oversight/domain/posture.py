"""Where a jurisdiction stood toward a technology on a day, derived from its dated policies, with the reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.domain.contribution import SETTING_ASIDE, Contribution, contributions, covers
from oversight.domain.policy_standing import Force, PolicyFacts, standing
from oversight.domain.reason import Reason
from oversight.domain.record import Instrument, Posture

STRENGTH = {
    Posture.BANNED: 9,
    Posture.MORATORIUM: 8,
    Posture.PROCESS_REQUIRED: 7,
    Posture.RESTRICTED: 6,
    Posture.ROLLED_BACK: 5,
    Posture.PERMISSIVE_POLICY: 4,
    Posture.SUNSET_PASSED: 3,
    Posture.PREEMPTED: 2,
    Posture.NO_RULE_FOUND: 1,
    Posture.NOT_RESEARCHED: 0,
}


MEANINGS = {
    Posture.BANNED: "The government may not use it.",
    Posture.MORATORIUM: "The government may not use it for the time being.",
    Posture.PROCESS_REQUIRED: "It may be used only after an approval in public.",
    Posture.RESTRICTED: "It may be used, but not for everything or not by everybody.",
    Posture.ROLLED_BACK: "A rule against it stood, and was taken back.",
    Posture.PERMISSIVE_POLICY: "It may be used; a policy says how.",
    Posture.SUNSET_PASSED: "Its rule set itself an end, which has passed; nobody recorded whether it was prolonged.",
    Posture.PREEMPTED: "The local rule is displaced by higher law.",
    Posture.NO_RULE_FOUND: "Somebody searched for a rule and found none.",
    Posture.NOT_RESEARCHED: "Nobody has recorded a search for rules, so this is no finding.",
}


@dataclass(frozen=True)
class Stance:
    """The posture with its reasons, the deciding ones first.

    Not certain: dates leave two answers open, and the weaker is given, or a sunset does, and the posture says so.
    `was_loosened`: a rule on this technology was set aside or repealed before that day, whatever stands now.
    """

    posture: Posture
    reasons: tuple[Reason, ...]
    is_certain: bool
    was_loosened: bool

    @property
    def meaning(self) -> str:
        """The posture in a plain sentence."""
        return MEANINGS[self.posture]


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
    early = list(contributions(technology, policies, as_of, is_early=True, prolonged=False))
    # Where no text sets itself an end, whether it was prolonged makes no difference.
    told = list(contributions(technology, policies, as_of, is_early=False))
    late, lapsed = told, told
    if any(policy.expires for policy in policies):
        late, lapsed = (
            list(contributions(technology, policies, as_of, is_early=False, prolonged=prolonged))
            for prolonged in (True, False)
        )
    open_sunset = list(sunset_doubts(late, lapsed, silent))
    chosen = told if open_sunset else min((late, early), key=lambda given: STRENGTH[strongest(given, silent)])
    posture = Posture.SUNSET_PASSED if open_sunset else strongest(chosen, silent)
    deciding = [given for given in chosen if given.posture is posture]
    doubts = [
        *(open_sunset or doubts_between(early, late, silent)),
        *pre_emption_doubts(technology, state_policies, chosen, as_of),
    ]
    reasons = [
        *(given.reason for given in sorted(chosen, key=lambda given: (given not in deciding, given.reason.date or ""))),
        *doubts,
        *law_above(technology, state_policies, as_of),
    ]
    if posture is silent:
        reasons.insert(0, silence(policies, as_of, is_researched=is_researched))
    return Stance(
        posture=posture,
        reasons=tuple(reasons),
        is_certain=not doubts and (not deciding or any(given.standing.is_dated for given in deciding)),
        was_loosened=any(given.is_loosened for given in chosen),
    )


def strongest(given: Sequence[Contribution], silent: Posture) -> Posture:
    """The strongest posture that any policy brings."""
    return max((one.posture for one in given if one.posture), key=STRENGTH.__getitem__, default=silent)


def sunset_doubts(
    prolonged: Sequence[Contribution], lapsed: Sequence[Contribution], silent: Posture
) -> Iterator[Reason]:
    """One reason where the answer hangs on whether a sunset that passed was prolonged."""
    if_prolonged, if_lapsed = strongest(prolonged, silent), strongest(lapsed, silent)
    if if_prolonged is not if_lapsed:
        yield Reason(
            f"Not certain: {if_prolonged.label.lower()} if it was prolonged, {if_lapsed.label.lower()} if it was not; "
            "no extension is recorded, and no end",
            None,
            None,
        )


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


def law_above(technology: str, state_policies: Sequence[PolicyFacts], as_of: date) -> Iterator[Reason]:
    """One reason for each policy from above that may be in force on that day, pre-emption first."""
    given = [one for one in contributions(technology, state_policies, as_of, is_early=False)]
    for one in sorted(given, key=lambda one: one.policy.instrument is not Instrument.PREEMPTION):
        if one.standing.force in SETTING_ASIDE:
            yield Reason(f"Higher law applies here too: {one.reason.text}", one.policy.key, one.reason.date)


def silence(policies: Sequence[PolicyFacts], as_of: date, *, is_researched: bool) -> Reason:
    """Why there is no posture: what was not found, and by whom it was sought."""
    dates = sorted(step.date for policy in policies for step in policy.history if step.date)
    first = f"; the first dated step on any technology is of {dates[0]}" if dates else ""
    search = "a search for rules was made" if is_researched else "nobody has recorded a search, so this is no finding"
    return Reason(f"No rule in force is recorded for {as_of.isoformat()}{first}; {search}", None, None)
