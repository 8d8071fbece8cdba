"""BoardDocs: all meetings with their agendas in one XML document, or a list of meetings and an agenda for each.

A feed's `url` is .../Board.nsf/XML-ActiveMeetings, or .../Board.nsf/BD-GetMeetingsList?open, which is a POST and takes
the committee from `&current_committee_id=`.
"""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from oversight.domain.asked_days import beside, days_beside, is_asked
from oversight.domain.cleaning import text_of_html
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone, local_day
from oversight.domain.meeting_words import status_said
from oversight.domain.page import parse_page, text_of, words
from oversight.domain.reading import Days, Item, ItemKind, Meeting, MeetingStatus, Reading, joined
from oversight.domain.refusal import refusal
from oversight.domain.web_query import origin_of
from oversight.domain.window import calendar_days
from oversight.errors import FeedError
from oversight.platforms import register

NAME = "BoardDocs"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
MAIN_BOARD = "A4EP6J588C05"  # the id that BoardDocs gives to the first board of a new site
ROOT = re.compile(r"https?://[^/?#]+/(?:[^?#]*?/)?[^/?#]+\.nsf", re.I)
HOST = re.compile(r"https?://((?:www|go)\.boarddocs\.com)(/[^/?#]+/[^/?#]+/[^/?#]+\.nsf)", re.I)
ADDRESS = re.compile(r"""https?://[^\s"'<>]{1,200}?/goto\?open&(amp;)?id=([A-Za-z0-9]{8,16})\b""")
NO_NAME = re.compile(
    r"^\s*cancell?ed\s*[-:]\s*|\s*(?:(?:@|\bat\b|[-,])?\s*\b\d{1,2}(?::\d{2})?\s*[ap]\.?m\b|[-(:]\s*cancell?ed\b).*$",
    re.I | re.S,
)
CAPITALS = re.compile(r"\bCANCELL?ED\b")


@register("boarddocs")
class BoardDocs:
    """One document or one list a poll; only meetings of the days asked about are kept, for both tell of many years."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        found = HOST.match(address.strip())
        if found is None:
            return None
        root = f"https://go.boarddocs.com{found.group(2)}"
        if "bd-getmeetingslist" not in address.casefold():
            return f"{root}/XML-ActiveMeetings"
        return f"{root}/BD-GetMeetingsList?open" + (f"&{_committee(address)}" if "committee_id=" in address else "")

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        url = beside(feed.url, calendar_days(state))
        if "bd-getmeetingslist" in feed.url.casefold():
            return [_post(url, feed, _committee(feed.url))]
        return [Request(url, accept="text/xml, application/xml, application/json;q=0.9, */*;q=0.5")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        text = decode_document(answer.body, answer.headers.get("content-type", "")).strip()
        if not text:
            raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
        days = days_beside(answer)
        if text[0] in "[{":
            return replace(joined(_read_row(row, feed, days) for row in _rows(text)), covers=days)
        if re.search(r"<meetings\b|<!ENTITY\b", text[:5_000]):
            return _read_document(text, feed, days)
        return _read_page(parse_page(answer.body, answer.headers.get("content-type", "")), feed, answer, text)


def _committee(url: str) -> str:
    asked = parse_qs(urlsplit(url).query).get("current_committee_id", [MAIN_BOARD])
    return urlencode({"current_committee_id": asked[0]}, errors="replace")


def _root(feed: Feed) -> str:
    found = ROOT.match(feed.url)
    return found.group() if found else feed.url.rstrip("/")


def _post(url: str, feed: Feed, body: str) -> Request:
    # The host answers 403 to a POST that does not look as if its own page had sent it.
    headers = (
        ("Origin", origin_of(feed.url)),
        ("Referer", f"{_root(feed)}/Public"),
        ("X-Requested-With", "XMLHttpRequest"),
    )
    return Request(url, body=body, content_type=FORM, headers=headers)


def _address(feed: Feed, unique: str) -> str:
    return f"{_root(feed)}/goto?open&id={unique}"


def _meeting(feed: Feed, unique: str, name: str, day: date | None, about: str = "") -> Meeting:
    """A meeting; the hour stands in its name, or in the notice that goes with it."""
    hour = hour_in(name) or hour_in(about)
    return Meeting(
        uid=unique,
        body=NO_NAME.sub("", name) or name or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(name, *CAPITALS.findall(about)),
        url=_address(feed, unique),
    )


def _rows(text: str) -> list[Any]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is not whole JSON: {error}"[:300]) from error
    if not isinstance(rows, list) or (rows and not any(_unique(row) or row == {} for row in rows)):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is JSON, but not a list of BoardDocs' meetings")
    return rows


def _unique(row: object) -> str:
    found = (row.get("unique") or row.get("Unique")) if isinstance(row, dict) else None
    return found.strip() if isinstance(found, str) else ""


def _read_row(row: Any, feed: Feed, days: Days | None) -> Reading:
    if row == {}:
        return Reading()  # every list ends with one
    unique = _unique(row)
    if not unique:
        return Reading(warnings=("a row of the list names no meeting",))
    number = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", str(row.get("numberdate")))
    day = local_day("-".join(number.groups()) if number else row.get("Date"))
    if not is_asked(day, days):
        return Reading()
    name, about = (text_of_html(_string(row, key) or _string(row, key.title())) for key in ("name", "description"))
    body = f"{urlencode({'id': unique}, errors='replace')}&{_committee(feed.url)}"
    question = replace(
        _post(f"{_root(feed)}/BD-GetAgenda?open", feed, body),
        revision=digest(json.dumps(row, sort_keys=True)),
        again_on=day,
        meeting_uid=unique,
    )
    meeting = _meeting(feed, unique, " ".join(name.split()), day, about)
    return Reading(meetings=(meeting,), next=() if meeting.status is MeetingStatus.CANCELLED else (question,))


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _read_document(text: str, feed: Feed, days: Days | None) -> Reading:
    text = re.sub(r"<!DOCTYPE[^>\[]*>", "", re.sub(r"^<\?xml[^>]*>", "", text), flags=re.I)
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.I):
        raise FeedError(Outcome.PARSE_ERROR, "the document declares entities of its own, which is refused")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(Outcome.PARSE_ERROR, f"the document is not XML: {error}"[:300]) from error
    if root is None or root.tag != "meetings":
        raise FeedError(Outcome.NOT_A_FEED, "the document is not a list of BoardDocs' meetings")
    found = [_read_meeting(element, feed, days) for element in root.iterchildren("meeting")]
    # A feed keeps a limited number of items: those of the newest meetings.
    found.sort(key=lambda one: max((meeting.date or date.max for meeting in one.meetings), default=date.min))
    warnings = () if not parser.error_log else (f"not well-formed: {parser.error_log[0].message}"[:300],)
    return replace(joined(reversed(found)), warnings=warnings)


def _read_meeting(element: Any, feed: Feed, days: Days | None) -> Reading:
    unique = element.get("id")
    day = local_day(element.findtext("start/date", "").strip()) or day_in(element.findtext("start/english/date", ""))
    if not unique or not is_asked(day, days):
        return Reading()
    name, about = _said(element, "name"), _said(element, "description")
    meeting = _meeting(feed, unique, name, day, about)
    rows = [row for row in element.iterfind("category/agendaitems/item") if row.get("id")]
    return Reading(
        meetings=(replace(meeting, body=element.get("bodyname") or meeting.body, url=_link(element, meeting.url)),),
        items=_numbered((_item(feed, row.get("id"), _said(row, "name"), _link(row, None)) for row in rows), unique),
    )


def _said(element: Any, name: str) -> str:
    return " ".join(text_of_html(element.findtext(name, "")).split())


def _link(element: Any, otherwise: str | None) -> str | None:
    link: str = element.findtext("link", "").strip()
    return link if link.startswith(("http://", "https://")) else otherwise


def _item(feed: Feed, uid: str, title: str, url: str | None = None) -> Item:
    return Item(uid, ItemKind.AGENDA_ITEM, title, text=None, url=url or _address(feed, uid), published=None)


def _numbered(items: Iterable[Item], meeting: str | None) -> tuple[Item, ...]:
    return tuple(replace(item, meeting_uid=meeting, sequence=place) for place, item in enumerate(items, 1))


def _read_page(page: HtmlElement, feed: Feed, answer: Answer, text: str) -> Reading:
    """The page of one meeting, or the agenda of one."""
    rows = [row for row in _classed(page, "item") if row.get("unique")]
    if rows or _classed(page, "wrap-category"):
        found = (_item(feed, row.get("unique", ""), _title(row)) for row in rows)
        return Reading(items=_numbered(found, answer.meeting_uid))
    named = ADDRESS.search(text)
    unique = answer.meeting_uid or (named.group(2) if named else "")
    if not unique or not _classed(page, "meeting-name"):
        raise refusal(text, NAME)
    name, day, about = (_first(page, f"meeting-{part}") for part in ("name", "date", "description"))
    meeting = _meeting(feed, unique, words(name), day_in(words(day)), text_of(about))
    return Reading(meetings=(replace(meeting, url=html.unescape(named.group()) if named else meeting.url),))


def _classed(page: HtmlElement, name: str) -> list[HtmlElement]:
    found: Iterable[Any] = page.find_class(name)
    return list(found)


def _first(page: HtmlElement, name: str) -> HtmlElement | None:
    return next(iter(_classed(page, name)), None)


def _title(row: HtmlElement) -> str:
    return " ".join(part for part in (words(_first(row, "order")), words(_first(row, "title"))) if part)
