"""Reads what the mails of one page have in common: names of places, and the rules of the places they are about."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from sqlalchemy.orm import Session

from oversight.domain.event import About
from oversight.domain.letter import Link, Part, say
from oversight.domain.local_time import day_not_over
from oversight.domain.posture import MEANINGS, Stance
from oversight.domain.query import Filter, Narrowing, leaves
from oversight.domain.query_names import Names
from oversight.domain.record import Posture
from oversight.services.compose import Pen
from oversight.services.courier import Courier
from oversight.services.diary import Diary, calendar_file, entries_for
from oversight.services.telling import lowered
from oversight.services.told import told_of
from oversight.storage.models import AlertRow, EventRow, SubscriptionRow
from oversight.storage.queries.calendar import entries_of_meetings
from oversight.storage.queries.centres import centres
from oversight.storage.queries.jurisdictions import Recorded, names_of, stances
from oversight.storage.stored_queries import read
from oversight.vocabulary.places import load_places

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bearing:
    """What leads from an event to rules and to calendars: a place, technologies, the meetings that it is about."""

    place: str | None
    technologies: tuple[str, ...]
    meetings: tuple[int, ...]


def take_pen(
    session: Session, courier: Courier, alerts: Sequence[AlertRow], others: Sequence[SubscriptionRow] = ()
) -> Pen:
    """A pen for these alerts, and for what others follow."""
    followed = {one.query.text for one in (*(alert.subscription for alert in alerts), *others)}
    names = Names(courier.technologies, load_places(), names_of(session, places_in(followed)), centres(session))
    events = {alert.event_id: alert.event for alert in alerts}
    bearings = _bearings(events.values())
    rules = rules_of(session, courier, bearings)
    meetings = {event_id: one.meetings for event_id, one in bearings.items() if one.meetings}
    return Pen(courier.imprint, courier.now(), names, rules, calendars_of(session, courier, meetings))


def calendars_of(session: Session, courier: Courier, meetings: Mapping[int, tuple[int, ...]]) -> dict[int, str]:
    """The calendar file of each event, of those of its meetings whose day is still to come, called off or not."""
    if not meetings:
        return {}
    now = courier.now()
    known = entries_of_meetings(session, list({one for ones in meetings.values() for one in ones}))
    coming = [one for one in known if one.day and one.day >= day_not_over(one.line.timezone, now)]
    entries = entries_for(session, Diary(courier.base_url, now), coming)
    files = {}
    for ones in set(meetings.values()):
        shown = [entries[one] for one in ones if one in entries]
        if shown:
            files[ones] = calendar_file(shown, title="Oversight").decode("utf-8")
    return {event_id: files[ones] for event_id, ones in meetings.items() if ones in files}


def places_in(queries: Iterable[str]) -> set[str]:
    """The keys of the places that stored queries name."""
    named = (leaf for text in queries for leaf in leaves(read(text)) if isinstance(leaf, Narrowing))
    return {leaf.value for leaf in named if leaf.filter is Filter.PLACE}


def rules_of(session: Session, courier: Courier, bearings: Mapping[int, Bearing]) -> dict[int, tuple[Part, ...]]:
    """For each event whose place has rules on record: where that place stands toward each of its technologies."""
    codes = {code for one in bearings.values() if one.place for code in one.technologies}
    known = {code: _stances(session, code, courier.now().date()) for code in codes}
    found = {}
    for event_id, one in bearings.items():
        ruled = [(code, *known[code][one.place]) for code in one.technologies if one.place in known.get(code, ())]
        if ruled:
            found[event_id] = tuple(_rules_told(ruled, courier))
    return found


def _rules_told(ruled: Sequence[tuple[str, Recorded, Stance]], courier: Courier) -> Iterator[Part]:
    """A sentence for all the technologies toward which a place stands alike, and the page that says why and by what."""
    place = ruled[0][1]
    alike: dict[tuple[Posture, bool], list[str]] = {}
    for code, _, stance in ruled:
        alike.setdefault((stance.posture, stance.is_certain), []).append(lowered(courier.technologies[code]))
    for (posture, is_certain), labels in alike.items():
        rule = f"{posture.label.lower()}{'' if is_certain else ' (not certain)'}. {MEANINGS[posture]}"
        yield say(f"The rules of {place.name} on {', '.join(dict.fromkeys(labels))}: {rule}")
    address = f"{courier.base_url}/jurisdictions/{quote(place.key, safe='/:')}"
    yield Link(f"The rules of {place.name}, with reasons and sources", address)


def _stances(session: Session, technology: str, as_of: date) -> dict[str | None, tuple[Recorded, Stance]]:
    known = stances(session, technology=technology, as_of=as_of)
    return {place.key: (place, stance) for place, stance in known if stance.posture is not Posture.NOT_RESEARCHED}


def _bearings(events: Iterable[EventRow]) -> dict[int, Bearing]:
    """What each event that can be read bears on."""
    found = {}
    for event in events:
        try:
            found[event.id] = _bearing(event)
        except Exception:  # what is wrong with one event must not keep the others of its page from being told
            log.critical("event %s says nothing that can be read", event.id, exc_info=True)
    return found


def _bearing(event: EventRow) -> Bearing:
    meetings = told_of(event).meetings
    if event.mention is not None:
        technologies = tuple(row.technology for row in event.mention.technologies)
        return Bearing(event.mention.jurisdiction, technologies, meetings)
    values = About.from_json(event.about).values if event.about is not None else ()
    place = next((value for name, value in values if name is Filter.PLACE), None)
    return Bearing(place, tuple(value for name, value in values if name is Filter.TECHNOLOGY), meetings)
