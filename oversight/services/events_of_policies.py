"""Events of policies: what a new step in the life of a rule means for whoever follows it, whichever way it goes."""

from datetime import date, timedelta

from oversight.domain.dated_step import new_steps
from oversight.domain.event import Event, EventKind
from oversight.domain.mention import Stage
from oversight.domain.next_status import IN_FORCE
from oversight.domain.partial_date import span_of
from oversight.domain.record import Direction, Instrument, LegalStatus
from oversight.services.tellable import Dated, Entry, Happening, Tellable

KINDS = {
    LegalStatus.PROPOSED: EventKind.POLICY_INTRODUCED,
    LegalStatus.INTRODUCED: EventKind.POLICY_INTRODUCED,
    LegalStatus.IN_COMMITTEE: EventKind.STAGE_CHANGED,
    LegalStatus.FIRST_READING: EventKind.STAGE_CHANGED,
    LegalStatus.VETOED: EventKind.OUTCOME_RECORDED,
    LegalStatus.FAILED: EventKind.OUTCOME_RECORDED,
    LegalStatus.ADOPTED: EventKind.POLICY_PASSED,
    LegalStatus.EFFECTIVE: EventKind.POLICY_PASSED,
    LegalStatus.AMENDED: EventKind.POLICY_PASSED,
    LegalStatus.EXPIRED: EventKind.POLICY_EXPIRED,
    LegalStatus.REPEALED: EventKind.POLICY_EXPIRED,
    LegalStatus.SUSPENDED: EventKind.POLICY_EXPIRED,
    LegalStatus.ENJOINED: EventKind.POLICY_EXPIRED,
    LegalStatus.PREEMPTED: EventKind.POLICY_EXPIRED,
}
# What sets a rule aside before its own end loosens, where the rule tightened.
SET_ASIDE = frozenset({LegalStatus.REPEALED, LegalStatus.SUSPENDED, LegalStatus.ENJOINED, LegalStatus.PREEMPTED})
ADOPTED_AS = {Instrument.BAN: Stage.BAN_ADOPTED, Instrument.MORATORIUM: Stage.MORATORIUM}
PROPOSALS = frozenset({EventKind.POLICY_INTRODUCED, EventKind.STAGE_CHANGED})


def policy_events(thing: Tellable, before: Entry, after: Entry) -> list[Dated]:
    """The events of the steps that a version has and the one before has not.

    What was adopted comes into force by itself: that is told only where no adoption is on record.
    """
    steps = new_steps(before.get("history", ()), after.get("history", ()))
    is_adopted = any(step["status"] == LegalStatus.ADOPTED for step in after.get("history", ()))
    found: list[Dated] = []
    for name, step in steps:
        status = LegalStatus(step["status"])
        if status is LegalStatus.EFFECTIVE and is_adopted:
            continue
        kind = kind_of(status, Direction(after["direction"]))
        facts = [
            ("Status", f"{status.label}, {step['date'] or 'day not known'}"),
            ("Instrument", Instrument(after["instrument"]).label),
            ("Number", after.get("number") or ""),
            ("Direction", Direction(after["direction"]).label),
        ]
        stage = stage_of(kind, Instrument(after["instrument"]))
        found.append((thing.event(Happening(kind, name, status.label, facts, stage)), step["date"]))
    return found


def kind_of(status: LegalStatus, direction: Direction) -> EventKind:
    """What a step means: a loosening rule that passes loosens, and so does a tightening one that is set aside."""
    kind, is_loose = KINDS[status], direction is Direction.LOOSENS
    loosens = kind is EventKind.POLICY_PASSED if is_loose else status in SET_ASIDE
    return EventKind.POLICY_LOOSENED if loosens else kind


def stage_of(kind: EventKind, instrument: Instrument) -> Stage | None:
    """What `stage:` of a query means for it."""
    if kind is EventKind.POLICY_PASSED:
        return ADOPTED_AS.get(instrument, Stage.POLICY_ADOPTED)
    if kind in PROPOSALS:
        return Stage.POLICY_PROPOSED
    return Stage.ROLLBACK if kind is EventKind.POLICY_LOOSENED else None


def sunset_event(thing: Tellable, entry: Entry, today: date, *, lately: timedelta) -> Event | None:
    """The event of a rule in force whose text set an end that passed lately; if it was extended is not known."""
    expires, steps = entry.get("facts", {}).get("expires"), entry.get("history", ())
    if not isinstance(expires, str) or not steps or LegalStatus(steps[-1]["status"]) not in IN_FORCE:
        return None
    try:
        last = span_of(expires).last
    except ValueError:
        return None
    if not today - lately <= last < today:
        return None
    facts = [("By its own text until", expires), ("Extended", "not known")]
    return thing.event(Happening(EventKind.POLICY_EXPIRED, f"sunset {expires}", "Sunset passed", facts))
