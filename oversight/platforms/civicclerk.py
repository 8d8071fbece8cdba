"""CivicClerk: the events of a portal, their published files, and the agenda of each.

The API is OData v4. A feed's `url` is its list of events, such as
https://portlandme.api.civicclerk.com/v1/Events?$filter=startDateTime+ge+{since}+and+startDateTime+lt+{until}&$orderby=startDateTime+asc
and only its host matters: the question is ours.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote_plus

from oversight.domain.cleaning import text_of_html
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute
from oversight.domain.reading import Days, Document, Meeting, MeetingStatus, Reading, joined
from oversight.domain.window import calendar_days
from oversight.platforms import register
from oversight.platforms.civicclerk_agenda import read_agenda, read_bookmarks, read_plain_agenda
from oversight.platforms.civicclerk_site import Site, agenda_file, file_url, site_of
from oversight.platforms.json_rows import Row, document_of, is_json, number, parse_json, refused, rows, text, wall_clock

ASKED_DAYS = re.compile(r"startDateTime ge (\d{4}-\d{2}-\d{2})\S* and startDateTime lt (\d{4}-\d{2}-\d{2})")
VIDEO_SITE = "https://cpmedia.azureedge.net"  # where the files behind relative `stream/...` paths lie
RESTLESS = ("mediaTotalPlay", "streamingStatus", "liveIsCurrentlyStreaming", "timeStamp")
NO_BODY = ("general", "uncategorized", "other")


@register("civicclerk")
class CivicClerk:
    """One question for the events of the window (with its pages), and the agendas that changed."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        site = site_of(address)
        if site.client is None:
            return None
        days = "startDateTime+ge+{since}+and+startDateTime+lt+{until}"
        return f"{site.api}/Events?$filter={days}&$orderby=startDateTime+asc"

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        until = days.last + timedelta(days=1)
        site = site_of(feed.url)
        chosen = f"startDateTime+ge+{days.first}T00:00:00Z+and+startDateTime+lt+{until}T00:00:00Z"
        return [site.ask(f"{site.api}/Events?$filter={chosen}&$orderby=startDateTime+asc")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        document = document_of(answer)
        if not is_json(document):
            return read_plain_agenda(answer, document)
        parsed = parse_json(document)
        context = text(parsed, "@odata.context")
        site = site_of(answer.url, feed.url, context, _some_file(parsed))
        if isinstance(parsed, dict) and isinstance(parsed.get("items"), list):
            return read_agenda(parsed, answer, site)
        if isinstance(parsed, dict) and "eventBookmarks" in parsed:
            return read_bookmarks(parsed, site)
        return _read_events(parsed, feed, answer, site)


def _some_file(parsed: Any) -> str | None:
    """A relative path of any published file names the tenant where nothing else does."""
    listed = parsed.get("value") if isinstance(parsed, dict) else parsed
    files = (file for row in rows(listed) for file in rows(row.get("publishedFiles")))
    return next((path for path in (text(file, "url") for file in files) if path), None)


def _read_events(parsed: Any, feed: Feed, answer: Answer, site: Site) -> Reading:
    listed = parsed.get("value", [parsed]) if isinstance(parsed, dict) else parsed
    known = [row for row in rows(listed) if _is_event(row)]
    if not isinstance(listed, list) or (listed and not known):
        raise refused(parsed, "list of events")
    found = joined(_read_event(row, feed, site) for row in known)
    lost = len(listed) - len(known)
    following = text(parsed, "@odata.nextLink")
    page = absolute(following, answer.url or feed.url)
    return replace(
        found,
        meetings=_unique(found.meetings),
        next=((site.ask(page),) if page else ()) + found.next,
        warnings=(f"{lost} rows are no events",) if lost else (),
        covers=_covered(answer.url, found.meetings, is_last=following is None),
    )


def _is_event(row: Row) -> bool:
    return number(row, "id") is not None and bool(text(row, "startDateTime", "eventDate"))


def _covered(url: str, meetings: Iterable[Meeting], *, is_last: bool) -> Days | None:
    """The days that lie wholly on this page of a list in the order of time; a page ends in the middle of a day."""
    query = unquote_plus(url)
    asked = ASKED_DAYS.search(query)
    days = sorted(meeting.date for meeting in meetings if meeting.date)
    is_first = "$skip" not in query
    if asked is None or "orderby=startDateTime" not in query or (not days and not (is_first and is_last)):
        return None
    try:
        since, until = (date.fromisoformat(part) for part in asked.groups())
    except ValueError:
        return None
    day = timedelta(days=1)
    first = since if is_first else days[0] + day
    last = until - day if is_last else days[-1] - day
    return Days(first, last) if first <= last else None


def _read_event(row: Row, feed: Feed, site: Site) -> Reading:
    uid = f"event-{number(row, 'id')}"
    # The council's own hour, labelled as if it were UTC.
    day, hour = wall_clock(text(row, "startDateTime"))
    if day is None:
        day, hour = wall_clock(text(row, "eventDate"))
    files = rows(row.get("publishedFiles"))
    agenda = agenda_file(files)
    minutes = next((file for file in files if "minutes" in (text(file, "type") or "").casefold()), None)
    page = site.page(uid)
    meeting = Meeting(
        uid=uid,
        body=_body(row),
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=_status(row, agenda),
        location=_location(row.get("eventLocation")),
        url=page,
        agenda_url=file_url(agenda, site),
        minutes_url=file_url(minutes, site),
        video_url=_video(row),
        how_to_comment=page if row.get("publicCommentsEnabled") is True else None,
    )
    question = _agenda_question(row, site)
    asked = replace(question, revision=_revision(row), again_on=day, meeting_uid=uid) if question else None
    return Reading(meetings=(meeting,), documents=tuple(_documents(files, uid, site)), next=(asked,) if asked else ())


def _revision(row: Row) -> str:
    """The row without what changes whenever somebody watches the recording."""
    return digest(json.dumps({name: value for name, value in row.items() if name not in RESTLESS}, sort_keys=True))


def _agenda_question(row: Row, site: Site) -> Request | None:
    """The agenda's items, once it is posted: an `agendaId` alone may be a clerk's draft."""
    agenda = number(row, "agendaId")
    files = rows(row.get("publishedFiles"))
    if site.client is None:
        return None
    if agenda and (files or text(row, "publishedAgendaTimeStamp")):
        return site.ask(f"{site.api}/Meetings/{agenda}")
    plain = file_url(agenda_file(files), site, plain=True)
    return site.ask(plain) if plain else None


def _body(row: Row) -> str | None:
    """The category is the body, the event's name the kind of its meeting; some portals file all under one category."""
    category = text(row, "categoryName", "eventCategoryName")
    return text(row, "eventName") if category is None or category.casefold() in NO_BODY else category


def _status(row: Row, agenda: Row | None) -> MeetingStatus:
    if row.get("isDeleted") is True or status_said(text(row, "eventDescription")) is MeetingStatus.CANCELLED:
        return MeetingStatus.CANCELLED
    published = text(row, "isPublished")
    if published is not None and published.casefold() != "published":
        return status_said(text(row, "eventName"), text(row, "eventNotice"), otherwise=MeetingStatus.TENTATIVE)
    is_posted = agenda is not None or text(row, "publishedAgendaTimeStamp") is not None
    otherwise = MeetingStatus.CONFIRMED if is_posted else MeetingStatus.UNKNOWN
    return status_said(text(row, "eventName"), text(row, "eventNotice"), otherwise=otherwise)


def _location(place: object) -> str | None:
    parts = (text(place, name) for name in ("address1", "address2", "city", "state", "zipCode"))
    return ", ".join(dict.fromkeys(text_of_html(part) for part in parts if part)) or None


def _video(row: Row) -> str | None:
    for name in ("mediaSourcePathMp4", "mediaStreamPath", "mediaSourcePath", "externalMediaUrl"):
        path = text(row, name)
        if path and re.fullmatch(r"stream/[^/]+/[^/]+", path):
            _, tenant, file = path.split("/")
            return absolute(f"{tenant.lower()}/{file}", f"{VIDEO_SITE}/")
        if path and "://" in path:
            return absolute(path, VIDEO_SITE)
    video = text(row, "youtubeVideoId")
    return f"https://www.youtube.com/watch?v={video}" if video and re.fullmatch(r"[\w-]{6,20}", video, re.A) else None


def _documents(files: list[Row], meeting_uid: str, site: Site) -> Iterator[Document]:
    for file in files:
        address = file_url(file, site)
        if address:
            media_type = "application/pdf" if (text(file, "url") or "").casefold().endswith(".pdf") else None
            yield Document(address, text(file, "name", "type"), media_type, meeting_uid=meeting_uid)


def _unique(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple({meeting.uid: meeting for meeting in meetings}.values())
