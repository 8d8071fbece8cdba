"""Entries of calendar programs (RFC 5545), for the calendar's files and for mails alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from oversight import VERSION
from oversight.domain.cleaning import clean_link
from oversight.domain.meeting_change import CALLED_OFF
from oversight.domain.printable import printable
from oversight.domain.reading import MeetingStatus
from oversight.domain.said_time import day, hour_in
from oversight.storage.queries.calendar import MeetingEntry
from oversight.storage.queries.jurisdictions import names_of

MOST_MENTIONS = 5
ASK_AGAIN = timedelta(hours=6)
STATUSES = {
    MeetingStatus.CONFIRMED: "CONFIRMED",
    MeetingStatus.PASSED: "CONFIRMED",
    MeetingStatus.CANCELLED: "CANCELLED",
    MeetingStatus.RESCHEDULED: "CANCELLED",  # at this time it does not take place
}


def calendar_file(events: Iterable[Event], *, title: str) -> bytes:
    """The file."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Oversight//Oversight {VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")  # as the head of a mail's part says it (RFC 6047)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@dataclass(frozen=True)
class Diary:
    """Makes entries whose links lead to the site at `base_url`, as of a moment."""

    base_url: str
    now: datetime

    def entry(self, identity: str, page: str, revised_at: datetime | None, sequence: int = 0) -> Event:
        """An entry without its time and its words; the same identity is the same entry in every file."""
        event = Event()
        event.add("uid", f"{identity}@{urlsplit(self.base_url).hostname}")
        moment = revised_at or datetime.combine(self.now.date(), time(), UTC)
        event.add("dtstamp", moment)
        event.add("last-modified", moment)
        event.add("sequence", sequence)
        event.add("url", page)
        return event

    def meeting(self, entry: MeetingEntry, place: str) -> Event:
        """One meeting, in UTC; on the whole day where its hour is not known."""
        line = entry.line
        page = self._page(line.id)
        event = self.entry(f"meeting-{line.id}", page, entry.revised.last_at, entry.revised.count)
        event.add("summary", printable(f"{_mark(entry)}{line.body or 'Meeting'}, {place}"))
        if line.starts_at:
            event.add("dtstart", line.starts_at.astimezone(UTC))
        elif line.date:
            event.add("dtstart", line.date)
        status = STATUSES.get(line.status, "TENTATIVE")
        event.add("status", "TENTATIVE" if line.vanished_at and status != "CANCELLED" else status)
        if line.location:
            event.add("location", printable(line.location))
        event.add("description", printable("\n".join(self._words(entry, page))))
        if status == "CANCELLED":
            event.add("transp", "TRANSPARENT")
        return event

    def _words(self, entry: MeetingEntry, page: str) -> Sequence[str]:
        line = entry.line
        hour = hour_in(line.starts_at, line.timezone)
        words = [f"{day(line.date)}, {hour} at the place of the meeting. {line.status.label}."]
        if line.vanished_at:
            words.append(
                f"Its feed stopped listing it on {day(line.vanished_at)}; nobody has said that it is cancelled."
            )
        if entry.moved_to:
            words.append(f"Its place was taken by {self._page(entry.moved_to.id)}")
        words += [f"On the agenda: {one.title}" for one in entry.mentions[:MOST_MENTIONS]]
        if len(entry.mentions) > MOST_MENTIONS:
            words.append(f"and {len(entry.mentions) - MOST_MENTIONS} more mentions")
        words.append(f"How to comment: {entry.how_to_comment or 'the feed does not tell; the agenda usually does.'}")
        for label, address in (("Agenda", line.agenda_url), ("Source", line.url or line.agenda_url)):
            link = clean_link(address)
            words += [f"{label}: {link}"] if link else []
        return [*words, f"This meeting, with what changed about it: {page}"]

    def _page(self, meeting_id: int) -> str:
        return f"{self.base_url}/meetings/{meeting_id}"


def entries_for(session: Session, diary: Diary, meetings: Sequence[MeetingEntry]) -> dict[int, Event]:
    """The entry of each of these meetings, by its id; the names of their places are looked up at once."""
    places = names_of(session, {one.line.jurisdiction for one in meetings if one.line.jurisdiction})
    return {
        one.line.id: diary.meeting(one, places.get(one.line.jurisdiction or "", "place not known")) for one in meetings
    }


def _mark(entry: MeetingEntry) -> str:
    if entry.line.status in CALLED_OFF:
        return f"{entry.line.status.label}: "
    return "Cancelled? " if entry.line.vanished_at else ""
