"""Swagit: a view's list of recorded meetings, and the agenda index of each recording.

Built on what public code shows, with no captured answer of ours: pages of Webb County, Dublin, San Benito (saved by
mroconnell/rtr-deeplink) and DART (City-Bureau/city-scrapers-dallas), and clients of Houston, Dallas, Harford County and
Chino Hills. Not seen by us: the page of a single recording, of which these clients tell the title and the index.
"""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Item, ItemKind, Meeting, Reading
from oversight.domain.web_query import host_of, path_of
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.granicus_words import CALLED_OFF, LONGEST

VIEW = re.compile(r"^(/[\w-]+)?/views/[\w-]+(/[\w-]+)?", re.I)
CATEGORY = re.compile(r"/views/\d+/(?!live\b)[\w-]+/?$", re.I)
RECORDING = re.compile(r"/videos/(\d+)\b", re.I)
OWN_PART = re.compile(r"/videos/(\d+)/(?:agenda|minutes|transcript|download|embed|captions)\b", re.I)
HEADING = re.compile(r"^(?P<day>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}),? (?P<body>.+?)(?: - (?P<place>[^-]+, [A-Z]{2}))?$")
DEFAULT_VIEW = "/views/default/"  # where the older addresses of every tenant lead
NOT_TENANTS = ("www", "media", "stream", "support")
RECENT_DAYS = 30
TABLES = "//table[@id='video-table' or contains(concat(' ', @class, ' '), ' videos ')]"


@register("swagit")
class Swagit:
    """One question a poll for the view, then the recordings of its recent meetings that changed."""

    may_be_empty = False
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        host = host_of(address)
        if not host.endswith(".swagit.com") or host.split(".")[0] in NOT_TENANTS:
            return None
        view = VIEW.match(path_of(address))
        return f"https://{host}{view.group() if view else '/'}"

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        # A tenant's bare address leads to a table that only stays empty.
        root = feed.url.rstrip("/")
        return [Request(feed.url if urlsplit(root).path else root + DEFAULT_VIEW, accept="text/html")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        tree = parse_page(answer.body, answer.headers.get("content-type", ""))
        base = answer.url or feed.url
        if b"swagit" not in answer.body.lower() and not any(_is_recording(anchor) for anchor in tree.iter("a")):
            raise FeedError(Outcome.NOT_A_FEED, "the answer is no list of videos and no video of Swagit")
        if tree.xpath(TABLES):
            return _list(tree, feed, base)
        found = _recording(tree, feed, answer)
        if found is not None:
            return found
        categories = {address: None for anchor in tree.iter("a") if (address := absolute(anchor.get("href"), base))}
        following = tuple(Request(address) for address in categories if CATEGORY.search(urlsplit(address).path))
        if following:
            return Reading(next=following)
        raise FeedError(Outcome.NOT_A_FEED, "the answer is a page of Swagit, but no list of videos and no video")


def _is_recording(anchor: HtmlElement) -> bool:
    return bool(RECORDING.search(anchor.get("href") or ""))


def _list(tree: HtmlElement, feed: Feed, base: str) -> Reading:
    """The rows of every table: one for each body and year. Newest first, so that older pages are not asked for."""
    found: dict[str, Meeting] = {}
    for row in tree.xpath(f"{TABLES}//tr"):
        meeting = _row(row, feed, base)
        if meeting is not None:
            found.setdefault(meeting.uid, meeting)
    meetings = tuple(found.values())
    return Reading(
        meetings=meetings, next=tuple(_ask(meeting) for meeting in meetings if _is_recent(meeting, meetings))
    )


def _row(row: HtmlElement, feed: Feed, base: str) -> Meeting | None:
    links = [(words(anchor), absolute(anchor.get("href"), base)) for anchor in row.iter("a")]
    title, page = next(((label, at) for label, at in links if at and RECORDING.search(at)), ("", None))
    number = RECORDING.search(page or "")
    if page is None or number is None:
        return None
    return Meeting(
        uid=f"video-{number.group(1)}",
        body=CALLED_OFF.sub("", title[:LONGEST]) or None,
        date=next((day for cell in row.iter("td") if (day := day_in(words(cell)))), None),
        starts_at=None,
        timezone=feed.timezone,
        status=status_said(title),
        url=page,
        agenda_url=_labelled(links, "agenda"),
        minutes_url=_labelled(links, "minutes"),
        video_url=page,
    )


def _labelled(links: list[tuple[str, str | None]], label: str) -> str | None:
    return next((at for said, at in links if at and (at.endswith(f"/{label}") or said.casefold() == label)), None)


def _is_recent(meeting: Meeting, meetings: tuple[Meeting, ...]) -> bool:
    """By the latest day listed: an archive reaches back ten years."""
    last = max((one.date for one in meetings if one.date), default=date.min)
    return meeting.date is None or last - meeting.date <= timedelta(days=RECENT_DAYS)


def _ask(meeting: Meeting) -> Request:
    row = (meeting.body, meeting.date, meeting.status, meeting.agenda_url, meeting.minutes_url)
    revision = digest("\n".join(map(str, row)))
    return Request(meeting.url or "", revision=revision, again_on=meeting.date, meeting_uid=meeting.uid)


def _recording(tree: HtmlElement, feed: Feed, answer: Answer) -> Reading | None:
    """The page of one recording: `Jul 28, 2026 Regular Meeting - League City, TX`, with the index of its agenda."""
    heading = HEADING.match(words(next(tree.iter("title"), None)))
    points = tree.xpath("//*[contains(concat(' ', @class, ' '), ' playerControl ')][@data-title]")
    own = [OWN_PART.search(anchor.get("href") or "") for anchor in tree.iter("a")]
    number = RECORDING.search(answer.url) or next((found for found in own if found), None)
    if heading is None and not points:
        return None
    page = _page_of(number.group(1), answer.url or feed.url) if number else None
    uid = answer.meeting_uid or (f"video-{number.group(1)}" if number else None)
    meeting = Meeting(
        uid=uid or "",
        body=heading.group("body") if heading else None,
        date=day_in(heading.group("day")) if heading else None,
        starts_at=None,
        timezone=feed.timezone,
        status=status_said(heading.group("body") if heading else None),
        url=page,
        video_url=page,
    )
    is_new = uid is not None and answer.meeting_uid is None
    return Reading(items=_items(points, page, uid), meetings=(meeting,) if is_new else ())


def _page_of(number: str, base: str) -> str | None:
    return absolute(f"/videos/{number}", base)


def _items(points: list[HtmlElement], page: str | None, uid: str | None) -> tuple[Item, ...]:
    """The index stands on the page twice, in short and in full: one item for each title."""
    found: dict[str, Item] = {}
    for point in points:
        title = " ".join((point.get("data-title") or "").split())
        identifier = f"item-{uid}-{digest(title.casefold())[:12]}"
        if not title or identifier in found:
            continue
        seconds = (point.get("data-ts") or "").partition(".")[0]
        found[identifier] = Item(
            uid=identifier,
            kind=ItemKind.AGENDA_ITEM,
            title=title,
            text=None,
            url=f"{page}?ts={seconds}" if page and seconds.isdecimal() else page,
            published=None,
            meeting_uid=uid,
            sequence=len(found) + 1,
        )
    return tuple(found.values())
