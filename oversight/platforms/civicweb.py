"""CivicWeb (iCompass, Diligent Community): the list of meetings, and each meeting's documents with the agenda in them.

A feed's `url` is https://{client}.civicweb.net/Portal/MeetingTypeList.aspx.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any
from urllib.parse import quote, urlsplit

from oversight.domain.asked_days import is_asked
from oversight.domain.cleaning import text_of_html
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone, local_day
from oversight.domain.marked_page import Piece, pieces
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page
from oversight.domain.reading import Days, Document, Item, ItemKind, Meeting, MeetingStatus, Reading, joined
from oversight.domain.refusal import refusal
from oversight.domain.web_query import origin_of
from oversight.domain.window import calendar_days
from oversight.errors import FeedError
from oversight.platforms import register

NAME = "CivicWeb"
ACCEPT = "application/json"
SERVICE = "Services/MeetingsService.svc/meetings"
HOST = re.compile(
    r"(?:https?://)?([a-z0-9-]+\.(?:civicweb\.net|community\.(?:highbond|diligentoneplatform)\.com))(?:[/?#]|$)", re.I
)
ASKED = re.compile(r"[?&]from=(\d{4}-\d{2}-\d{2})&to=(\d{4}-\d{2}-\d{2})")
MARK = re.compile(r"Agenda(?:Item|Heading)\d+")
SAID = re.compile(r"\s*\b(?:cancell?ed|no meeting|postponed|rescheduled)\b\s*", re.I)
CALLED_OFF = re.compile(r"\bmeeting (?:has been|was|is) (?:cancell?ed|postponed)|\bCANCELL?ED\b")
MIDNIGHT = time()
AGENDAS, MINUTES = (1, 4), (2, 9, 10)

Row = dict[str, Any]


@register("civicweb")
class CivicWeb:
    """One list a poll; the documents of each meeting of the days asked about that is published."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        found = HOST.match(address.strip())
        return f"https://{found.group(1).lower()}/Portal/MeetingTypeList.aspx" if found else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        # Without both ends of the days the service answers with no meeting at all.
        return [
            Request(f"{origin_of(feed.url)}/{SERVICE}?from={days.first}&to={days.last}&loadall=false", accept=ACCEPT)
        ]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        text = decode_document(answer.body, answer.headers.get("content-type", "")).strip()
        if not text:
            raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
        asked = _asked_days(answer)
        rows = _rows(text)
        documents = [row for row in rows if "DocumentType" in row]
        found = joined(_read_row(row, feed, asked) for row in rows if "DocumentType" not in row)
        return replace(joined([found, _read_documents(documents, feed, answer)]), covers=asked)


def _asked_days(answer: Answer) -> Days | None:
    found = ASKED.search(answer.request.url if answer.request else answer.url)
    first, last = (local_day(part) for part in found.groups()) if found else (None, None)
    return Days(first, last) if first and last else None


def _rows(text: str) -> list[Row]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal(text, NAME) from error
    parsed = parsed.get("Documents", [parsed]) if isinstance(parsed, dict) else parsed
    if not isinstance(parsed, list):
        raise refusal(text, NAME)
    rows = [row for row in parsed if isinstance(row, dict) and type(row.get("Id")) is int]
    if parsed and not any("Name" in row for row in rows):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is JSON, but neither CivicWeb's meetings nor its documents")
    return rows


def _string(row: Row, name: str) -> str:
    value = row.get(name)
    return " ".join(text_of_html(value).split()) if isinstance(value, str) else ""


def _portal(feed: Feed, meeting: object) -> str:
    return f"{origin_of(feed.url)}/Portal/MeetingInformation.aspx?Org=Cal&Id={meeting}"


def _read_row(row: Row, feed: Feed, asked: Days | None) -> Reading:
    name = _string(row, "Name")
    day = local_day(row.get("MeetingDate")) or local_day(row.get("MeetingDateTime")) or day_in(name)
    meeting = _meeting(row, feed, day)
    is_off = meeting.status is MeetingStatus.CANCELLED or row.get("Published") is False
    if is_off or not is_asked(day, asked):
        return Reading(meetings=(meeting,))
    question = Request(
        f"{origin_of(feed.url)}/{SERVICE}/{row['Id']}/meetingDocuments",
        accept=ACCEPT,
        revision=digest(json.dumps(row, sort_keys=True)),
        again_on=day,
        meeting_uid=meeting.uid,
    )
    return Reading(meetings=(meeting,), next=(question,))


def _meeting(row: Row, feed: Feed, day: date | None) -> Meeting:
    """A meeting of the list; midnight stands for an hour that is not set."""
    name, place = _string(row, "Name"), _string(row, "MeetingLocation") or _string(row, "Location")
    hour = hour_in(_string(row, "MeetingTime") or _string(row, "Time"))
    is_published = row.get("Published") is True
    url = _portal(feed, row["Id"])
    return Meeting(
        uid=str(row["Id"]),
        body=_body(name) or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and hour != MIDNIGHT else None,
        timezone=feed.timezone,
        status=status_said(name, otherwise=MeetingStatus.CONFIRMED if is_published else MeetingStatus.UNKNOWN),
        location=None if place.casefold() in ("", "tbd", "n/a") else place,
        url=url,
        agenda_url=url if is_published else None,
    )


def _body(name: str) -> str:
    """`Planning Commission` of `CANCELLED - Planning Commission - Dec 17 2024`."""
    parts = re.split(r"\s+-\s+|-\s+", name)
    kept = [SAID.sub("", part).strip(" .") for part in parts if day_in(part) is None]
    return " - ".join(part for part in kept if part) or name


def _read_documents(rows: list[Row], feed: Feed, answer: Answer) -> Reading:
    """The agenda's items are those of the agenda; where there is none, those of the minutes."""
    readings = []
    numbered = [row for row in rows if type(row.get("MeetingId")) is int]
    for meeting in dict.fromkeys(row["MeetingId"] for row in numbered):
        own = [row for row in numbered if row["MeetingId"] == meeting]
        own.sort(key=lambda row: row.get("DocumentType") not in AGENDAS)
        found = next((found for row in own if (found := _agenda(row, feed, str(meeting))).items), Reading())
        about = () if answer.meeting_uid else (_told(own, feed, meeting),)
        files = tuple(_document(row, feed, str(meeting)) for row in own)
        readings.append(replace(found, meetings=about, documents=(*files, *found.documents)))
    return joined(readings)


def _told(rows: list[Row], feed: Feed, meeting: int) -> Meeting:
    """What documents say of a meeting that nobody asked about by its number: no more than its name and its end."""
    words = "\n".join(text_of_html(row[name]) for row in rows for name in ("AgendaCover", "Html") if _string(row, name))
    name = _string(rows[0], "Name")
    told = _meeting({"Id": meeting, "Name": name}, feed, day_in(name))
    return replace(told, status=status_said(name, *CALLED_OFF.findall(words)))


def _document(row: Row, feed: Feed, meeting: str) -> Document:
    is_page, name = bool(_string(row, "Html")), _string(row, "Name")
    kind = row.get("DocumentType")
    title = "Agenda" if kind in AGENDAS else "Minutes" if kind in MINUTES else name
    end = "" if is_page or not name else f"{quote(name, safe='', errors='replace')}.pdf"
    media_type = "text/html" if is_page else "application/pdf"
    return Document(f"{origin_of(feed.url)}/document/{row['Id']}/{end}", title, media_type, meeting_uid=meeting)


def _agenda(row: Row, feed: Feed, meeting: str) -> Reading:
    markup = row.get("Html")
    if not isinstance(markup, str) or not markup.strip():
        return Reading()
    try:
        parts = pieces(parse_page(markup.encode("utf-8", "surrogatepass")), MARK)
    except FeedError as error:
        return Reading(warnings=(f"an agenda cannot be read: {error}",))
    found = {part.mark: _item(part, feed, meeting) for part in parts if part.mark.startswith("AgendaItem")}
    items = [item for item in found.values() if item.title]
    return Reading(
        items=tuple(replace(item, sequence=place) for place, item in enumerate(items, 1)),
        documents=tuple(_attachments(parts, feed, meeting)),
    )


def _item(part: Piece, feed: Feed, meeting: str) -> Item:
    attached = {said for href, said in part.links if "/document/" in href}
    # Where an item is nothing but a file, the file's name is what it is called.
    title, *rest = [line for line in part.lines if line not in attached] or part.lines[:1] or [""]
    return Item(
        uid=_uid(part, meeting),
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text="\n".join(rest) or None,
        url=_portal(feed, meeting),
        published=None,
        meeting_uid=meeting,
    )


def _uid(part: Piece, meeting: str) -> str:
    return f"{meeting}-{part.mark.removeprefix('AgendaItem')}"


def _attachments(parts: list[Piece], feed: Feed, meeting: str) -> Iterator[Document]:
    for part in parts:
        owner = _uid(part, meeting) if part.mark.startswith("AgendaItem") else None
        for href, said in part.links:
            address = absolute(href, f"{origin_of(feed.url)}/")
            if address is not None and "/document/" in address:
                is_pdf = urlsplit(address).path.casefold().endswith(".pdf")
                media_type = "application/pdf" if is_pdf else None
                yield Document(address, said or None, media_type, item_uid=owner, meeting_uid=meeting)
