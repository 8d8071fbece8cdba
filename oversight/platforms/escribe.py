"""eSCRIBE: the calendar of a council's portal, and the agenda pages of its meetings.

The calendar is a POST whose body names the days. A feed's `url` is its address, such as
https://pub-chulavista.escribemeetings.com/MeetingsCalendarView.aspx/GetCalendarMeetings
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oversight.domain.cleaning import text_of_html
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute
from oversight.domain.reading import Days, Document, Meeting, MeetingStatus, Reading, joined
from oversight.domain.web_query import host_of, origin_of
from oversight.domain.window import calendar_days
from oversight.platforms import register
from oversight.platforms.escribe_agenda import read_agenda
from oversight.platforms.json_rows import Row, document_of, is_json, parse_json, refused, rows, text, wall_clock

CALENDAR = "MeetingsCalendarView.aspx/GetCalendarMeetings"
HOST = re.compile(r"(?!www\.)[a-z0-9-]+\.escribemeetings\.com", re.I)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
MILLISECONDS = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
AGENDAS = ("Merged", "Agenda", "PostAgenda", "AgendaCover")
MINUTES = ("PostMinutes", "Minutes")
# The minutes' page is the agenda's with what was decided.
PAGES = (*MINUTES, "Merged", "Agenda", "PostAgenda")


@register("escribe")
class Escribe:
    """One calendar question a poll, and the page of each meeting whose row changed."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        host = host_of(address)
        return f"https://{host}/{CALENDAR}" if HOST.fullmatch(host) else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        until = days.last + timedelta(days=1)
        body = json.dumps({"calendarStartDate": days.first.isoformat(), "calendarEndDate": until.isoformat()})
        return [Request(f"{origin_of(feed.url)}/{CALENDAR}", accept="application/json", body=body)]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        document = document_of(answer)
        return _read_calendar(feed, answer, document) if is_json(document) else read_agenda(feed, answer)


@dataclass(frozen=True)
class _Paper:
    """One document of a meeting, in one form: a file, a page of the portal, or a video."""

    type: str
    format: str
    title: str | None
    url: str

    @property
    def is_page(self) -> bool:
        return self.format == "html" or "/meeting.aspx" in self.url.casefold()

    @property
    def is_video(self) -> bool:
        return "video" in (self.type.casefold(), self.format)


def _read_calendar(feed: Feed, answer: Answer, document: str) -> Reading:
    parsed = parse_json(document)
    listed = parsed.get("d") if isinstance(parsed, dict) else parsed
    if isinstance(listed, str) and is_json(listed):
        listed = parse_json(listed)
    known = [row for row in rows(listed) if text(row, "ID") and text(row, "StartDate", "MeetingName")]
    if not isinstance(listed, list) or (listed and not known):
        raise refused(parsed, "calendar of meetings")
    found = joined(_read_meeting(row, feed, answer) for row in known)
    lost = len(listed) - len(known)
    return replace(
        found,
        meetings=tuple({meeting.uid: meeting for meeting in found.meetings}.values()),
        warnings=(f"{lost} rows are no meetings",) if lost else (),
        covers=_covered(answer),
    )


def _covered(answer: Answer) -> Days | None:
    """The days that the question named; whether its last one is included is not said."""
    body = answer.request.body if answer.request else None
    try:
        asked = json.loads(body or "{}")
        first, end = (date.fromisoformat(asked[name]) for name in ("calendarStartDate", "calendarEndDate"))
    except (ValueError, KeyError, TypeError):
        return None
    return Days(first, end - timedelta(days=1)) if first < end else None


def _read_meeting(row: Row, feed: Feed, answer: Answer) -> Reading:
    own = absolute(text(row, "Url"), answer.url or feed.url)
    site = f"{origin_of(own or answer.url or feed.url)}/"
    identifier = (text(row, "ID") or "").lower()
    uid = f"meeting-{identifier}"
    papers = list(_papers(row, site))
    day, starts_at = _starts_at(row, feed)
    agenda, minutes = _first(papers, AGENDAS), _first(papers, MINUTES)
    videos = [paper.url for paper in papers if paper.is_video]
    url = own or f"{site}Meeting.aspx?Id={identifier}"
    meeting = Meeting(
        uid=uid,
        body=text(row, "MeetingType", "MeetingName"),
        date=day,
        starts_at=starts_at,
        timezone=feed.timezone,
        status=_status(row, papers),
        location=_location(row),
        url=url,
        agenda_url=agenda.url if agenda else None,
        minutes_url=minutes.url if minutes else None,
        video_url=next(iter(videos), absolute(text(row, "VideoUrl"), site)),
        how_to_comment=_how_to_comment(row, url, site),
    )
    documents = [paper for paper in papers if not paper.is_video]
    page = _page(row, papers, f"{site}Meeting.aspx?Id={identifier}&Agenda=Merged&lang=English")
    question = Request(page, "text/html", _revision(row), day, uid) if page else None
    return Reading(
        meetings=(meeting,),
        documents=tuple(Document(paper.url, paper.title, _media_type(paper), meeting_uid=uid) for paper in documents),
        next=(question,) if question and GUID.fullmatch(identifier) else (),
    )


def _revision(row: Row) -> str:
    """The row without a link whose label says what day it is."""
    return digest(json.dumps({name: row[name] for name in row if name != "LiveVideoStandAloneLink"}, sort_keys=True))


def _papers(row: Row, site: str) -> Iterator[_Paper]:
    for link in rows(row.get("MeetingDocumentLink")):
        address = absolute(text(link, "Url"), site)
        if address:
            form = (text(link, "Format") or "").casefold()
            yield _Paper(text(link, "Type") or "", form, text(link, "Title"), address)


def _first(papers: list[_Paper], types: tuple[str, ...]) -> _Paper | None:
    """The paper of the best type, as a file before as a page."""
    fitting = [paper for paper in papers if paper.type in types and not paper.is_video]
    return min(fitting, key=lambda paper: (types.index(paper.type), paper.is_page), default=None)


def _page(row: Row, papers: list[_Paper], otherwise: str) -> str | None:
    """The page to read items from; a portal that lists none may have one all the same."""
    listed = _first([paper for paper in papers if paper.is_page], PAGES)
    return listed.url if listed else (otherwise if row.get("HasAgenda") is True else None)


def _media_type(paper: _Paper) -> str | None:
    return "text/html" if paper.is_page else {".pdf": "application/pdf"}.get(paper.format)


def _starts_at(row: Row, feed: Feed) -> tuple[date | None, datetime | None]:
    """The local day and hour; what the clerk wrote over the hour ("after the hearing") counts before it."""
    moment = _moment(text(row, "StartDate"), feed.timezone)
    day, hour = (moment.date(), moment.time()) if moment else wall_clock(text(row, "StartDate"))
    instead = text(row, "TimeOverride")
    hour = hour_in(text_of_html(instead)) if instead else hour
    return day, in_zone(day, hour, feed.timezone) if hour and hour != time() else None


def _moment(written: str | None, timezone: str | None) -> datetime | None:
    """The form of ASP.NET: milliseconds since 1970, in UTC."""
    match = MILLISECONDS.search(written or "")
    if match is None:
        return None
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match.group(1)))
        moment = moment.astimezone(ZoneInfo(timezone)) if timezone else moment
    except (OverflowError, ValueError, ZoneInfoNotFoundError):
        return None
    return moment if moment.year > 1900 else None


def _status(row: Row, papers: list[_Paper]) -> MeetingStatus:
    """A cancelled meeting keeps its row: its name or a notice among its papers says so."""
    notices = (paper.title for paper in papers if re.search("cancel", paper.title or "", re.I))
    place = text_of_html(text(row, "Description") or "")
    if status_said(place, *notices) is MeetingStatus.CANCELLED:
        return MeetingStatus.CANCELLED
    otherwise = MeetingStatus.CONFIRMED if row.get("HasAgenda") is True else MeetingStatus.UNKNOWN
    return status_said(text(row, "MeetingName"), text(row, "TimeOverride"), otherwise=otherwise)


def _location(row: Row) -> str | None:
    """The description is the place with its address, or something else."""
    place = text(row, "Location")
    described = ", ".join(
        line.strip(" ,") for line in text_of_html(text(row, "Description") or "").split("\n") if line.strip()
    )
    return (described or None) if place is None or place in described else place


def _how_to_comment(row: Row, url: str, site: str) -> str | None:
    link = text(row, "DelegationRequestLink")
    href = re.search(r"href\s*=\s*[\"']([^\"']+)", link or "")
    asked = absolute(href.group(1) if href else link, site) if link else None
    return asked or (url if row.get("AllowPublicComments") is True else None)
