"""Tells what the calendar alone brings: duties that fall due or pass their day, and rules whose own end has come."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.event import Event
from oversight.domain.local_time import today_at
from oversight.services.events_of_duties import LATELY, SOON, due_events
from oversight.services.events_of_policies import sunset_event
from oversight.services.tell import tell
from oversight.services.tell_record import described
from oversight.storage.events import those_told
from oversight.storage.queries.duties import policies_ending, policies_owing
from oversight.storage.revisions import newest


def tell_days(session: Session, *, now: datetime) -> int:
    """Raise what is due today, each once however often it is asked; how many events."""
    events = list(_events(session, now))
    told = those_told(session, events)
    fresh = [event for event in events if (event.kind, event.subject, event.occurrence) not in told]
    for event in fresh:
        tell(session, event, at=now)
    return len(fresh)


def _events(session: Session, now: datetime) -> Iterator[Event]:
    today = now.date()
    days = today - 2 * LATELY, today + 2 * SOON  # the edges are looked at by each place's day
    due = {*policies_owing(session, *days), *policies_ending(session, *days)}
    entries = sorted(newest(session, "policy", due).items())
    known = described(session, "policy", [entry for _, entry in entries])
    for (_, entry), (place, thing) in zip(entries, known, strict=True):
        local = today_at(place.timezone, now)
        yield from due_events(thing, entry, local)
        if sunset := sunset_event(thing, entry, local, lately=LATELY):
            yield sunset
