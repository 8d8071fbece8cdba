"""The player page of one recorded or running meeting: its documents, and the index of its agenda items."""

import re
from datetime import date

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed
from oversight.domain.local_time import day_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, text_of, words
from oversight.domain.reading import Document, Item, ItemKind, Matter, Meeting, Reading
from oversight.platforms.granicus_words import meeting_id, read_title

OWN = re.compile(r"https?://[\w.-]+/player/(?:clip|event)/\d+")
# `22-848` after the item's number on the agenda, or a labelled number; years of a budget (2022-2023) are none.
FILE_NUMBER = re.compile(
    r"^(?:\(?(?:\d{1,3}|[A-Za-z]{1,5})[.)]+\s*){0,3}(?P<leading>\d{2}-\d{3,5}|\d{4}-\d{5,6})\b"
    r"|\bfile\s*(?:id|no|number|#)?\s*[.:#]+\s*(?P<labelled>[A-Z]{0,4}-?\d[\w.-]{2,20})",
    re.I,
)
NAMED_DAY = re.compile(r"_(\d{2}-\d{2}-\d{2})_")  # in the names of Legistar's documents


def is_player(tree: HtmlElement) -> bool:
    """Whether the page is Granicus's player."""
    return bool(tree.xpath("//*[@id='video-name' or @granicus-app or contains(@class, 'index-point')]"))


def read_player(tree: HtmlElement, feed: Feed, answer: Answer) -> Reading:
    """The page's meeting with its documents and agenda items."""
    page = _own_address(tree) or answer.url or feed.url
    uid = answer.meeting_uid or meeting_id(page)
    named = tree.xpath("//*[@id='video-name']") or tree.xpath("//title")
    title = read_title(words(named[0]) if named else "")
    links = _documents(tree, page)
    addresses = {label: address for address, label in reversed(links.items())}
    day = title.day or next((day for address in links if (day := _day_in_name(address))), None)
    meeting = Meeting(
        uid=uid or "",
        body=title.body or None,
        date=day,
        starts_at=in_zone(day, title.hour, feed.timezone) if title.hour else None,
        timezone=feed.timezone,
        status=status_said(words(named[0]) if named else None),
        url=page,
        agenda_url=addresses.get("Agenda"),
        minutes_url=addresses.get("Minutes"),
        video_url=page,
    )
    items = _items(tree, page, uid)
    return Reading(
        items=items,
        meetings=(meeting,) if uid and answer.meeting_uid is None else (),
        matters=matters_of(items),
        documents=tuple(
            Document(address, label, media_type(address), meeting_uid=uid) for address, label in links.items()
        ),
    )


def file_number(title: str) -> str | None:
    """The number under which the council files an item, where its title begins with one or labels it."""
    found = FILE_NUMBER.search(title)
    return (found["leading"] or found["labelled"]).rstrip(".") if found else None


def matters_of(items: tuple[Item, ...]) -> tuple[Matter, ...]:
    """The matters that items with file numbers are about."""
    return tuple(Matter(item.matter_file, item.title, None, None) for item in items if item.matter_file is not None)


def media_type(address: str) -> str | None:
    """What an address says of its file."""
    return "application/pdf" if re.search(r"\.pdf(\?|$)", address, re.I) else None


def _own_address(tree: HtmlElement) -> str | None:
    """The page's own address, from the links with which it can be shared."""
    for anchor in tree.iter("a"):
        found = OWN.search(anchor.get("href") or "")
        if found:
            return found.group()
    return None


def _documents(tree: HtmlElement, page: str) -> dict[str, str]:
    """Address and label of the tabs beside the video that show a document of the meeting."""
    found: dict[str, str] = {}
    for tab in tree.xpath("//*[@data-url][not(ancestor::*[@data-url])]"):
        address, label = absolute(tab.get("data-url"), page), words(tab)
        if address is not None and "support.granicus.com" not in address and label and label != "Default Document":
            found.setdefault(address, label)
    return found


def _day_in_name(address: str) -> date | None:
    named = NAMED_DAY.search(address)
    return day_in(f"20{named.group(1)}") if named else None


def _items(tree: HtmlElement, page: str, uid: str | None) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for point in tree.xpath("//*[contains(concat(' ', @class, ' '), ' index-point ')]"):
        title, _, rest = text_of(point).partition("\n")
        identifier = point.get("data-id") or point.get("data-uid") or f"{uid}-{point.get('time')}"
        if not title or f"item-{identifier}" in found:
            continue
        found[f"item-{identifier}"] = Item(
            uid=f"item-{identifier}",
            kind=ItemKind.AGENDA_ITEM,
            title=title,
            text=rest or None,
            url=_at(page, point),
            published=None,
            meeting_uid=uid,
            matter_file=file_number(title),
            sequence=len(found) + 1,
        )
    return tuple(found.values())


def _at(page: str, point: HtmlElement) -> str:
    """The page where its video stands at the item."""
    meta = point.get("data-id") or ""
    return f"{page.partition('?')[0]}?meta_id={meta}" if meta.isdigit() else page
