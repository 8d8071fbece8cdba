"""The calendar of a city's site by Municode: one month, an entry for each event."""

import re
from datetime import date, timedelta

from lxml.html import HtmlElement

from oversight.domain.feed import Feed
from oversight.domain.local_time import day_in, hour_in, in_zone, local_day
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, words
from oversight.domain.reading import Days, Meeting, Reading

ENTRY = re.compile(r"\bcalendar\.(?P<node>\d+)\.field_\w+\.(?P<field>\d+)\.(?P<delta>\d+)\b")
MONTH = re.compile(r"/calendar/month(?:/(?P<year>\d{4})-(?P<month>\d{2}))?(?=$|[?#])")


def is_calendar(tree: HtmlElement) -> bool:
    """Whether a page is the calendar."""
    return bool(tree.find_class("calendar-calendar"))


def month_of(url: str) -> re.Match[str] | None:
    """The month that an address of the calendar names, if it is one."""
    return MONTH.search(url.rstrip("/"))


def months(today: date) -> list[str]:
    """The month of a day and the one after it, as addresses name them."""
    following = today.replace(day=28) + timedelta(days=7)
    return [f"{today:%Y-%m}", f"{following:%Y-%m}"]


def read_calendar(tree: HtmlElement, feed: Feed, url: str) -> Reading:
    """The events of the month; `covers` is the month that was asked for."""
    base = url or feed.url
    entries = [
        (match, entry)
        for entry in tree.find_class("contents")
        if (match := ENTRY.search(entry.get("class") or "")) is not None
    ]
    meetings = [_meeting(match, entry, feed, base) for match, entry in entries]
    return Reading(meetings=tuple({meeting.uid: meeting for meeting in meetings}.values()), covers=_covers(url))


def _covers(url: str) -> Days | None:
    match = month_of(url)
    if match is None or match["year"] is None:
        return None
    try:
        first = date(int(match["year"]), int(match["month"]), 1)
        return Days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    except (ValueError, OverflowError):
        return None


def _meeting(match: re.Match[str], entry: HtmlElement, feed: Feed, base: str) -> Meeting:
    link = next(iter(entry.iter("a")), None)
    title = words(link)
    moments = [part for part in entry.iter("span") if part.get("content")]
    written = " ".join([words(part) for part in moments] + [(link.get("title") or "") if link is not None else ""])
    stamped = next((local_day(part.get("content")) for part in moments), None)
    hour = hour_in(written)
    day = stamped or day_in(written)
    repeat = "" if match["delta"] == "0" else f"-{match['delta']}"
    return Meeting(
        uid=f"event-{match['node']}{repeat}",
        body=title or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and (hour.hour or hour.minute) else None,
        timezone=feed.timezone,
        status=status_said(title),
        url=absolute(link.get("href"), base) if link is not None else None,
    )
