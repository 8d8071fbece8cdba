"""The calendar of a CivicPlus site: the list of events, and the page of one event."""

import re
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
A_SITTING = re.compile(
    r"\b(meetings?|councils?|commission(ers)?|committees?|boards?|hearings?|workshops?|sessions?|town hall"
    r"|authority|task force|trustees|selectmen|select board|supervisors|aldermen|caucus|agendas?)\b",
    re.I,
)


def is_calendar(tree: HtmlElement) -> bool:
    """Whether a page is the calendar or one of its events."""
    if tree.get_element_by_id("calendarSelectors", None) is not None:
        return True
    return any(EVENT.search(link.get("href") or "") for link in tree.iter("a")) and bool(_events(tree))


def is_sitting(*texts: str | None) -> bool:
    """Whether an event is of a body that sits, and not a story hour: the calendar holds both."""
    return any(A_SITTING.search(re.sub(r"[-_+]", " ", text)) for text in texts if text)


def read_calendar(tree: HtmlElement, feed: Feed, url: str) -> Reading:
    """The meetings and other events of a calendar page."""
    found = [(event, _identifier(event, tree, url), _day(event)) for event in _events(tree)]
    known = [(event, identifier, day) for event, identifier, day in found if identifier]
    uids = unlike([f"event-{identifier}" for _, identifier, _ in known], [day for _, _, day in known])
    lost = len(found) - len(known)
    parts = [_read_event(event, uid, feed, url) for (event, _, _), uid in zip(known, uids, strict=True)]
    warnings = (f"{lost} events have no number",) if lost else ()
    reading = joined(parts)
    return Reading(
        items=tuple({item.uid: item for item in reading.items}.values()),
        meetings=tuple({meeting.uid: meeting for meeting in reading.meetings}.values()),
        warnings=warnings,
        covers=_covers(url),
    )


def _events(tree: HtmlElement) -> list[HtmlElement]:
    return [event for event in tree.iter() if (event.get("itemtype") or "").rstrip("/").endswith("schema.org/Event")]


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


def _entry(event: HtmlElement) -> HtmlElement:
    """The event with what stands about it: its entry in the list, or else the page that is all about it."""
    entry = next(event.iterancestors("li"), None)
    page = event.getroottree().getroot()
    return entry if entry is not None else page if len(_events(page)) == 1 else event


def _identifier(event: HtmlElement, tree: HtmlElement, url: str) -> str | None:
    said = [link.get("href") or "" for link in _entry(event).iter("a")]
    address = tree.find(".//meta[@property='og:url']")
    said += [url, (address.get("content") or "") if address is not None else ""]
    return next((match[1] for text in said if (match := EVENT.search(text))), None)


def _property(event: HtmlElement, name: str) -> str:
    for element in event.iter():
        if element.get("itemprop") == name:
            return words(element) or element.get("content") or element.get("datetime") or ""
    return ""


def _day(event: HtmlElement) -> date | None:
    return local_day(_property(event, "startDate")) or day_in(_property(event, "startDate") or _written(event))


def _written(event: HtmlElement) -> str:
    return next((words(element) for element in _entry(event).find_class("date")), "")


def _hour(event: HtmlElement) -> time | None:
    """The hour that the page shows to readers; midnight and "all day" tell none."""
    written = _written(event)
    if re.search(r"all day|12:00 AM\W{1,5}11:59 PM", written, re.I):
        return None
    hour = hour_in(written) or hour_in(_property(event, "startDate").partition("T")[2])
    return hour if hour != time() else None


def _read_event(event: HtmlElement, uid: str, feed: Feed, url: str) -> Reading:
    title, category, day = _property(event, "name"), _category(event), _day(event)
    text = next((text_of(part) for part in event.iter() if part.get("itemprop") == "description"), "")
    number = uid.split("-")[1]
    address = absolute(f"/Calendar.aspx?EID={number}", url or feed.url)
    hour = _hour(event)
    meetings: tuple[Meeting, ...] = ()
    if is_sitting(title, category):
        meeting = Meeting(
            uid=uid,
            body=category or title or None,
            date=day,
            starts_at=in_zone(day, hour, feed.timezone) if hour else None,
            timezone=feed.timezone,
            status=status_said(title),
            location=_location(event),
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
