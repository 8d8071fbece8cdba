"""The accessible agenda of a Municode meeting (adaHtmlDocument): its sections, items and attachments."""

import re
from urllib.parse import unquote

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, text_of, words
from oversight.domain.reading import Document, Item, ItemKind, Meeting, Reading

IDENTIFIER = re.compile(r"[?&]me=([0-9a-f]{32})\b", re.I)
NUMBER = re.compile(r"^\(?(\d{1,3}[.)]\s*(?=[^\d\s]|$)|([A-Za-z]|[IVXivx]{1,5})[.)]\s+)")


def is_agenda(tree: HtmlElement) -> bool:
    """Whether a page is an agenda, and not the directory of meetings."""
    return bool(tree.find_class("agenda-section") or tree.find_class("agenda-items"))


def read_agenda(tree: HtmlElement, feed: Feed, answer: Answer) -> Reading:
    """The items; and the meeting itself where nobody asked, as when the page was stored."""
    lines = [words(line) for line in tree.find_class("header-content__h1")]
    match = IDENTIFIER.search(answer.url)
    own = f"meeting-{match[1].casefold()}" if match else f"meeting-{digest(' '.join(lines))[:32]}"
    meeting_uid = answer.meeting_uid or own
    base = answer.url or feed.url
    items: dict[str, Item] = {}
    documents: dict[str, Document] = {}
    for entry, section in _entries(tree):
        item = _item(entry, section, len(items) + 1, meeting_uid, answer.url or None)
        if item is None:
            continue
        while item.uid in items:
            item = _again(item)
        items[item.uid] = item
        for document in _attachments(entry, item, base):
            documents.setdefault(document.url, document)
    meetings = () if answer.meeting_uid or not lines else (_meeting(lines, meeting_uid, feed, answer.url),)
    return Reading(items=tuple(items.values()), documents=tuple(documents.values()), meetings=meetings)


def _entries(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """Every item of every section; a list in a list holds what hangs on the item before it."""
    found = []
    for section in tree.find_class("agenda-section") or [tree]:
        name = words(next(iter(section.find_class("section-header")), None))
        for held in section.find_class("agenda-items"):
            found += [(entry, name) for entry in held.iterchildren("li")]
    return found


def _item(entry: HtmlElement, section: str, sequence: int, meeting_uid: str, url: str | None) -> Item | None:
    lines = [line for line in text_of(entry).split("\n") if line]
    text = "\n".join(lines)
    title = NUMBER.sub("", lines[0] if lines and not NUMBER.fullmatch(f"{lines[0]} ") else " ".join(lines[:2])).strip()
    if not title:
        return None
    rest = "\n".join(dict.fromkeys(part for part in (NUMBER.sub("", section), text) if part and part != title))
    # The numbers move when an item is put in, so the words are what stays the same.
    uid = f"{meeting_uid}/{digest(f'{section} {title}'.casefold())[:24]}"
    return Item(uid, ItemKind.AGENDA_ITEM, title, rest or None, url, None, meeting_uid=meeting_uid, sequence=sequence)


def _again(item: Item) -> Item:
    return Item(
        f"{item.uid}+",
        item.kind,
        item.title,
        item.text,
        item.url,
        None,
        meeting_uid=item.meeting_uid,
        sequence=item.sequence,
    )


def _attachments(entry: HtmlElement, item: Item, base: str) -> list[Document]:
    """The files in the lists that follow an item, up to the next one."""
    held = [entry]
    for following in entry.itersiblings():
        if following.tag == "li":
            break
        held.append(following)
    links = [link for part in held for link in part.iter("a")]
    found = [(absolute(link.get("href"), base), words(link)) for link in links]
    return [
        Document(url, name or None, _media_type(url), item_uid=item.uid, meeting_uid=item.meeting_uid)
        for url, name in found
        if url is not None
    ]


def _media_type(url: str) -> str | None:
    return "application/pdf" if re.search(r"\.pdf($|[?&#])", unquote(url), re.I) else None


def _meeting(lines: list[str], uid: str, feed: Feed, url: str) -> Meeting:
    """The head of the page: what meets, when, and where."""
    said = [*lines, "", "", ""]
    day, hour = day_in(said[1]), hour_in(said[1])
    return Meeting(
        uid=uid,
        body=said[0] or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(said[0]),
        location=said[2] or None,
        url=url or None,
    )
