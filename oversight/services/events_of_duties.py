"""Events of duties: filed by an edit; due soon, and past their day, by the calendar."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from oversight.domain.dated_step import numbered
from oversight.domain.duty import Clock, DutyFacts, DutyKind, DutyState, clock
from oversight.domain.event import Event, EventKind
from oversight.domain.partial_date import span_of
from oversight.domain.provision import FieldState
from oversight.services.tellable import Dated, Entry, Happening, Tellable

SOON = timedelta(days=14)
LATELY = timedelta(days=7)  # a service that was switched off for longer does not tell what passed meanwhile

Duty = Mapping[str, Any]


def filing_events(thing: Tellable, before: Entry, after: Entry) -> list[Dated]:
    """The events of the duties that are filed in a version and were not before."""
    known = {name for name, duty in _duties(before).items() if duty["filed"]}
    return [
        (_event(thing, EventKind.DUTY_FILED, name, duty, ""), duty["filed"])
        for name, duty in _duties(after).items()
        if duty["filed"] and name not in known
    ]


def due_events(thing: Tellable, entry: Entry, today: date) -> list[Event]:
    """The events of the duties that fall due within two weeks, or whose day passed lately with no filing on record."""
    found = []
    for name, duty in _duties(entry).items():
        if duty["due"] is None:
            continue
        last, state = span_of(duty["due"]).last, _clock(duty, today).state
        if state is DutyState.DUE and last - today <= SOON:
            found.append(_event(thing, EventKind.DUTY_DUE, name, duty, ""))
        elif state is DutyState.OVERDUE and today - last <= LATELY:
            found.append(_event(thing, EventKind.DUTY_LATE, name, duty, ", not filed"))
        elif state is DutyState.NOT_RESEARCHED and today - last <= LATELY:
            found.append(_event(thing, EventKind.DUTY_LATE, name, duty, ", no filing recorded"))
    return found


def _event(thing: Tellable, kind: EventKind, name: str, duty: Duty, words: str) -> Event:
    label = DutyKind(duty["kind"]).label
    facts = [("Duty", label), ("Rule", duty["rule"]), ("Due", duty["due"] or ""), ("Filed", duty["filed"] or "")]
    until = str(span_of(duty["due"]).last) if kind is EventKind.DUTY_DUE else None
    return thing.event(Happening(kind, name, f"{label}{words}", facts, until=until))


def _clock(duty: Duty, today: date) -> Clock:
    return clock(DutyFacts(duty["due"], duty["filed"], FieldState(duty["filing"])), today)


def _duties(entry: Entry) -> dict[str, Duty]:
    """The duties, each by what names it: its kind and day, and which of these it is."""
    duties = entry.get("duties", ())
    return dict(zip(numbered(f"{duty['kind']} {duty['due']}" for duty in duties), duties, strict=True))
