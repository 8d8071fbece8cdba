"""Tells what the calendar alone brings: duties that fall due or pass their day, and rules whose own end has come."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.event import Event
from oversight.domain.local_time import today_at
from oversight.services.events_of_duties import LATELY, SOON, due_events
from oversight.services.events_of_policies import sunset_event
from oversight.services.tell import tell
from oversight.services.tell_record import place_of, thing_of
from oversight.storage.events import is_told
from oversight.storage.models import PolicyRow
from oversight.storage.queries.duties import policies_owing
from oversight.storage.revisions import last_revision


def tell_days(session: Session, *, now: datetime) -> int:
    """Raise what is due today, each once however often it is asked; how many events."""
    today = now.date()
    owing = policies_owing(session, today - 2 * LATELY, today + 2 * SOON)  # the edges are looked at by each place's day
    ending = [key for key, facts in session.execute(select(PolicyRow.key, PolicyRow.facts)) if facts.get("expires")]
    told = 0
    for key in sorted({*owing, *ending}):
        for event in _events_of(session, key, now=now):
            if not is_told(session, event.kind, event.subject, event.occurrence):
                tell(session, event, at=now)
                told += 1
    return told


def _events_of(session: Session, key: str, *, now: datetime) -> list[Event]:
    revision = last_revision(session, "policy", key)
    if revision is None:
        return []
    place = place_of(session, revision.after)
    thing, today = thing_of(session, "policy", revision.after, place), today_at(place.timezone, now)
    sunset = sunset_event(thing, revision.after, today, lately=LATELY)
    return [*due_events(thing, revision.after, today), *([sunset] if sunset else [])]
