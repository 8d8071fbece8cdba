"""A meeting's page on eSCRIBE: its items, their texts and files, and the results that its minutes record."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed, Outcome
from oversight.domain.local_time import in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, text_of, words
from oversight.domain.reading import Document, Item, ItemKind, Matter, Meeting, MeetingStatus, Reading, joined
from oversight.domain.web_query import origin_of
from oversight.errors import FeedError
from oversight.platforms.json_rows import wall_clock

PLACE = re.compile(r"AgendaItem(\d+)")
OWNER = re.compile(r"AgendaItem(?:Attachment|AttachmentsList)?(\d+)")
MEETING = re.compile(r"[?&]Id=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I)
TITLES = ("AgendaItemTitle", "ClosedAgendaItemTitle")
TEXTS = (
    "AgendaItemHeader",
    "AgendaItemDescription",
    "AgendaItemMinutes",
    "PreMotionText",
    "MotionText",
    "PostMotionText",
)
# A number that stands before the title, as in "BOA-0039-2025: ..."; not the years of a budget.
FILE = re.compile(
    r"(?:File\s*(?:No\.?|#)?\s*)?(?!FY|(?:19|20)\d\d-(?:19|20)\d\d\b)"
    r"([A-Z]{1,10}-?\d{2,4}-\d{2,6}(?:-\d{1,6})*|\d{2,4}-\d{3,6}(?:-\d{1,6})*)\s*[:–—-]\s",
    re.I,
)


def read_agenda(feed: Feed, answer: Answer) -> Reading:
    """The items of one page; with the meeting itself where no calendar has told it."""
    tree = parse_page(answer.body, answer.headers.get("content-type", ""))
    header = next(iter(tree.find_class("AgendaHeader")), None)
    blocks = _blocks(tree)
    if header is None and not blocks and not tree.find_class("AgendaItems"):
        raise FeedError(Outcome.NOT_A_FEED, "the page is no agenda: it has neither items nor their header")
    page = _page(tree, answer, feed)
    known = MEETING.search(page)
    meeting_uid = answer.meeting_uid or (f"meeting-{known.group(1).lower()}" if known else None)
    files = _files(tree, page)
    places = enumerate(blocks.items(), 1)
    found = joined(_read_item(block, (place, number), meeting_uid, page) for place, (number, block) in places)
    uids = {item.uid for item in found.items}
    attached = (Document(url, title, kind, _uid(meeting_uid, number)) for number, url, title, kind in files)
    is_new = answer.meeting_uid is None and meeting_uid is not None
    return Reading(
        items=found.items,
        meetings=(_meeting(tree, header, (meeting_uid, page), feed),)
        if is_new and header is not None and meeting_uid
        else (),
        matters=found.matters,
        documents=tuple(document for document in attached if document.item_uid in uids),
        warnings=() if found.items else ("the agenda page lists no items",),
    )


def _page(tree: HtmlElement, answer: Answer, feed: Feed) -> str:
    """The page's own address: where it came from, or where its form would be sent."""
    if MEETING.search(answer.url):
        return answer.url
    actions = (form.get("action") or "" for form in tree.iter("form"))
    # The calendar's own address has a path below that of the pages.
    base = f"{origin_of(answer.url or feed.url)}/"
    return next((absolute(to, base) or "" for to in actions if MEETING.search(to)), answer.url or base)


def _blocks(tree: HtmlElement) -> dict[str, HtmlElement]:
    """Each item's own block by its number on the page."""
    found: dict[str, HtmlElement] = {}
    for element in tree.find_class("AgendaItem"):
        number = next((match.group(1) for match in map(PLACE.fullmatch, element.classes) if match), None)
        if number is not None:
            found.setdefault(number, element)
    return found


def _uid(meeting_uid: str | None, number: str) -> str:
    """Items are numbered within their meeting only."""
    return f"{(meeting_uid or 'meeting').removeprefix('meeting-')}-{number}"


def _own(block: HtmlElement, name: str) -> list[HtmlElement]:
    """The block's parts of this class, without those of items that stand inside of it."""
    nested = set(block.find_class("AgendaItemContainer")) - {block}
    return [part for part in block.find_class(name) if nested.isdisjoint(part.iterancestors())]


def _read_item(block: HtmlElement, place: tuple[int, str], meeting_uid: str | None, page: str) -> Reading:
    sequence, number = place
    title = next((words(part) for name in TITLES for part in _own(block, name) if words(part)), "")
    if not title:
        return Reading()
    texts = dict.fromkeys(text_of(part) for name in TEXTS for part in _own(block, name))
    results = [words(part) for part in _own(block, "MotionResult") if words(part)]
    named = FILE.match(title)
    file = named.group(1).upper() if named else None
    item = Item(
        uid=_uid(meeting_uid, number),
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text="\n\n".join(text for text in texts if text) or None,
        url=_address(page, number),
        published=None,
        meeting_uid=meeting_uid,
        matter_file=file,
        sequence=sequence,
        outcome=results[-1] if results else None,
    )
    return Reading((item,), matters=(Matter(file, title, None, None),) if file else ())


def _address(page: str, number: str) -> str | None:
    """The page itself opens an item that its address names."""
    plain = re.sub(r"&(Item|Tab)=[^&#]*|#.*$", "", page)
    return f"{plain}&Item={number}&Tab=attachments" if MEETING.search(plain) else None


def _files(tree: HtmlElement, page: str) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Every file with the item that it hangs on; some portals keep them in a panel beside the agenda."""
    seen = set()
    for link in tree.iter("a"):
        href = link.get("href") or ""
        address = absolute(href, f"{origin_of(page)}/") if "filestream.ashx" in href.casefold() else None
        owner = _owner(link)
        if address is None or owner is None or (owner, address) in seen:
            continue
        seen.add((owner, address))
        title = (link.get("data-original-title") or link.get("title") or "").strip() or words(link) or None
        is_pdf = (title or "").casefold().endswith(".pdf")
        yield owner, address, title, "application/pdf" if is_pdf else None


def _owner(link: HtmlElement) -> str | None:
    for element in (link, *link.iterancestors()):
        for name in element.classes:
            match = OWNER.fullmatch(name)
            if match:
                return match.group(1)
    return None


def _meeting(tree: HtmlElement, header: HtmlElement, known: tuple[str, str], feed: Feed) -> Meeting:
    meeting_uid, page = known
    when = next((time.get("datetime") for time in header.iter("time") if "-" in (time.get("datetime") or "")), None)
    day, hour = wall_clock(when or words(next(iter(header.find_class("AgendaMeetingTime")), None)))
    title = words(tree.find(".//title")) or words(next(iter(header.find_class("AgendaHeaderTitle")), None))
    place = next(iter(header.find_class("AgendaMeetingLocation")), None)
    video = next((link for link in tree.find_class("VideoLink") if link.get("href")), None)
    shown = words(next(iter(header.find_class("AgendaHeaderTitle")), None))
    return Meeting(
        uid=meeting_uid,
        body=re.sub(r"\s+[-–]\s+[A-Z][a-z]+ \d{1,2}, \d{4}$", "", title) or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(title, shown, otherwise=MeetingStatus.CONFIRMED),
        location=", ".join(text_of(place).split("\n")) or None,
        url=page,
        agenda_url=page if "minutes" not in page.casefold() else None,
        video_url=absolute(video.get("href"), f"{origin_of(page)}/") if video is not None else None,
    )
