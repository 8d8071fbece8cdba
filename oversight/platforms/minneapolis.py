"""Minneapolis' LIMS: the calendar, the list of past meetings with what was taken up in each, and marked agendas.

A feed's `url` is the calendar's address, https://lims.minneapolismn.gov/Calendar/GetCalenderList (their spelling). What
was taken up stands in a JSON string inside the JSON of the list. The site shows plain clients a challenge page. The
list of past meetings is answered only to a form with a token of the site's page, so it is read here but not asked for;
the agenda page is known from public code only.
"""

import json
import re
from typing import Any
from urllib.parse import quote

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.local_time import in_zone, local_day
from oversight.domain.media_type import media_type_of
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Days, Document, Item, ItemKind, Meeting, MeetingStatus, Reading, joined
from oversight.domain.web_query import asked, asking, host_of, without
from oversight.domain.window import calendar_days
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.json_rows import Row, document_of, parse_json, refused, rows, wall_clock
from oversight.platforms.json_values import paragraphs, revision_of, said

SITE = "https://lims.minneapolismn.gov"
CALENDAR = f"{SITE}/Calendar/GetCalenderList"
PAGE = 1_000
FILE = re.compile(r"/File/([\w-]+)", re.I)


@register("minneapolis")
class Minneapolis:
    """One calendar question a poll; then the marked agenda of each meeting that has one."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        return CALENDAR if host_of(address) == "lims.minneapolismn.gov" else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        fields = {
            "fromDate": days.first,
            "toDate": days.last,
            "meetingType": 1,
            "committeeId": "null",
            "pageCount": PAGE,
            "offsetStart": 0,
            "abbreviation": "undefined",
            "keywords": "",
        }
        return [Request(asking(CALENDAR, *fields.items()), accept="application/json")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        document = document_of(answer)
        if document.startswith("<"):
            return _agenda_page(answer)
        parsed = parse_json(document)
        listed = rows(parsed.get("data") if isinstance(parsed, dict) else parsed)
        meetings = [{name[:1].lower() + name[1:]: value for name, value in row.items()} for row in listed]
        if not any("committeeName" in row for row in meetings) and parsed != []:
            raise refused(parsed, "calendar or list of meetings of LIMS")
        found = joined(_meeting(row, feed) for row in meetings)
        return joined([found, Reading(covers=_covers(answer.url, len(listed)))])


def _covers(url: str, shown: int) -> Days | None:
    first, last = local_day(asked(url, "fromDate")), local_day(asked(url, "toDate"))
    return Days(first, last) if first and last and shown < PAGE else None


def _meeting(row: Row, feed: Feed) -> Reading:
    identifier = said(row, "id")
    if identifier is None:
        return Reading(warnings=("a meeting has no id",))
    day = wall_clock(said(row, "meetingDate"))[0] or wall_clock(said(row, "meetingTime"))[0]
    hour = wall_clock(said(row, "meetingTime"))[1]
    agenda = _agenda_url(row)
    places = dict.fromkeys(part for part in (said(row, "location"), said(row, "address")) if part)
    meeting = Meeting(
        uid=f"meeting-{identifier}",
        body=said(row, "committeeName"),
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=_status(row),
        location=", ".join(places) or None,
        url=agenda or f"{SITE}/Calendar/all/monthly",
        agenda_url=absolute(said(row, "agendaPdf"), SITE) or agenda,
        minutes_url=_report_url(row),
        video_url=absolute(said(row, "mainVideoURL"), SITE),
    )
    items, warnings = _taken_up(row.get("videoTimestamps"), meeting)
    following = () if items or not agenda else (_ask_agenda(agenda, row, meeting),)
    return Reading(items=items, meetings=(meeting,), documents=_report(meeting), next=following, warnings=warnings)


def _status(row: Row) -> MeetingStatus:
    if row.get("cancelled") is True:
        return MeetingStatus.CANCELLED
    agenda = (said(row, "agendaStatus") or "").casefold()
    otherwise = MeetingStatus.CONFIRMED if "publish" in agenda else MeetingStatus.UNKNOWN
    return status_said(agenda, said(row, "committeeName"), said(row, "location"), otherwise=otherwise)


def _agenda_url(row: Row) -> str | None:
    """The public page of an agenda; boards and commissions have theirs in another place."""
    identifier, body = said(row, "agendaId"), said(row, "abbreviation")
    is_published = row.get("markedAgendaPublished") is True or "publish" in (said(row, "agendaStatus") or "").casefold()
    if not identifier or identifier == "0" or not body or not is_published:
        return None
    place = "Board/MarkedAgenda" if said(row, "committeeType") in ("ABC", "Independent Committee") else "MarkedAgenda"
    return f"{SITE}/{place}/{quote(body, errors='replace')}/{identifier}"


def _report_url(row: Row) -> str | None:
    identifier, name = said(row, "committeeReportDocumentId"), said(row, "committeeReportDocument")
    if not identifier or identifier == "0" or not name or name == "0":
        return None
    return f"{SITE}/Download/CommitteeReport/{identifier}/{quote(name.replace(' ', '-'), errors='replace')}"


def _report(meeting: Meeting) -> tuple[Document, ...]:
    url = meeting.minutes_url
    return (Document(url, "Report", media_type_of(url), meeting_uid=meeting.uid),) if url else ()


def _ask_agenda(agenda: str, row: Row, meeting: Meeting) -> Request:
    return Request(agenda, "text/html", revision_of(row), again_on=meeting.date, meeting_uid=meeting.uid)


def _taken_up(value: object, meeting: Meeting) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """What the meeting took up, by the marks in its video: a JSON string of headings with their files."""
    if not isinstance(value, str) or not value.strip():
        return (), ()
    try:
        headings = json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return (), (f"the video marks of {meeting.uid} cannot be read",)
    found: dict[str, tuple[str | None, Row]] = {}
    for heading in _values(headings):
        files = heading.get("files")
        named = files.items() if isinstance(files, dict) else ()
        found |= {number: (said(heading, "title"), file) for number, file in named if isinstance(file, dict)}
    marks = ((number, heading, file) for number, (heading, file) in found.items() if said(file, "title"))
    return tuple(_item(mark, meeting, place) for place, mark in enumerate(marks, 1)), ()


def _values(headings: Any) -> list[Row]:
    return rows(list(headings.values()) if isinstance(headings, dict) else headings)


def _item(mark: tuple[str, str | None, Row], meeting: Meeting, sequence: int) -> Item:
    number, heading, file = mark
    return Item(
        uid=f"{meeting.uid}/file-{number}",
        kind=ItemKind.AGENDA_ITEM,
        title=said(file, "title") or "",
        text=heading,
        url=_moment_in_video(meeting.video_url, said(file, "timeInSeconds")) or meeting.url,
        published=None,
        meeting_uid=meeting.uid,
        sequence=sequence,
    )


def _moment_in_video(video: str | None, seconds: str | None) -> str | None:
    """The address at which the video starts with the item."""
    is_known = video and seconds and host_of(video).endswith(("youtube.com", "youtu.be"))
    return asking(without(video, "t"), ("t", f"{seconds}s")) if is_known and video else video


def _agenda_page(answer: Answer) -> Reading:
    """A marked agenda: each item names its file by a link to it."""
    page = parse_page(answer.body, answer.headers.get("content-type", ""))
    links = [link for link in page.iter("a") if FILE.search(link.get("href") or "")]
    if not links and not page.find_class("caption-subject"):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is a page, but no agenda of LIMS")
    found: dict[str, HtmlElement] = {}
    for link in links:
        match = FILE.search(link.get("href") or "")
        found.setdefault(match.group(1) if match else "", link)
    meeting_uid = answer.meeting_uid
    return Reading(items=tuple(_page_item(*pair, meeting_uid, place) for place, pair in enumerate(found.items(), 1)))


def _page_item(number: str, link: HtmlElement, meeting_uid: str | None, sequence: int) -> Item:
    block: HtmlElement = next((one for one in link.iterancestors("li", "tr")), link)
    text = words(block)
    printed = re.compile(rf"^\d{{1,3}}\.\s*|\s*\(?{re.escape(number)}\)?")
    title = printed.sub("", words(link)).strip() or printed.sub("", text).strip() or number
    return Item(
        uid=f"{meeting_uid or 'agenda'}/file-{number}",
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=paragraphs([text], without=title),
        url=absolute(link.get("href"), SITE),
        published=None,
        meeting_uid=meeting_uid,
        matter_file=number,
        sequence=sequence,
    )
