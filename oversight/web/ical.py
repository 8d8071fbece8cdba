"""Entries of the calendar as iCalendar files (RFC 5545) that any calendar program reads, and reads again."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, url_for
from icalendar import Calendar, Event

from oversight import VERSION
from oversight.domain.cleaning import clean_link
from oversight.domain.event import Told
from oversight.domain.meeting_change import CALLED_OFF
from oversight.domain.partial_date import Span
from oversight.domain.printable import printable
from oversight.domain.reading import MeetingStatus
from oversight.storage.queries.calendar import MeetingEntry
from oversight.storage.queries.duties import DutyEntry, is_late
from oversight.web.presentation import day, hour, partial
from oversight.web.session import now, wiring

MOST_MENTIONS = 5
ASK_AGAIN = timedelta(hours=6)
LONGEST_SPAN = timedelta(days=31)
STATUSES = {
    MeetingStatus.CONFIRMED: "CONFIRMED",
    MeetingStatus.PASSED: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
    MeetingStatus.RESCHEDULED: "CANCELLED",  # at this time it does not take place
}


def ical_file(events: Iterable[Event], *, name: str, title: str) -> Response:
    """The file; whoever asks again for what has not changed is told so."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Oversight//Oversight {VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(event)
    answer = Response(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def meeting_event(entry: MeetingEntry, place: str) -> Event:
    """One meeting, in UTC; on the whole day where its hour is not known."""
    line = entry.line
    page = absolute("meetings.show", meeting_id=line.id)
    event = _event(f"meeting-{line.id}", entry.revised.last_at, entry.revised.count, page)
    event.add("summary", printable(f"{_mark(entry)}{line.body or 'Meeting'}, {place}"))
    if line.starts_at:
        event.add("dtstart", line.starts_at.astimezone(UTC))
    elif line.date:
        event.add("dtstart", line.date)
    status = STATUSES.get(line.status, "TENTATIVE")
    event.add("status", "TENTATIVE" if line.vanished_at and status != "CANCELLED" else status)
    if line.location:
        event.add("location", printable(line.location))
    event.add("description", printable("\n".join(_meeting_words(entry, page))))
    if status == "CANCELLED":
        event.add("transp", "TRANSPARENT")
    return event


def duty_event(entry: DutyEntry) -> Event | None:
    """One duty, on its day or over the month that it is due in; None where only the year is known."""
    if entry.span.last - entry.span.first > LONGEST_SPAN:
        return None
    line, page = entry.line, absolute("policies.show", key=entry.policy_key)
    event = _event(f"duty-{entry.policy_key}-{entry.position}", entry.revised_at, entry.version - 1, page)
    event.add("summary", printable(f"Due: {line.kind.label}, {entry.jurisdiction}"))
    _add_days(event, entry.span)
    event.add("transp", "TRANSPARENT")
    source = clean_link(line.source.url) if line.source else None
    words = [f"{entry.policy}: {line.rule}", f"Due {partial(line.due)}.", f"{line.clock.state.label}."]
    words += [f"Filed {partial(line.filed)}."] if line.filed else []
    words += ["Nobody has recorded that it was filed."] if is_late(entry) else []
    event.add("description", printable("\n".join([*words, f"Source: {source or 'in the record'}", f"Record: {page}"])))
    return event


def told_event(told: Told, *, on: date | datetime, words: str, at: datetime) -> Event:
    """What is decided or due at a moment, or on a day, as it was told."""
    page = wiring().settings.base_url + told.path
    event = _event(f"told-{told.path.strip('/').replace('/', '-')}", at, 0, page)
    event.add("summary", printable(f"{told.place}: {told.title}" if told.place else told.title))
    event.add("dtstart", on.astimezone(UTC) if isinstance(on, datetime) else on)
    event.add("description", printable(f"{words}\n{page}"))
    return event


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a page of this site as others must write it."""
    return wiring().settings.base_url + url_for(endpoint, **values)


def _event(identity: str, revised_at: datetime | None, sequence: int, page: str) -> Event:
    event = Event()
    host = urlsplit(wiring().settings.base_url).hostname
    event.add("uid", f"{identity}@{host}")
    moment = revised_at or datetime.combine(now().date(), time(), UTC)
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("sequence", sequence)
    event.add("url", page)
    return event


def _add_days(event: Event, span: Span) -> None:
    event.add("dtstart", span.first)
    event.add("dtend", span.last + timedelta(days=1))


def _mark(entry: MeetingEntry) -> str:
    if entry.line.status in CALLED_OFF:
        return f"{entry.line.status.label}: "
    return "Cancelled? " if entry.line.vanished_at else ""


def _meeting_words(entry: MeetingEntry, page: str) -> Sequence[str]:
    line = entry.line
    words = [f"{day(line.date)}, {hour(line)} at the place of the meeting. {line.status.label}."]
    if line.vanished_at:
        words.append(f"Its feed stopped listing it on {day(line.vanished_at)}; nobody has said that it is cancelled.")
    if entry.moved_to:
        words.append(f"Its place was taken by {absolute('meetings.show', meeting_id=entry.moved_to.id)}")
    words += [f"On the agenda: {one.title}" for one in entry.mentions[:MOST_MENTIONS]]
    if len(entry.mentions) > MOST_MENTIONS:
        words.append(f"and {len(entry.mentions) - MOST_MENTIONS} more mentions")
    words.append(f"How to comment: {entry.how_to_comment or 'the feed does not tell; the agenda usually does.'}")
    for label, address in (("Agenda", line.agenda_url), ("Source", line.url or line.agenda_url)):
        link = clean_link(address)
        words += [f"{label}: {link}"] if link else []
    return [*words, f"This meeting, with what changed about it: {page}"]
