"""What Granicus's titles and addresses say: which meeting, of which body, on which day, and what a link leads to."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in
from oversight.domain.reading import Meeting

MEETING_ID = re.compile(r"[?&;](?P<name>clip|event)_id=(?P<query>\d+)|/player/(?P<kind>clip|event)/(?P<path>\d+)", re.I)
AGENDA = re.compile(r"/(?:Generated)?AgendaViewer\.php|/AgendaOnline/|/DocumentViewer\.php", re.I)
MINUTES = re.compile(r"/MinutesViewer\.php", re.I)
VIDEO = re.compile(r"/MediaPlayer\.php|/player/(?:clip|event|camera)/|/videos/\d+", re.I)
PRINTED_DAY = re.compile(r"^(?P<name>.+?)\s+-\s+(?P<day>[A-Z][a-z]{2,8}\.? +\d{1,2}, +\d{4})\s*$", re.S)
SITTING = re.compile(r"^(?P<body>.+?)\s+on\s+(?P<day>\d{4}-\d{1,2}-\d{1,2})\b(?P<rest>.*)$", re.S)
DAY_LAST = re.compile(
    r"^(?P<name>.+?)(?:[\s,–-]+\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\s+[–-]\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2},\s*\d{4})\s*(?:\(.*\))?$"
)
DAY_FIRST = re.compile(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\s*[-–:,]?\s*")
CALLED_OFF = re.compile(r"\s*[-–—:(*]+\s*(?:cancel|postpone|resched)\w*[\s).*-]*$", re.I)
DASHED_DAY = re.compile(r"\b(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})\b")
HOUR_AFTER_DAY = 20  # in `on 2024-10-22 7:00 PM - ...`; an hour later in the title is of something else
LONGEST = 1_000  # of a title; what runs on is a mistake in the page
DAYS_BACK = 30  # recordings are put up late
DAYS_AHEAD = 60  # of the last recording, which may itself be a month old


@dataclass(frozen=True)
class Title:
    """What a title says: the body's name, and the day and hour that the council printed in it."""

    body: str
    day: date | None
    hour: time | None
    is_sitting: bool


def read_title(text: str) -> Title:
    """`City Council on 2024-10-22 7:00 PM - Oct 29, 2024` in its parts: the day of the name is the meeting's own.

    The day at the end is the recording's; it stands for the meeting's where the name has none.
    """
    text = " ".join(text.split())[:LONGEST]
    ending = PRINTED_DAY.match(text)
    name, last = (ending.group("name"), day_in(ending.group("day"))) if ending else (text, None)
    sitting = SITTING.match(name)
    if sitting and (day := day_in(sitting.group("day"))):
        return Title(_without_status(sitting.group("body")), day, hour_in(sitting.group("rest")[:HOUR_AFTER_DAY]), True)
    own = written_day(name)
    dated = DAY_LAST.match(name)
    body = _without_status(DAY_FIRST.sub("", dated.group("name") if dated else name))
    return Title(body or name, last or own, hour_in(name), False)


def written_day(text: str) -> date | None:
    """The first day in a text, also where it is written `02-10-22`."""
    return day_in(DASHED_DAY.sub(r"\1/\2/\3", text))


def meeting_id(*addresses: str | None) -> str | None:
    """The platform's id of the meeting that any of the addresses is about: of its recording, else of its calendar."""
    found = [match for address in addresses if address for match in MEETING_ID.finditer(address)]
    said = [((match["name"] or match["kind"]).lower(), match["query"] or match["path"]) for match in found]
    for kind in ("clip", "event"):
        number = next((number for name, number in said if name == kind), None)
        if number is not None:
            return f"{kind}-{number}"
    return None


def unnumbered_id(day: date | None, name: str) -> str:
    """An id for a meeting to which the platform gives none."""
    return f"day-{day.isoformat() if day else 'unknown'}-{digest(name.casefold())[:12]}"


def recent(meetings: list[Meeting]) -> list[Meeting]:
    """Those whose agendas are worth asking for: an archive reaches back twenty years, a calendar ahead for one.

    What is recent is told by the last recording, else by the first meeting ahead: a page is read without a clock.
    """
    recorded = [meeting.date for meeting in meetings if meeting.date and meeting.uid.startswith("clip-")]
    dated = [meeting.date for meeting in meetings if meeting.date]
    if not dated:
        return meetings
    anchor = max(recorded, default=min(dated))
    first, last = timedelta(days=-DAYS_BACK), timedelta(days=DAYS_AHEAD)
    return [meeting for meeting in meetings if meeting.date is None or first <= meeting.date - anchor <= last]


def _without_status(name: str) -> str:
    return CALLED_OFF.sub("", name).strip(" -–")
