"""Rows of Legistar's Web API (https://webapi.legistar.com/Help): events, their items, matters and their histories."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from oversight.domain.feed import Answer, Feed, Outcome
from oversight.domain.local_time import local_day
from oversight.domain.reading import Item, ItemKind, Matter, MatterStep, Meeting, Reading, joined
from oversight.errors import FeedError
from oversight.platforms.legistar_api import (
    Row,
    Tenant,
    address_of,
    covered,
    file_asked_for,
    is_asked_for,
    items_question,
    matter_asked_for,
    next_page,
)
from oversight.platforms.legistar_matters import (
    Place,
    attached_to,
    listed_in,
    read_attachment,
    read_history,
    read_matter,
    read_vote,
    revision_of,
    text_in,
    votes_in,
    without_echoes,
)
from oversight.platforms.legistar_words import how_to_comment, starts_at, status_of

VIDEO = ("EventVideoPath", "EventMedia")  # the latter is an address, or a number of no use here
Sitting = tuple[date | None, str | None]

# Some tenants put what is only for the printed page among the items.
CHROME = re.compile(r"\W*page break\W*", re.I)
NAMES = re.compile(r"(?:Action|Body|CodeSection|Event|Index|Matter|Office|Person|RollCall|Vote)\w*(?:Id|Guid)")


def read_rows(feed: Feed, answer: Answer, parsed: object) -> Reading:
    """One answer of the API; raises FeedError for JSON that is no list of its rows."""
    url, tenant = address_of(answer), Tenant.of(feed)
    rows = _rows(parsed, is_api=url.startswith(f"{tenant.root}/"))
    place = Place(tenant, feed.timezone, matter_asked_for(answer), file_asked_for(answer))
    found = joined(_reading_of(row, place) for row in without_echoes(rows) if is_asked_for(row, url))
    following = (*found.next, *next_page(tenant, url, rows, len(rows)))
    return replace(
        found,
        items=_unique(found.items),
        meetings=_unique(found.meetings),
        next=tuple({request.url: request for request in following}.values()),
        covers=covered(rows, url),
    )


def _rows(parsed: object, *, is_api: bool) -> list[Row]:
    """The rows; a list from the API itself may hold rows of a kind that is not known yet."""
    listed = parsed.get("value", [parsed]) if isinstance(parsed, dict) else parsed
    if not isinstance(listed, list):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is JSON, but not a list of rows")
    rows = [row for row in listed if isinstance(row, dict)]
    is_list_of_api = is_api and listed is parsed and bool(rows)
    if listed and not is_list_of_api and not any(_is_legistar(row) for row in rows):
        said = next((text for row in rows if (text := text_in(row, "Message"))), "no row of its API")
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is JSON, but not Legistar's: {said[:200]}")
    return rows


def _is_legistar(row: Row) -> bool:
    return any(NAMES.fullmatch(name) for name in row) or row.keys() == {"Key", "Value"}


def _reading_of(row: Row, place: Place) -> Reading:
    for field, read in READERS.items():
        if text_in(row, field) is not None:
            return read(row, place)
    shape = next(iter(row), "nothing")[:60]
    return Reading(warnings=(f"rows that start with {shape} carry no meetings, items or matters",))


def _read_event(row: Row, place: Place) -> Reading:
    day = local_day(row.get("EventDate"))
    hour, comment, location = (text_in(row, f"Event{name}") for name in ("Time", "Comment", "Location"))
    moment, warnings = starts_at(day, hour, place.timezone)
    identifier = str(text_in(row, "EventId"))
    meeting = Meeting(
        uid=f"event-{identifier}",
        body=text_in(row, "EventBodyName"),
        date=day,
        starts_at=moment,
        timezone=place.timezone,
        status=status_of(text_in(row, "EventAgendaStatusName"), comment, location, hour),
        location=location,
        url=text_in(row, "EventInSiteURL"),
        agenda_url=text_in(row, "EventAgendaFile"),
        minutes_url=text_in(row, "EventMinutesFile"),
        video_url=next((path for name in VIDEO if (path := text_in(row, name)) and path.startswith("http")), None),
        how_to_comment=how_to_comment(comment),
    )
    rows = [item for name in ("EventItems", "items") for item in listed_in(row, name) if text_in(item, "EventItemId")]
    inside = joined(_read_event_item(item, place, (day, meeting.body)) for item in rows)
    about = {"revision": revision_of(row), "again_on": day, "meeting_uid": meeting.uid}
    following = () if inside.items else (items_question(place.tenant, identifier, **about),)
    return replace(inside, meetings=(meeting,), next=following, warnings=warnings)


def _read_event_item(row: Row, place: Place, sitting: Sitting | None = None) -> Reading:
    sequence = text_in(row, "EventItemAgendaSequence")
    if sequence is None:
        return Reading()  # a row without a place on the agenda is a note of the clerk's
    title = text_in(row, "EventItemTitle") or text_in(row, "EventItemMatterName") or ""
    notes = (text_in(row, f"EventItem{name}") for name in ("AgendaNote", "ActionText", "MinutesNote", "MatterName"))
    file, url = text_in(row, "EventItemMatterFile"), place.tenant.matter_url(text_in(row, "EventItemMatterId"))
    item = Item(
        uid=f"eventitem-{text_in(row, 'EventItemId')}",
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text="\n\n".join(dict.fromkeys(note for note in notes if note and note != title)) or None,
        url=url,
        published=None,
        meeting_uid=f"event-{text_in(row, 'EventItemEventId')}",
        matter_file=file,
        sequence=int(sequence) if re.fullmatch(r"\d{1,9}", sequence) else None,
        outcome=text_in(row, "EventItemPassedFlagName") or text_in(row, "EventItemActionName"),
    )
    if CHROME.fullmatch(title):
        return Reading()
    kind, status = text_in(row, "EventItemMatterType"), text_in(row, "EventItemMatterStatus")
    return Reading(
        items=(item,) if title or item.text else (),
        matters=(Matter(file, title, kind, status, url),) if file else (),
        steps=_steps_of_item(row, file, sitting),
        documents=attached_to(row, item.uid),
    )


def _steps_of_item(row: Row, file: str | None, sitting: Sitting | None) -> tuple[MatterStep, ...]:
    """What a meeting whose own row is at hand did with an item; an item and its step share one number."""
    action = text_in(row, "EventItemActionName")
    if not file or not action or sitting is None:
        return ()
    day, body = sitting
    passed = text_in(row, "EventItemPassedFlagName")
    return (
        MatterStep(
            file, f"history-{text_in(row, 'EventItemId')}", day, body, action, passed, votes_in(row, "EventItem")
        ),
    )


READERS: dict[str, Callable[[Row, Place], Reading]] = {
    "EventId": _read_event,
    "EventItemId": _read_event_item,
    "MatterId": read_matter,
    "MatterHistoryId": read_history,
    "MatterAttachmentId": read_attachment,
    "VoteId": read_vote,
}


def _unique(things: Iterable[Any]) -> tuple[Any, ...]:
    """One of each uid, the last one said: the API is known to return a meeting twice."""
    return tuple({thing.uid: thing for thing in things}.values())
