"""Granicus: a view's RSS feed or page of meetings, and the agenda or player page of each meeting.

A feed's `url` is ViewPublisherRSS.php (or ViewPublisher.php) of a council's host with its `view_id`, which nothing but
the council's own site tells.
"""

import re
from dataclasses import replace
from datetime import date, time
from html import unescape
from typing import Any
from urllib.parse import parse_qs

from lxml.html import HtmlElement

from oversight.domain.cleaning import text_of_html
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.local_time import in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Document, Item, ItemKind, Meeting, Reading
from oversight.domain.refusal import CHALLENGE
from oversight.domain.web_query import host_of, parts_of
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.granicus_agenda import is_agenda, read_agenda
from oversight.platforms.granicus_calendar import read_calendar
from oversight.platforms.granicus_listing import ask_for_agenda, read_listing
from oversight.platforms.granicus_player import is_player, read_player
from oversight.platforms.granicus_words import (
    AGENDA,
    MINUTES,
    VIDEO,
    Title,
    meeting_id,
    read_title,
    recent,
    unnumbered_id,
)
from oversight.platforms.rss import ACCEPT, document_in, entries_in

MODES = ("agendas", "minutes", "video", "vpodcast")
PAGES = re.compile(
    r"^/(ViewPublisher(RSS)?|(Generated)?AgendaViewer|MinutesViewer|MediaPlayer|MetaViewer|VPodcast|ViewSearchResults|DownloadFile)"
    r"\.php$|^/(player|videos)/",
    re.I,
)
FILES = ((b"%PDF", "application/pdf"), (b"PK\x03\x04", None), (b"\xd0\xcf\x11\xe0", "application/msword"))
ROOT = re.compile(r"<(rss|rdf:RDF|feed|html)[\s>]", re.I)
HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.I)
EMPTY_VIEW = "//*[@id='granicus' or @id='GranicusMainViewContent' or contains(@class, 'listingTable')]"


@register("granicus")
class Granicus:
    """One question a poll for the view, then the agendas of its recent meetings that changed."""

    may_be_empty = False
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        host, parts = host_of(address), parts_of(address)
        if parts is None or not host.endswith(".granicus.com") or not PAGES.match(parts.path):
            return None
        asked = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
        view, mode = asked.get("view_id", ""), asked.get("mode", "").lower()
        if not re.fullmatch(r"[0-9]+", view):
            return None
        return f"https://{host}/ViewPublisherRSS.php?view_id={view}&mode={mode if mode in MODES else MODES[0]}"

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(feed.url, accept=f"{ACCEPT}, text/html;q=0.8")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        file = next((kind for magic, kind in FILES if answer.body.startswith(magic)), "")
        if file != "":
            return _read_file(answer, file)
        text = document_in(answer)
        root = ROOT.search(text)
        return _read_rss(feed, text) if root and root.group(1).lower() != "html" else _read_page(feed, answer)


def _read_file(answer: Answer, media_type: str | None) -> Reading:
    """An agenda that is a document: told, so that its text can be read by what reads documents."""
    if not answer.url:
        return Reading(warnings=("the answer is a document without an address",))
    return Reading(documents=(Document(answer.url, None, media_type, meeting_uid=answer.meeting_uid),))


def _read_page(feed: Feed, answer: Answer) -> Reading:
    tree = parse_page(answer.body, answer.headers.get("content-type", ""))
    if is_player(tree):
        return read_player(tree, feed, answer)
    if is_agenda(tree):
        return read_agenda(tree, feed, answer)
    base = answer.url or feed.url
    found = read_listing(tree, feed, base) or read_calendar(tree, feed, base)
    if found is not None:
        return found
    heading = words(next(tree.iter("title"), None))
    if CHALLENGE.search(heading):
        raise FeedError(Outcome.HTTP_ERROR, "the host answered with a challenge to browsers instead of the page")
    if answer.meeting_uid is not None and answer.url:
        return _read_elsewhere(tree, feed, answer)
    if tree.xpath(EMPTY_VIEW):
        return Reading()
    raise FeedError(Outcome.NOT_A_FEED, "the answer is no feed, list, agenda or player page of Granicus")


def _read_elsewhere(tree: HtmlElement, feed: Feed, answer: Answer) -> Reading:
    """An agenda that stands on a page of another system, or in a template without marks of single items."""
    found = read_agenda(tree, feed, answer)
    title = words(next(tree.iter("title"), None)) or None
    page = Document(answer.url, title, "text/html", meeting_uid=answer.meeting_uid)
    return found if found.items else Reading(documents=(page, *found.documents))


def _read_rss(feed: Feed, text: str) -> Reading:
    """Each entry is a meeting."""
    entries, warnings = entries_in(text, feed)
    if "granicus" not in text.casefold():
        raise FeedError(Outcome.NOT_A_FEED, "the answer is a feed, but not of Granicus")
    found: dict[str, Meeting] = {}
    items: list[Item] = []
    for entry in entries:
        title = read_title(text_of_html(str(entry.get("title") or "")))
        meeting = _meeting(entry, title, feed)
        items.append(_item(entry, meeting, feed))
        # Recorded in two pieces, a sitting that names its own day and hour is there twice (Yonkers).
        same = f"{title.body}\0{title.day}\0{title.hour}" if title.is_sitting and title.hour else meeting.uid
        found[same] = min(found.get(same, meeting), meeting, key=lambda one: (len(one.uid), one.uid))
    meetings = list(found.values())
    following = tuple(question for meeting in recent(meetings) if (question := ask_for_agenda(meeting)))
    kept = {meeting.uid for meeting in meetings}
    loose = tuple(item if item.meeting_uid in kept else replace(item, meeting_uid=None) for item in items)
    return Reading(items=loose, meetings=tuple(meetings), next=following, warnings=warnings)


def _meeting(entry: Any, title: Title, feed: Feed) -> Meeting:
    link = absolute(entry.get("link"), feed.url)
    described = (unescape(href) for href in HREF.findall(str(entry.get("summary") or "")))
    links = [address for href in (link, *described) if (address := absolute(href, feed.url))]
    uid = meeting_id(*links) or str(entry.get("id") or "") or unnumbered_id(title.day, title.body)
    day, hour = _when(entry, title, is_ahead=uid.startswith("event-"))
    return Meeting(
        uid=uid,
        body=title.body or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(str(entry.get("title") or "")),
        url=link,
        agenda_url=next((address for address in links if AGENDA.search(address)), None),
        minutes_url=next((address for address in links if MINUTES.search(address)), None),
        video_url=next((address for address in links if VIDEO.search(address)), None),
    )


def _item(entry: Any, meeting: Meeting, feed: Feed) -> Item:
    """The entry itself, so that its words are matched; the parts say when it was recorded or published."""
    recorded = _recorded(entry)
    return Item(
        uid=str(entry.get("id") or "") or meeting.uid,
        kind=ItemKind.NOTICE,
        title=text_of_html(str(entry.get("title") or "")),
        text=None,
        url=meeting.url,
        published=in_zone(*recorded, feed.timezone) if recorded else None,
        meeting_uid=meeting.uid,
    )


def _recorded(entry: Any) -> tuple[date, time] | None:
    """Day and 24-hour time of `gran:pubDateParts`; its `tz` never changes and says nothing."""
    parts = entry.get("gran_pubdateparts")
    said = [str(parts.get(name)) for name in ("yr", "mo", "day", "hr", "min")] if isinstance(parts, dict) else []
    try:
        year, month, day, hour, minute = (int(number) for number in said)
        return date(year, month, day), time(hour, minute)
    except ValueError:
        return None


def _when(entry: Any, title: Title, *, is_ahead: bool) -> tuple[date | None, time | None]:
    """Day and hour of the meeting: as printed, else of the recording.

    `gran:pubDateParts` is the time of a recording, but of a meeting that is still ahead the time when its agenda was
    published; of a recording that was added later it names another day than the title, and then no hour.
    """
    found = _recorded(entry)
    if found is None:
        return title.day, title.hour
    recorded, at = found
    if title.day not in (None, recorded):
        return title.day, title.hour
    return recorded, title.hour or (None if is_ahead else at)
