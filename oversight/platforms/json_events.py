"""Calendars that councils' own sites answer as JSON: a meeting for each dated event in it.

There is no standard: a row is an event when it has a title and a day, under the names that are seen in the wild
(Sitefinity, Finalsite, FullCalendar, The Events Calendar, and cities' own). Some sites send the events as
HTML with schema.org marks inside the JSON. Such a calendar may list more than meetings.
"""

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lxml.html import HtmlElement

from oversight.domain.cleaning import text_of_html
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, link_in, parse_page, words
from oversight.domain.reading import Meeting, MeetingStatus, Reading
from oversight.domain.web_query import path_of
from oversight.platforms import register
from oversight.platforms.json_rows import Row, document_of, parse_json, refused, text, wall_clock
from oversight.platforms.json_values import in_local_time, moment_in, said

# The names of each field in lower case, without what stands between words.
TITLE = ("title", "eventname", "name", "summary", "boardname", "meetingtype")
BODY = ("boardname", "committeename")
DAY = ("startdate", "startdatetime", "datetime", "start", "eventdate", "meetingdate", "meetingstartdatetime", "date")
HOUR = ("starttime", "meetingtime", "eventtime")
PLACE = ("location", "eventlocation", "venue", "address", "place")
LINK = ("eventurl", "url", "link", "permalink", "htmllink")
OWN_ID = ("id", "meetingeventid", "eventid", "uid", "guid")
SAID = ("status", "meetingstatus", "meetingtype", "filenme")
PARTS_OF_PLACE = ("venue", "name", "title", "address", "address1", "address2", "streetaddress", "city")

JSONP = re.compile(r"^[\w$.]{0,100}\((.*)\)\s*;?\s*$", re.S)
TICKS = re.compile(r"^/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/$")
NO_MEETING = re.compile(r"^\s*no\b.*\bmeetings?\b", re.I)
MOST_VALUES = 50_000


@register("json_events")
class JsonEvents:
    """A feed's `url` is the address that the site's own calendar page asks."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        is_known = re.search(r"/wp-json/tribe/events/v\d/events$", path_of(address))
        return address.strip() if is_known else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(feed.url, accept="application/json")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        document = document_of(answer)
        wrapped = JSONP.match(document)
        parsed = parse_json(wrapped.group(1) if wrapped else document)
        base = answer.url or feed.url
        markup = text(parsed, "html")
        if markup:
            found = [_marked(event, feed, base) for event in _marks(markup)]
        else:
            found = list(_meetings(parsed, feed, base))
        if not found and parsed not in ([], {}):
            raise refused(parsed, "list of dated events")
        is_one = (meeting for meeting in found if not NO_MEETING.search(meeting.body or ""))
        return Reading(meetings=tuple({meeting.uid: meeting for meeting in is_one}.values()))


def _meetings(parsed: Any, feed: Feed, base: str) -> Iterator[Meeting]:
    """The events anywhere in the answer; without recursion, and not inside of one that was found."""
    waiting: deque[Any] = deque([[parsed]])
    for _ in range(MOST_VALUES):
        if not waiting:
            return
        value = waiting.popleft()
        meeting = _meeting(_alike(value), feed, base) if isinstance(value, dict) else None
        if meeting:
            yield meeting
        else:
            inside = value.values() if isinstance(value, dict) else value
            waiting.extend(one for one in inside if isinstance(one, dict | list))


def _alike(row: Row) -> Row:
    return {re.sub(r"[^a-z0-9]", "", name.casefold()): value for name, value in row.items()}


def _meeting(row: Row, feed: Feed, base: str) -> Meeting | None:
    title, (day, starts_at) = text_of_html(text(row, *TITLE) or "").strip(), _when(row, feed)
    if not title or day is None:
        return None
    own, link = said(row, *OWN_ID), absolute(text(row, *LINK), base)
    is_cancelled = any(row.get(name) is True for name in ("cancelled", "canceled", "iscancelled", "iscanceled"))
    said_status = status_said(title, *(text(row, name) for name in SAID))
    return Meeting(
        uid=f"event-{own}" if own else f"event-{digest(f'{link or title} {day}')[:16]}",
        body=text(row, *BODY) or title,
        date=day,
        starts_at=starts_at,
        timezone=feed.timezone,
        status=MeetingStatus.CANCELLED if is_cancelled else said_status,
        location=_place(row),
        url=link,
    )


def _when(row: Row, feed: Feed) -> tuple[date | None, datetime | None]:
    """Local day and moment; midnight, and the hour of what lasts all day, are no hours."""
    written = text(row, *DAY)
    moment = moment_in(written) or _ticked(written)
    day, hour = wall_clock(None if moment else written)
    if moment:
        local = in_local_time(moment, feed.timezone)
        day, hour = (local or moment).date(), local.time() if local else None
    hour = hour or wall_clock(text(row, *HOUR))[1]
    is_known = hour and hour != time() and row.get("allday") is not True and row.get("isallday") is not True
    return day, in_zone(day, hour, feed.timezone) if hour and is_known else None


def _ticked(written: str | None) -> datetime | None:
    """The moment in `/Date(1708527600000)/`: milliseconds since 1970 in UTC."""
    match = TICKS.match(written or "")
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match.group(1))) if match else None
    except OverflowError:
        return None


def _place(row: Row) -> str | None:
    for name in PLACE:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, dict):
            inner = _alike(value)
            parts = dict.fromkeys(part for part in (text(inner, name) for name in PARTS_OF_PLACE) if part)
            if parts:
                return ", ".join(parts)
    return None


def _marks(markup: str) -> Iterator[HtmlElement]:
    page = parse_page(markup.encode("utf-8", "replace"))
    return (element for element in page.iter("article", "div", "li", "tr") if "/Event" in element.get("itemtype", ""))


def _marked(event: HtmlElement, feed: Feed, base: str) -> Meeting:
    """An event in HTML with schema.org's marks."""
    marks: dict[str, HtmlElement] = {}
    for element in event.iter():
        for name in (element.get("itemprop") or "").split():
            marks.setdefault(name, element)
    start = marks.get("startDate")
    written = None if start is None else start.get("datetime") or start.get("content") or words(start)
    title, link = words(marks.get("name")), link_in(event, base)
    day, starts_at = _when({"start": written}, feed)
    return Meeting(
        uid=f"event-{digest(f'{link or title} {day}')[:16]}",
        body=title or None,
        date=day,
        starts_at=starts_at,
        timezone=feed.timezone,
        status=status_said(title),
        location=words(marks.get("location")) or None,
        url=link,
    )
