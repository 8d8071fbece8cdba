"""The calendar of a CivicPlus site: the list of events, and the page of one event."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from oversight.domain.feed import Feed
from oversight.domain.local_time import day_in, hour_in, in_zone, local_day
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, text_of, words
from oversight.domain.reading import Days, Item, ItemKind, Meeting, Reading, joined
from oversight.platforms.civicplus_file import unlike

EVENT = re.compile(r"[?&]EID=(\d+)", re.I)
ASKED = "%m/%d/%Y"
A_BODY = re.compile(
    r"\b(councils?|commission(ers)?|(sub)?committees?|boards?|authority|task force|trustees|selectmen|supervisors"
    r"|aldermen|caucus)\b",
    re.I,
)
A_SITTING = re.compile(r"\b(meetings?|hearings?|workshops?|(work ?|study ?)?sessions?|town hall|agendas?)\b", re.I)


def is_calendar(tree: HtmlElement) -> bool:
    """Whether a page is the calendar or one of its events."""
    if tree.get_element_by_id("calendarSelectors", None) is not None:
        return True
    return any(EVENT.search(link.get("href") or "") for link in tree.iter("a")) and bool(_events(tree))


def is_sitting(*texts: str | None) -> bool:
    """Whether an event is of a body that sits, and not a story hour: the calendar holds both."""
    said = [re.sub(r"[-_+]", " ", text) for text in texts if text]
    return any(A_BODY.search(text) or A_SITTING.search(text) for text in said)


def read_calendar(tree: HtmlElement, feed: Feed, url: str) -> Reading:
    """The meetings and other events of a calendar page."""
    events = _events(tree)
    found = [_Event(event, _entry(event, tree, is_alone=len(events) == 1)) for event in events]
    numbers = [_number(one, tree, url) if len(events) == 1 else _number(one) for one in found]
    known = [(one, number) for one, number in zip(found, numbers, strict=True) if number]
    uids = unlike([f"event-{number}" for _, number in known], [one.day for one, _ in known])
    lost = len(found) - len(known)
    base = url or feed.url
    parts = [
        _read_event(one, uid, feed, absolute(f"/Calendar.aspx?EID={number}", base))
        for (one, number), uid in zip(known, uids, strict=True)
    ]
    reading = joined(parts)
    return Reading(
        items=tuple({item.uid: item for item in reading.items}.values()),
        meetings=tuple({meeting.uid: meeting for meeting in reading.meetings}.values()),
        warnings=(f"{lost} events have no number",) if lost else (),
        covers=_covers(url),
    )


def _events(tree: HtmlElement) -> list[HtmlElement]:
    return [event for event in tree.iter() if (event.get("itemtype") or "").rstrip("/").endswith("schema.org/Event")]


def _entry(event: HtmlElement, tree: HtmlElement, *, is_alone: bool) -> HtmlElement:
    """An event with what stands about it: its entry in the list, or else the page that is all about it."""
    entry = next(event.iterancestors("li"), None)
    return entry if entry is not None else tree if is_alone else event


def _covers(url: str) -> Days | None:
    """The days of a search for no word in particular in the list of events."""
    try:
        parts = urlsplit(url)
        asked = {name.casefold(): values[0].strip() for name, values in parse_qs(parts.query).items()}
        first, last = (datetime.strptime(asked[end], ASKED).date() for end in ("startdate", "enddate"))  # noqa: DTZ007
    except (KeyError, ValueError):
        return None
    is_whole = parts.path.casefold().endswith("/calendar.aspx") and not asked.get("keywords")
    return Days(first, last) if is_whole and first <= last else None


def _number(one: "_Event", page: HtmlElement | None = None, url: str = "") -> str | None:
    """The number of an event, in its links; the page of one event has it in its own address."""
    said = [link.get("href") or "" for link in one.entry.iter("a")]
    address = page.find(".//meta[@property='og:url']") if page is not None else None
    own = (address.get("content") or "") if address is not None else ""
    return next((match[1] for text in (*said, url, own) if (match := EVENT.search(text))), None)


@dataclass(frozen=True)
class _Event:
    """An event as search engines are told of it, and the entry that readers see."""

    event: HtmlElement
    entry: HtmlElement

    def told(self, name: str) -> str:
        for element in self.event.iter():
            if element.get("itemprop") == name:
                return words(element) or element.get("content") or element.get("datetime") or ""
        return ""

    @property
    def written(self) -> str:
        return next((words(element) for element in self.entry.find_class("date")), "")

    @property
    def day(self) -> date | None:
        told = self.told("startDate")
        return local_day(told) or day_in(told or self.written)

    @property
    def hour(self) -> time | None:
        """The hour that the page shows to readers; midnight and "all day" tell none."""
        if re.search(r"all day|12:00 AM\W{1,5}11:59 PM", self.written, re.I):
            return None
        hour = hour_in(self.written) or hour_in(self.told("startDate").partition("T")[2])
        return hour if hour != time() else None


def _read_event(one: _Event, uid: str, feed: Feed, address: str | None) -> Reading:
    title, category = one.told("name"), _category(one.event)
    text = next((text_of(part) for part in one.event.iter() if part.get("itemprop") == "description"), "")
    meetings: tuple[Meeting, ...] = ()
    if is_sitting(title, category):
        meeting = Meeting(
            uid=uid,
            body=category if category and A_BODY.search(category) else title or category,
            date=one.day,
            starts_at=in_zone(one.day, one.hour, feed.timezone) if one.hour else None,
            timezone=feed.timezone,
            status=status_said(title),
            location=_location(one.event),
            url=address,
        )
        meetings = (meeting,)
    item = Item(uid, ItemKind.NOTICE, title, text or None, address, None, meeting_uid=uid if meetings else None)
    # A meeting without a description says nothing that the meeting itself does not say.
    return Reading(meetings=meetings, items=(item,) if title and (text or not meetings) else ())


def _location(event: HtmlElement) -> str | None:
    place = next((part for part in event.iter() if part.get("itemprop") == "location"), None)
    if place is None:
        return None
    parts = [words(part) for part in place.iter() if part.get("itemprop") in ("name", "streetAddress")]
    return ", ".join(dict.fromkeys(part for part in parts if part)) or words(place) or None


def _category(event: HtmlElement) -> str | None:
    """The calendar that the event stands in: a city keeps one for each of its bodies."""
    for ancestor in event.iterancestors():
        if re.fullmatch(r"CID\d+", ancestor.get("id") or ""):
            return words(next(iter(ancestor.find_class("title")), None)) or None
    return None
