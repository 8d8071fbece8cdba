"""Entries of the calendar as iCalendar files (RFC 5545) that any calendar program reads, and reads again."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, request, url_for
from icalendar import Event

from oversight.domain.cleaning import clean_link
from oversight.domain.event import Told
from oversight.domain.partial_date import Span
from oversight.domain.printable import printable
from oversight.services.diary import Diary, calendar_file
from oversight.storage.queries.duties import DutyEntry, is_late
from oversight.web.presentation import partial
from oversight.web.session import now, wiring

LONGEST_SPAN = timedelta(days=31)


def ical_file(events: Iterable[Event], *, name: str, title: str) -> Response:
    """The file; whoever asks again for what has not changed is told so."""
    answer = Response(calendar_file(events, title=title), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def duty_event(entry: DutyEntry) -> Event | None:
    """One duty, on its day or over the month that it is due in; None where only the year is known."""
    if entry.span.last - entry.span.first > LONGEST_SPAN:
        return None
    line, page = entry.line, absolute("policies.show", key=entry.policy_key)
    identity = f"duty-{entry.policy_key}-{entry.position}"
    event = diary().entry(identity, page, entry.revised_at, entry.version - 1)
    event.add("summary", printable(f"Due: {line.kind.label}, {entry.jurisdiction}"))
    _add_days(event, entry.span)
    event.add("transp", "TRANSPARENT")
    source = clean_link(line.source.url) if line.source else None
    words = [f"{entry.policy}: {line.rule}", f"Due {partial(line.due)}.", f"{line.clock.state.label}."]
    words += [f"Filed {partial(line.filed)}."] if line.filed else []
    words += ["Nobody has recorded that it was filed."] if is_late(entry) else []
    event.add("description", printable("\n".join([*words, f"Source: {source or 'in the record'}", f"Record: {page}"])))
    return event


def told_event(told: Told, *, on: date, words: str, at: datetime) -> Event:
    """What is decided or due on a day, as it was told."""
    page = wiring().settings.base_url + told.path
    event = diary().entry(f"told-{told.path.strip('/').replace('/', '-')}-{on.isoformat()}", page, at)
    event.add("summary", printable(f"{told.place}: {told.title}" if told.place else told.title))
    event.add("dtstart", on)
    event.add("description", printable(f"{words}\n{page}"))
    return event


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a page of this site as others must write it."""
    return wiring().settings.base_url + url_for(endpoint, **values)


def diary() -> Diary:
    """Who makes entries of this site."""
    return Diary(wiring().settings.base_url, now())


def _add_days(event: Event, span: Span) -> None:
    event.add("dtstart", span.first)
    event.add("dtend", span.last + timedelta(days=1))
