"""The rows of a comparison about what came of the rules: duties kept or not, and what happened afterwards."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from oversight.domain.compared import Cell, Done, Entry, Home, Owed, Row, Ruled, Side
from oversight.domain.compared_rules import begun, told, unknown
from oversight.domain.duty import DutyKind, DutyState, clock
from oversight.domain.partial_date import span_of
from oversight.domain.policy_standing import FORCES, Force
from oversight.domain.record import Direction, LegalStatus

UNTOLD = (DutyState.NOT_RESEARCHED, DutyState.RECURRING, DutyState.FILED, DutyState.FILED_UNCLEAR)
TAKES_EFFECT = (LegalStatus.ADOPTED, LegalStatus.EFFECTIVE)
NOTHING_LATER = "No later change is recorded."
NO_ACTION = "No letter, lawsuit, audit or report is recorded."


def duty_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """A row for each kind of duty that any side's rules create."""
    given = {duty.kind for side in sides for one in begun(side, as_of) for duty in one.duties}
    return [
        Row(f"Duty: {kind.label[0].lower()}{kind.label[1:]}", tuple(duty_cell(kind, side, as_of) for side in sides))
        for kind in DutyKind
        if kind in given
    ]


def duty_cell(kind: DutyKind, side: Side, as_of: date) -> Cell:
    """The duties of one kind with their clocks."""
    entries = tuple(
        duty_entry(one, duty, as_of) for one in begun(side, as_of) for duty in one.duties if duty.kind is kind
    )
    return Cell(entries) if entries else unknown("No duty of this kind is recorded.")


def duty_entry(ruled: Ruled, duty: Owed, as_of: date) -> Entry:
    """One duty: what is owed, and whether it came."""
    now = clock(duty.facts, as_of)
    days = [f"due {duty.facts.due}" if duty.facts.due else "", f"filed {duty.facts.filed}" if duty.facts.filed else ""]
    late = f"{now.days} day{'' if now.days == 1 else 's'}" if now.days is not None else ""
    lateness = f"{late} to go" if late and now.state is DutyState.DUE else f"{late} late" if late else ""
    return Entry(
        words=duty.rule,
        home=Home("policy", ruled.facts.key, "duties"),
        sign=None if now.state in UNTOLD else now.state.value,
        beside=", ".join(part for part in (*days, lateness) if part) or None,
        mark=now.state,
        sources=(duty.source,) if duty.source else ruled.sources,
    )


def later_row(sides: Sequence[Side], as_of: date) -> Row:
    """What became of the rules: amended, loosened, suspended, repealed."""
    cells = []
    for side in sides:
        entries = tuple(entry for _, entry in sorted(later_steps(side, as_of), key=lambda found: found[0]))
        cells.append(Cell(entries) if entries else unknown(NOTHING_LATER))
    return Row("Changes of the rules", tuple(cells), code="later")


def later_steps(side: Side, as_of: date) -> Iterator[tuple[str, Entry]]:
    """The steps of each policy after it took effect, and the policies that change one; each with its date."""
    for one in begun(side, as_of):
        home = Home("policy", one.facts.key)
        has_begun = False
        for step in one.facts.history:
            has_come = step.date is None or span_of(step.date).first <= as_of
            if has_begun and has_come and step.status not in TAKES_EFFECT:
                words = f"{step.status.label} {step.date or 'on a day not known'}: {one.facts.title}"
                yield step.date or "", Entry(words, home, step.status.value, sources=one.sources)
            has_begun = has_begun or FORCES[step.status] is Force.IN_FORCE
    for one in (*changes_of(side), *side.changing):
        now = told(one, as_of)
        if now.force not in (Force.FUTURE, Force.PENDING, Force.NEVER):
            verb = "Loosened" if one.facts.direction is Direction.LOOSENS else "Tightened"
            entry = Entry(
                f"{verb} by {one.facts.title}",
                Home("policy", one.facts.key),
                verb.lower(),
                beside=now.text,
                sources=one.sources,
            )
            yield now.date or "", entry


def changes_of(side: Side) -> list[Ruled]:
    """The policies of a side that change another of it."""
    keys = {one.facts.key for one in side.policies}
    return [one for one in side.policies if one.facts.amends_key in keys]


def action_row(sides: Sequence[Side], as_of: date) -> Row:
    """Letters, lawsuits, audits and reports about each side up to that day, newest first."""
    return Row(
        "Letters, lawsuits, audits, reports",
        tuple(action_cell(side.actions, as_of) for side in sides),
        code="actions",
    )


def action_cell(actions: Iterable[Done], as_of: date) -> Cell:
    """The actions that had happened by that day; one without a date is taken to have."""
    entries = tuple(
        Entry(
            words=f"{one.kind.label}, {one.date or 'date not known'}: {', '.join(one.actors)}",
            home=Home("action", one.key),
            sign=one.kind.value,
            beside=one.summary,
            sources=one.sources,
        )
        for one in actions
        if one.date is None or span_of(one.date).first <= as_of
    )
    return Cell(entries) if entries else unknown(NO_ACTION)
