"""Legistar's Web API: the calendar, the agenda of each meeting, and the matters that changed.

The API is OData v3 (https://webapi.legistar.com/Help). A feed's `url` is the client's root, such as
https://webapi.legistar.com/v1/seattle.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import in_zone, local_day, local_hour
from oversight.domain.reading import Document, Item, ItemKind, Matter, Meeting, MeetingStatus, Reading, joined
from oversight.errors import FeedError
from oversight.platforms import register

ACCEPT = "application/json"  # some tenants answer XML unless asked
PAGE = 1_000
DAYS_BACK = 7
DAYS_BACK_AT_FIRST = 30
DAYS_AHEAD = 30
REREAD_DAYS = 3  # not every change moves a matter's last-modified stamp

Row = dict[str, Any]

ASKED_DAYS = re.compile(r"EventDate.ge.datetime'([\d-]{10})'.and.EventDate.lt.datetime'([\d-]{10})'")

STATUS_WORDS = {
    "cancel": MeetingStatus.CANCELLED,
    "resched": MeetingStatus.RESCHEDULED,
    "postpone": MeetingStatus.RESCHEDULED,
    "final": MeetingStatus.CONFIRMED,
    "published": MeetingStatus.CONFIRMED,
    **dict.fromkeys(("draft", "tentative", "not viewable"), MeetingStatus.TENTATIVE),
}


@register("legistar")
class Legistar:
    """One calendar question and one question for changed matters a poll; agendas only of meetings that changed."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        return None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        today = state.now.date()
        back = DAYS_BACK if state.last_ok_at else DAYS_BACK_AT_FIRST
        since = today - timedelta(days=back)
        until = today + timedelta(days=DAYS_AHEAD)
        changed = state.last_ok_at.date() - timedelta(days=REREAD_DAYS) if state.last_ok_at else since
        return [
            _ask(
                f"{_root(feed)}/events?$filter=EventDate+ge+{_stamp(since)}+and+EventDate+lt+{_stamp(until)}"
                f"&$orderby=EventDate+desc&$top={PAGE}"
            ),
            _ask(
                f"{_root(feed)}/matters?$filter=MatterLastModifiedUtc+gt+{_stamp(changed)}"
                f"&$orderby=MatterLastModifiedUtc&$top={PAGE}"
            ),
        ]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        rows = _rows(answer.body)
        site = _site(feed)
        found = joined(_reading_of(row, feed, site) for row in rows if _is_asked_for(row, answer.url))
        following = (*found.next, *_next_page(answer.url, len(rows)))
        return replace(
            found,
            items=_unique(found.items),
            meetings=_unique(found.meetings),
            next=tuple({request.url: request for request in following}.values()),
        )


def _root(feed: Feed) -> str:
    return feed.url.rstrip("/")


def _is_asked_for(row: Row, url: str) -> bool:
    """Whether an event lies in the days that the question named: some tenants ignore the filter (Nashville)."""
    asked = ASKED_DAYS.search(unquote(url))
    day = local_day(row.get("EventDate"))
    return asked is None or day is None or asked.group(1) <= day.isoformat() < asked.group(2)


def _ask(url: str, revision: str | None = None) -> Request:
    return Request(url, accept=ACCEPT, revision=revision)


def _stamp(day: date) -> str:
    return f"datetime'{day.isoformat()}'"


def _rows(body: bytes) -> list[Row]:
    try:
        parsed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is not JSON: {error}") from error
    if isinstance(parsed, dict):
        parsed = parsed.get("value", [parsed])
    if not isinstance(parsed, list):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is JSON, but not a list of rows")
    return [row for row in parsed if isinstance(row, dict)]


def _next_page(url: str, count: int) -> list[Request]:
    """The page after a full one; an answer read from a file has no address and so no next page."""
    if count < PAGE or "$top=" not in url:
        return []
    skip = int((parse_qs(urlsplit(url).query).get("$skip") or ["0"])[0]) + PAGE
    return [_ask(re.sub(r"&\$skip=\d+", "", url) + f"&$skip={skip}")]


def _reading_of(row: Row, feed: Feed, site: str | None) -> Reading:
    for field, read in READERS.items():
        if row.get(field) is not None:
            return read(row, feed, site)
    shape = next(iter(row), "nothing")
    return Reading(warnings=(f"rows that start with {shape} carry no meetings, items or matters",))


def _read_event(row: Row, feed: Feed, site: str | None) -> Reading:
    day = local_day(row.get("EventDate"))
    starts_at, warnings = _starts_at(day, row.get("EventTime"), feed.timezone)
    identifier = row["EventId"]
    meeting = Meeting(
        uid=f"event-{identifier}",
        body=row.get("EventBodyName"),
        date=day,
        starts_at=starts_at,
        timezone=feed.timezone,
        status=_status(row),
        location=row.get("EventLocation"),
        url=row.get("EventInSiteURL"),
        agenda_url=row.get("EventAgendaFile"),
        minutes_url=row.get("EventMinutesFile"),
        video_url=row.get("EventVideoPath"),
    )
    inside = joined(
        _read_event_item(item, feed, site)
        for name in ("EventItems", "items")
        for item in row.get(name) or []
        if isinstance(item, dict) and item.get("EventItemId") is not None
    )
    address = f"{_root(feed)}/events/{identifier}/eventitems?AgendaNote=1&MinutesNote=1&Attachments=1"
    following = () if inside.items else (_ask(address, _revision(row)),)
    return replace(inside, meetings=(meeting,), next=following, warnings=warnings)


def _read_event_item(row: Row, feed: Feed, site: str | None) -> Reading:
    if row.get("EventItemAgendaSequence") is None:
        return Reading()  # a row without a place on the agenda is a note of the clerk's
    title = row.get("EventItemTitle") or row.get("EventItemMatterName") or ""
    notes = (row.get(f"EventItem{name}") for name in ("AgendaNote", "ActionText", "MinutesNote", "MatterName"))
    file = row.get("EventItemMatterFile")
    item = Item(
        uid=f"eventitem-{row['EventItemId']}",
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text="\n\n".join(dict.fromkeys(note for note in notes if note and note != title)) or None,
        url=_matter_url(site, row.get("EventItemMatterId"), row.get("EventItemMatterGuid")),
        published=None,
        meeting_uid=f"event-{row.get('EventItemEventId')}",
        matter_file=file,
        sequence=row.get("EventItemAgendaSequence"),
        outcome=row.get("EventItemPassedFlagName") or row.get("EventItemActionName"),
    )
    matter = Matter(file, title, row.get("EventItemMatterType"), row.get("EventItemMatterStatus")) if file else None
    attachments = row.get("EventItemMatterAttachments") or row.get("Attachments") or []
    return Reading(
        items=(item,) if title or item.text else (),
        matters=(matter,) if matter else (),
        documents=tuple(
            Document(attachment["MatterAttachmentHyperlink"], attachment.get("MatterAttachmentName"), None)
            for attachment in attachments
            if isinstance(attachment, dict) and attachment.get("MatterAttachmentHyperlink")
        ),
    )


def _read_matter(row: Row, feed: Feed, site: str | None) -> Reading:
    title = row.get("MatterTitle") or row.get("MatterName") or ""
    file = row.get("MatterFile")
    item = Item(
        uid=f"matter-{row['MatterId']}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text="\n\n".join(
            dict.fromkeys(row[name] for name in ("MatterName", "MatterNotes") if row.get(name) and row[name] != title)
        )
        or None,
        url=_matter_url(site, row.get("MatterId"), row.get("MatterGuid")),
        published=in_zone(local_day(row.get("MatterIntroDate")), time(), feed.timezone),
        matter_file=file,
        outcome=row.get("MatterStatusName"),
    )
    matter = Matter(file, title, row.get("MatterTypeName"), row.get("MatterStatusName")) if file else None
    return Reading(items=(item,) if title else (), matters=(matter,) if matter else ())


READERS: dict[str, Callable[[Row, Feed, str | None], Reading]] = {
    "EventId": _read_event,
    "EventItemId": _read_event_item,
    "MatterId": _read_matter,
}


def _status(row: Row) -> MeetingStatus:
    """What the agenda's status says, unless a comment calls the meeting off: its agenda often stays `Final`."""
    agenda = str(row.get("EventAgendaStatusName") or "").casefold()
    everything = f"{agenda} {row.get('EventComment') or ''} {row.get('EventLocation') or ''}".casefold()
    for word, status in STATUS_WORDS.items():
        if word in (agenda if status is MeetingStatus.CONFIRMED else everything):
            return status
    return MeetingStatus.UNKNOWN


def _revision(row: Row) -> str:
    """The whole row, because publishing an agenda does not always move the last-modified stamp."""
    return digest(json.dumps(row, sort_keys=True))


def _starts_at(day: date | None, text: object, timezone: str | None) -> tuple[datetime | None, tuple[str, ...]]:
    if day is None or not text:
        return None, ()
    hour = local_hour(str(text))
    if hour is None:
        return None, (f"unreadable hour {str(text)[:40]!r}",)
    if timezone is None:
        return None, ("the feed names no time zone, so no hour of a meeting is known",)
    return in_zone(day, hour, timezone), ()


def _site(feed: Feed) -> str | None:
    """The tenant's public site; its name is the last part of the API's address."""
    client = urlsplit(_root(feed)).path.rpartition("/")[2]
    return f"https://{client}.legistar.com" if re.fullmatch(r"[a-z0-9-]+", client, re.I) else None


def _matter_url(site: str | None, identifier: object, guid: object) -> str | None:
    return f"{site}/LegislationDetail.aspx?ID={identifier}&GUID={guid}" if site and identifier and guid else None


def _unique(things: Iterable[Any]) -> tuple[Any, ...]:
    """One of each uid, the last one said: the API is known to return a meeting twice."""
    return tuple({thing.uid: thing for thing in things}.values())
