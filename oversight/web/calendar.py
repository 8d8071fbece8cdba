"""The calendar of decisions and duties: a month, a list, and files for calendar programs with the same filters."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from icalendar import Event
from sqlalchemy.orm import Session

from oversight.domain.calendar_entry import EntryKind
from oversight.domain.local_time import today_at
from oversight.domain.month import Month
from oversight.errors import InvalidInput, NotFound
from oversight.services.coverage import coverage_at
from oversight.services.diary import entries_for
from oversight.storage.queries.calendar import (
    MOST,
    CalendarFilter,
    MeetingEntry,
    count_between,
    meeting_entry,
    meetings_between,
    next_meeting_day,
    zone_of,
)
from oversight.storage.queries.duties import DutyEntry, duties_and_late, duties_between, places_on_calendar
from oversight.storage.queries.in_state import states_of
from oversight.storage.queries.jurisdictions import names_of
from oversight.vocabulary import load_vocabulary
from oversight.web.asked import asked_word
from oversight.web.asked_rows import asked_place, asked_state_code
from oversight.web.auth import public
from oversight.web.ical import diary, duty_event, ical_file
from oversight.web.session import now, reading

bp = Blueprint("calendar", __name__)
VIEWS = ("", "list")
BEHIND, AHEAD = timedelta(days=31), timedelta(days=400)


@dataclass(frozen=True)
class Held:
    """What a month holds; `total` counts its meetings, `coming` is the first day after it that has one."""

    meetings: list[MeetingEntry]
    duties: list[DutyEntry]
    late: list[DutyEntry]
    total: int
    coming: date | None

    @property
    def by_day(self) -> dict[date, tuple[list[MeetingEntry], list[DutyEntry]]]:
        """The entries of each day that has any, in the order of the days."""
        found: defaultdict[date, tuple[list[MeetingEntry], list[DutyEntry]]] = defaultdict(lambda: ([], []))
        for meeting in self.meetings:
            if meeting.day:
                found[meeting.day][0].append(meeting)
        for duty in self.duties:
            if duty.day:
                found[duty.day][1].append(duty)
        return dict(sorted(found.items()))

    @property
    def undated(self) -> list[DutyEntry]:
        """Those of which only the month or the year is known."""
        return [one for one in self.duties if one.day is None]


def month_of(session: Session, wanted: CalendarFilter, month: Month, today: date) -> Held:
    """What stands in a month, seen on a day."""
    meetings: list[MeetingEntry] = []
    total, coming = 0, None
    if wanted.takes_meetings:
        meetings = meetings_between(session, wanted, month.first, month.last)
        coming = next_meeting_day(session, wanted, max(month.last, today))
        total = len(meetings)
        total = count_between(session, wanted, month.first, month.last) if total == MOST else total
    duties: list[DutyEntry] = []
    late: list[DutyEntry] = []
    if wanted.takes_duties:
        duties, late = duties_and_late(session, wanted, month.first, month.last, as_of=today)
    return Held(meetings, duties, late, total, coming)


@bp.get("/calendar/")
@public
def index() -> ResponseReturnValue:
    """One month, as weeks or as a list."""
    wanted, view = asked_calendar(), asked_word("view", VIEWS)
    with reading() as session:
        names = names_of(session, {*places_on_calendar(session), *filter(None, [wanted.place])})
        today = today_at(zone_of(session, wanted.place) if wanted.place else None, now())
        month = asked_month(today)
        held = month_of(session, wanted, month, today)
        coverage = coverage_at(session, wanted.place, now=now())
    return render_template(
        "calendar.html",
        wanted=wanted,
        view=view,
        month=month,
        held=held,
        today=today,
        names=names,
        states=states_of(names),
        kinds=list(EntryKind),
        technologies=load_vocabulary().technologies,
        coverage=coverage,
    )


def asked_entries() -> list[MeetingEntry | DutyEntry]:
    """What is on the calendar from a month ago to a good year from now, with the filters of the page."""
    wanted, today = asked_calendar(), now().date()
    first, last = today - BEHIND, today + AHEAD
    with reading() as session:
        meetings = meetings_between(session, wanted, first, last) if wanted.takes_meetings else []
        duties = duties_between(session, wanted, first, last, as_of=today) if wanted.takes_duties else []
    return [*meetings, *duties]


def events_of(entries: Iterable[MeetingEntry | DutyEntry]) -> list[Event]:
    """Entries for calendar programs; those whose day or month is not known have none. At most 500 of each kind."""
    held = list(islice(entries, 2 * MOST))
    meetings = [one for one in held if isinstance(one, MeetingEntry) and one.day][:MOST]
    duties = [one for one in held if isinstance(one, DutyEntry)]
    with reading() as session:
        events = entries_for(session, diary(), meetings)
    return [*events.values(), *(event for one in duties if (event := duty_event(one)))]


@bp.get("/meetings/<row:meeting_id>.ics")
@public
def meeting_file(meeting_id: int) -> Response:
    """One meeting; calendar programs know it again by its UID."""
    with reading() as session:
        entry = meeting_entry(session, meeting_id)
        events = entries_for(session, diary(), [entry])
    if entry.line.date is None:
        raise NotFound("No day of this meeting is known, so it is on no calendar.")
    return ical_file(events.values(), name=f"meeting-{meeting_id}", title=f"{entry.line.body or 'Meeting'}")


def asked_calendar() -> CalendarFilter:
    """What the address narrows the calendar to."""
    technologies = load_vocabulary().technologies
    return CalendarFilter(
        place=asked_place("place"),
        state=asked_state_code(),
        technology=asked_word("technology", technologies),
        kind=asked_word("kind", EntryKind),
    )


def asked_month(today: date) -> Month:
    """The month that the address names, or this one; raises InvalidInput for what is none."""
    try:
        return Month.read(request.args.get("month") or str(Month.of(today)))
    except ValueError as error:
        raise InvalidInput("The address asks for a month that does not exist; write it as 2026-11.") from error
