"""Reads what the mails of one page have in common: names of places, and the rules of the places they are about."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from oversight.domain.event import About
from oversight.domain.query import Filter, Narrowing, leaves
from oversight.domain.query_names import Names
from oversight.domain.record import Posture
from oversight.services.compose import Pen
from oversight.services.courier import Courier
from oversight.services.diary import Diary, calendar_file
from oversight.storage.models import AlertRow, EventRow, SubscriptionRow
from oversight.storage.queries.calendar import entries_of_meetings
from oversight.storage.queries.centres import centres
from oversight.storage.queries.jurisdictions import names_of, stances
from oversight.storage.stored_queries import read
from oversight.vocabulary.places import load_places

log = logging.getLogger(__name__)


def take_pen(
    session: Session, courier: Courier, alerts: Sequence[AlertRow], others: Sequence[SubscriptionRow] = ()
) -> Pen:
    """A pen for these alerts, and for what others follow."""
    followed = {one.query.text for one in (*(alert.subscription for alert in alerts), *others)}
    names = Names(courier.technologies, load_places(), names_of(session, places_in(followed)), centres(session))
    events = {alert.event_id: alert.event for alert in alerts}
    rules = rules_of(session, events.values(), courier.now().date())
    return Pen(courier.imprint, courier.now(), names, rules, calendars_of(session, courier, events.values()))


def calendars_of(session: Session, courier: Courier, events: Iterable[EventRow]) -> dict[int, str]:
    """The calendar file of each event whose meeting is still to come."""
    meetings = {event.id: event.mention.item.meeting for event in events if event.mention is not None}
    today = courier.now().date()
    coming = {event_id: one.id for event_id, one in meetings.items() if one and one.date and one.date >= today}
    entries = {entry.line.id: entry for entry in entries_of_meetings(session, list(dict.fromkeys(coming.values())))}
    keys = {entry.line.jurisdiction for entry in entries.values() if entry.line.jurisdiction}
    places, diary = names_of(session, keys), Diary(courier.base_url, courier.now())
    files = {}
    for meeting_id, entry in entries.items():
        place = places.get(entry.line.jurisdiction or "", "")
        files[meeting_id] = calendar_file([diary.meeting(entry, place)], title="Oversight").decode("utf-8")
    return {event_id: files[meeting_id] for event_id, meeting_id in coming.items() if meeting_id in files}


def places_in(queries: Iterable[str]) -> set[str]:
    """The keys of the places that stored queries name."""
    named = (leaf for text in queries for leaf in leaves(read(text)) if isinstance(leaf, Narrowing))
    return {leaf.value for leaf in named if leaf.filter is Filter.PLACE}


def rules_of(session: Session, events: Iterable[EventRow], as_of: date) -> dict[int, str]:
    """One line for each event whose place has rules on record: where it stands toward the technology."""
    found: dict[int, str] = {}
    known: dict[str, dict[str, str]] = {}
    for event in events:
        try:
            place, technology = _place_and_technology(event)
        except Exception:  # what is wrong with one event must not keep the others of its page from being told
            log.critical("event %s says nothing that can be read", event.id, exc_info=True)
            continue
        if place and technology:
            if technology not in known:
                known[technology] = _stances(session, technology, as_of)
            if place in known[technology]:
                found[event.id] = known[technology][place]
    return found


def _stances(session: Session, technology: str, as_of: date) -> dict[str, str]:
    known = stances(session, technology=technology, as_of=as_of)
    return {
        place.key: f"The rules there: {stance.posture.label.lower()}. {stance.meaning}"
        for place, stance in known
        if stance.posture is not Posture.NOT_RESEARCHED
    }


def _place_and_technology(event: EventRow) -> tuple[str | None, str | None]:
    if event.mention is not None:
        return event.mention.jurisdiction, next((row.technology for row in event.mention.technologies), None)
    if event.about is None:
        return None, None
    values = dict(reversed(About.from_json(event.about).values))
    return values.get(Filter.PLACE), values.get(Filter.TECHNOLOGY)
