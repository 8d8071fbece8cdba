"""PrimeGov's public portal: the meetings to come, those of the year, and the agendas that are published as pages.

The portal's JSON needs no key. A meeting leaves the upcoming list once it is over, so both lists are asked. A feed's
`url` is either list, such as https://lacity.primegov.com/api/v2/PublicPortal/ListUpcomingMeetings.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from oversight.domain.asked_days import beside, days_beside, is_asked
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute
from oversight.domain.reading import Days, Document, Meeting, MeetingStatus, Reading, joined
from oversight.domain.web_query import host_of, origin_of
from oversight.domain.window import DAYS_AHEAD, calendar_days
from oversight.platforms import register
from oversight.platforms.json_rows import Row, document_of, is_json, number, parse_json, refused, rows, text, wall_clock
from oversight.platforms.primegov_agenda import read_agenda

ACCEPT = "application/json"
API = "/api/v2/PublicPortal"
HOST = re.compile(r"(?!www\.)[a-z0-9-]+\.primegov\.com", re.I)
PDF, PAGE = 1, 3
RECESS = re.compile(r"[-–—(]\s*recess\s*\)?\s*$", re.I)


@register("primegov")
class PrimeGov:
    """Two lists a poll (three in January), and the agenda pages of meetings that are near."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        host = host_of(address)
        return f"https://{host}{API}/ListUpcomingMeetings" if HOST.fullmatch(host) else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        archives = [f"ListArchivedMeetings?year={year}" for year in sorted({days.first.year, state.now.year})]
        lists = ["ListUpcomingMeetings", *archives]
        return [Request(beside(f"{origin_of(feed.url)}{API}/{name}", days), accept=ACCEPT) for name in lists]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        document = document_of(answer)
        return _read_list(feed, answer, document) if is_json(document) else read_agenda(feed, answer)


@dataclass(frozen=True)
class _Paper:
    """One published document of a meeting, in one of its forms (`output` 1 is PDF, 3 a page of the portal)."""

    name: str
    url: str
    output: int | None

    @property
    def kind(self) -> str:
        return self.name.casefold().removeprefix("html ")

    @property
    def is_agenda(self) -> bool:
        return "agenda" in self.kind and "minutes" not in self.kind and "cancel" not in self.kind

    def rank(self, kind: str) -> tuple[bool, int]:
        """What to link first: the plain agenda or minutes before its variants, a PDF before a page."""
        return self.kind != kind, {PDF: 0, PAGE: 1}.get(self.output or 0, 2)


def _read_list(feed: Feed, answer: Answer, document: str) -> Reading:
    parsed = parse_json(document)
    if not isinstance(parsed, list):
        raise refused(parsed, "list of meetings")
    known = [row for row in rows(parsed) if _is_meeting(row)]
    if parsed and not known:
        raise refused(parsed, "list of meetings")
    asked = days_beside(answer)
    site = origin_of(answer.url or feed.url)
    found = joined(_read_meeting(row, feed, site, asked) for row in known)
    lost = len(parsed) - len(known)
    return replace(
        found,
        meetings=tuple({meeting.uid: meeting for meeting in found.meetings}.values()),
        warnings=(f"{lost} rows are no meetings",) if lost else (),
        covers=_covered(answer, asked),
    )


def _is_meeting(row: Row) -> bool:
    return number(row, "id") is not None and bool(text(row, "dateTime", "date") or rows(row.get("documentList")))


def _covered(answer: Answer, asked: Days | None) -> Days | None:
    """From tomorrow on the upcoming list is complete; today's meetings leave it when they end."""
    if asked is None or answer.request is None or "ListUpcomingMeetings" not in answer.request.url:
        return None
    return Days(asked.last - timedelta(days=DAYS_AHEAD - 1), asked.last)


def _read_meeting(row: Row, feed: Feed, site: str, asked: Days | None) -> Reading:
    papers = list(_papers(row, site))
    uid = f"meeting-{number(row, 'id')}"
    day, hour = wall_clock(text(row, "dateTime"))
    if day is None:
        day, hour = wall_clock(" ".join(filter(None, (text(row, "date"), text(row, "time")))))
    agendas = sorted((paper for paper in papers if paper.is_agenda), key=lambda paper: paper.rank("agenda"))
    minutes = sorted((paper for paper in papers if "minutes" in paper.kind), key=lambda paper: paper.rank("minutes"))
    pages = [paper.url for paper in agendas if paper.output == PAGE]
    meeting = Meeting(
        uid=uid,
        body=text(row, "title"),
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=_status(row, papers),
        location=text(row, "location"),
        url=pages[0] if pages else f"{site}/public/portal",
        agenda_url=agendas[0].url if agendas else None,
        minutes_url=minutes[0].url if minutes else None,
        video_url=absolute(text(row, "videoUrl"), site),
        how_to_comment=absolute(text(row, "zoomMeetingLink"), site),
    )
    revision = digest(json.dumps(row, sort_keys=True))
    is_near = asked is None or (day is not None and is_asked(day, asked))
    return Reading(
        meetings=(meeting,),
        documents=tuple(_document(paper, uid) for paper in papers),
        next=tuple(
            Request(page, accept="text/html", revision=revision, again_on=day, meeting_uid=uid)
            for page in dict.fromkeys(pages)
            if is_near
        ),
    )


def _status(row: Row, papers: list[_Paper]) -> MeetingStatus:
    """A cancelled meeting keeps its title; what is published instead of an agenda says it."""
    title = text(row, "title")
    if title and RECESS.search(title):
        return MeetingStatus.CANCELLED
    is_published = any(paper.is_agenda or "minutes" in paper.kind for paper in papers)
    cancelled = (paper.name for paper in papers if "cancel" in paper.kind)
    otherwise = MeetingStatus.CONFIRMED if is_published else MeetingStatus.UNKNOWN
    return status_said(title, *cancelled, otherwise=otherwise)


def _papers(row: Row, site: str) -> Iterator[_Paper]:
    """What the meeting has published; the older search answer keeps its files under their templates."""
    for paper in rows(row.get("documentList")):
        if number(paper, "publishStatus") is not None or "publishStatus" not in paper:
            yield from _paper(paper, text(paper, "templateName"), site)
    for template in rows(row.get("templates")):
        for paper in rows(template.get("compiledMeetingDocumentFiles")):
            yield from _paper(paper, text(template, "title"), site)


def _paper(row: Row, name: str | None, site: str) -> Iterator[_Paper]:
    output, template, file = (number(row, field) for field in ("compileOutputType", "templateId", "id"))
    which = f"meetingTemplateId={template}" if template else f"compiledMeetingDocumentFileId={file}"
    own = absolute(text(row, "link"), site)
    if own or template or file:
        page = f"{site}/Portal/Meeting?{which}"
        compiled = f"{site}/Public/CompiledDocument?{which}" + (f"&compileOutputType={output}" if output else "")
        yield _Paper(name or "Document", own or (page if output == PAGE else compiled), output)


def _document(paper: _Paper, meeting_uid: str) -> Document:
    media_type = {PDF: "application/pdf", PAGE: "text/html"}.get(paper.output or 0)
    return Document(paper.url, paper.name, media_type, meeting_uid=meeting_uid)
