"""The feeds of a CivicPlus site (RSSFeed.aspx): agendas, calendar, newsflash and the others."""

import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from oversight.domain.cleaning import text_of_html
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed
from oversight.domain.local_time import day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, Meeting, Reading, joined
from oversight.platforms.civicplus_calendar import EVENT, is_sitting
from oversight.platforms.civicplus_file import FILE, day_of_file, merged, unlike
from oversight.platforms.rss import Rss

EDIT_STAMP = re.compile(r"/\d{15,}$")  # the guid ends in the moment of the last edit, in ticks
ALL_DAY = re.compile(r"12:00 AM\W{1,5}11:59 PM|all day", re.I)
DATES = re.compile(r"event dates?:\s*([^\n]{0,80})", re.I)
TIMES = re.compile(r"event times?:\s*([^\n]{0,80})", re.I)


@dataclass(frozen=True)
class Event:
    """What the feed of a calendar says of an entry beside the ordinary parts."""

    dates: str = ""
    times: str = ""
    location: str = ""

    @property
    def day(self) -> date | None:
        return day_in(self.dates)


def read_rss(feed: Feed, answer: Answer) -> Reading:
    """Every entry as an item; agendas and sittings in the calendar are meetings too."""
    plain = Rss().read(feed, answer)
    base = answer.url or feed.url
    items = [replace(item, url=absolute(item.url, base)) for item in plain.items]
    events = _events(answer, len(items))
    warnings = plain.warnings
    if events is None:
        events, warnings = [Event()] * len(items), (*warnings, "the dates of the events cannot be told apart")
    items = _named(items, [_completed(event, item) for event, item in zip(events, items, strict=True)])
    parts = [_read_entry(item, _completed(event, item), feed, base) for item, event in zip(items, events, strict=True)]
    reading = merged(joined(parts))
    return replace(reading, warnings=(*warnings, *reading.warnings))


def _events(answer: Answer, count: int) -> list[Event] | None:
    """The calendar's own elements, entry by entry; None where they are not as many as the entries."""
    text = decode_document(answer.body, answer.headers.get("content-type", ""))
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).lstrip().encode("utf-8", "replace")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    entries = [] if root is None else [entry for entry in root.iter("{*}item", "item")]
    return [_event(entry) for entry in entries] if len(entries) == count else None


def _event(entry: etree._Element) -> Event:
    said = {
        part.tag.rpartition("}")[2]: " ".join("".join(map(str, part.itertext())).split())
        for part in entry
        if isinstance(part.tag, str)
    }
    location = ", ".join(line.strip() for line in text_of_html(said.get("Location", "")).splitlines() if line.strip())
    return Event(said.get("EventDates", ""), said.get("EventTimes", ""), location)


def _completed(event: Event, item: Item) -> Event:
    """The description says the same again, and in old feeds alone."""
    text = item.text or ""
    dates, times = DATES.search(text), TIMES.search(text)
    return Event(event.dates or (dates[1] if dates else ""), event.times or (times[1] if times else ""), event.location)


def _named(items: list[Item], events: list[Event]) -> list[Item]:
    """The items with ids that outlive an edit: the number of the event or of the file, else the guid without stamp."""
    named = [_uid(item) for item in items]
    return [
        replace(item, uid=uid) for item, uid in zip(items, unlike(named, [event.day for event in events]), strict=True)
    ]


def _uid(item: Item) -> str:
    event, file = EVENT.search(item.url or ""), FILE.search(item.url or "")
    if event:
        return f"event-{event[1]}"
    if file:
        return f"{file['kind'].casefold()}-{file['id']}"
    return EDIT_STAMP.sub("", item.uid) or item.url or ""


def _read_entry(item: Item, event: Event, feed: Feed, base: str) -> Reading:
    file = FILE.search(item.url or "")
    if file is not None:
        return _read_file(item, file, feed, base)
    if event.day is None or not is_sitting(item.title, _calendar(feed, base)):
        return Reading(items=(item,))
    hour = None if ALL_DAY.search(event.times) else hour_in(event.times)
    meeting = Meeting(
        uid=item.uid,
        body=item.title or None,
        date=event.day,
        starts_at=in_zone(event.day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(item.title),
        location=event.location or None,
        url=item.url,
    )
    return Reading(items=(replace(item, meeting_uid=meeting.uid),), meetings=(meeting,))


def _read_file(item: Item, file: re.Match[str], feed: Feed, base: str) -> Reading:
    """An agenda or minutes: the entry tells the meeting, its day and its file, but no hour."""
    is_minutes = "minutes" in file["kind"].casefold()
    meeting = Meeting(
        uid=f"agenda-{file['id']}",
        body=_category(feed, base) or item.title or None,
        date=day_of_file(file),
        starts_at=None,
        timezone=feed.timezone,
        status=status_said(item.title),
        url=absolute(f"/AgendaCenter#_{file['day']}-{file['id']}", item.url or base),
        agenda_url=None if is_minutes else item.url,
        minutes_url=item.url if is_minutes else None,
    )
    document = Document(item.url or "", item.title or None, None, item_uid=item.uid, meeting_uid=meeting.uid)
    return Reading(items=(replace(item, meeting_uid=meeting.uid),), meetings=(meeting,), documents=(document,))


def _calendar(feed: Feed, base: str) -> str:
    """The `CID` of the feed: `Public-Meetings-24` says that all in it are meetings."""
    for address in (base, feed.url):
        asked = parse_qs(urlsplit(address).query)
        if asked.get("CID"):
            return asked["CID"][0]
    return ""


def _category(feed: Feed, base: str) -> str | None:
    """The body of an agenda feed for one category, such as `City-Council-49`."""
    match = re.fullmatch(r"(?!All-)(.+)-\d+", _calendar(feed, base))
    return match[1].replace("-", " ") if match else None
