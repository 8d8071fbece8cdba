"""The files of a CivicPlus Agenda Center: `/AgendaCenter/ViewFile/Agenda/_MMDDYYYY-NNN`, where NNN is the meeting."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from oversight.domain.reading import Days, Meeting, MeetingStatus, Reading

FILE = re.compile(
    r"/AgendaCenter/ViewFile/(?:Item/)?(?P<kind>[A-Za-z]+)/_(?P<day>(?P<month>\d\d)(?P<of>\d\d)(?P<year>\d{4}))-(?P<id>\d+)",
    re.I,
)


def day_of_file(match: re.Match[str]) -> date | None:
    """The meeting's day, as the address of its file says."""
    try:
        return date(int(match["year"]), int(match["month"]), int(match["of"]))
    except ValueError:
        return None


def unlike(uids: list[str], days: list[date | None]) -> list[str]:
    """The ids, with the day where one id stands for several days of an answer."""
    days_of: dict[str, set[date | None]] = {}
    for uid, day in zip(uids, days, strict=True):
        days_of.setdefault(uid, set()).add(day)
    return [f"{uid}-{day}" if len(days_of[uid]) > 1 else uid for uid, day in zip(uids, days, strict=True)]


def merged(reading: Reading, covers: Days | None = None) -> Reading:
    """The reading with one of each meeting and document: an agenda and its minutes may be listed apart."""
    meetings: dict[str, Meeting] = {}
    for meeting in reading.meetings:
        known = meetings.get(meeting.uid)
        meetings[meeting.uid] = meeting if known is None else _completed(known, meeting)
    documents = {document.url: document for document in reading.documents}
    return replace(reading, meetings=tuple(meetings.values()), documents=tuple(documents.values()), covers=covers)


def _completed(known: Meeting, other: Meeting) -> Meeting:
    """What is known first, with the addresses and the status that only the other sighting tells."""
    return replace(
        known,
        agenda_url=known.agenda_url or other.agenda_url,
        minutes_url=known.minutes_url or other.minutes_url,
        video_url=known.video_url or other.video_url,
        status=_first(status for status in (known.status, other.status) if status is not MeetingStatus.UNKNOWN),
    )


def _first(statuses: Iterable[MeetingStatus]) -> MeetingStatus:
    return next(iter(statuses), MeetingStatus.UNKNOWN)
