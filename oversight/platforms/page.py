"""A plain agenda page of any council: every link and every block of words that stands on it is an item.

The reader knows nothing of the past. What it has seen before it says with the same id, wherever on the page it stands
now, so that only new links and added words are new items.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from lxml.html import HtmlElement

from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in
from oversight.domain.page import parse_page, words
from oversight.domain.reading import Document, Item, ItemKind, Meeting, Reading, joined
from oversight.domain.refusal import CHALLENGE
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.page_blocks import Block, Link, blocks_of
from oversight.platforms.page_meeting import meeting_of
from oversight.platforms.page_words import is_generic, is_paper, media_type, plain_address, plain_words, says_something
from oversight.platforms.rss import LIKELY

FEW_WORDS = 8
TITLE = 200
SHORT_PAGE = 1_500
A_FEED = re.compile(r"<(rss|feed|rdf:rdf)\b", re.I)
NO_PAGE = re.compile(
    r"\b(404|page not found|not found|301 moved|302 found|object moved|redirecting|403 forbidden|forbidden|bad gateway"
    r"|service unavailable|internal server error|server error|bad request|page cannot be found|runtime error)\b",
    re.I,
)
LOGIN = re.compile(r"^\W*(log ?[io]n|sign ?in|member login|authentication)\b|\b(log ?in|sign ?in)\W*$", re.I)


@register("page")
class Page:
    """One question a poll, and no questions after it."""

    may_be_empty = False
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        address = address.strip().partition("#")[0]
        is_page = re.match(r"https?://[^\s/?#]+\.[^\s/?#]", address, re.I) and not LIKELY.search(address)
        return address if is_page else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(feed.url, accept="text/html, application/xhtml+xml;q=0.9, */*;q=0.5")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        base = answer.url or feed.url
        tree = _page(answer)
        has_password = any(field.get("type") == "password" for field in tree.iter("input"))
        blocks = blocks_of(tree, base)
        reading = joined(_read_block(block, feed, base) for block in blocks)
        items = {item.uid: item for item in reversed(reading.items)}
        if not items:
            raise FeedError(Outcome.NOT_A_FEED, "the page says nothing; its words may be put there by scripts only")
        if has_password and len(items) <= FEW_WORDS:
            raise FeedError(Outcome.NOT_A_FEED, "the page asks for a password")
        return Reading(
            items=tuple(reversed(items.values())),
            meetings=_apart(reading.meetings),
            documents=tuple({(one.url, one.item_uid): one for one in reading.documents}.values()),
        )


def _page(answer: Answer) -> HtmlElement:
    """The tree of a page; raises FeedError for what is none, or none of the council's."""
    kind = answer.headers.get("content-type", "")
    text = decode_document(answer.body, kind)
    if not text.strip():
        raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
    if not text.lstrip().startswith("<") or A_FEED.search(text[:1_000]):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is not a page: a file, data, or a feed for feed readers")
    tree = parse_page(answer.body, kind)
    title = words(tree.find(".//title"))
    body = words(tree.find(".//body"))
    is_short = len(body) < SHORT_PAGE
    if CHALLENGE.search(title) or (is_short and CHALLENGE.search(text)):
        raise FeedError(Outcome.HTTP_ERROR, "the answer is a challenge to robots, not the page")
    if is_short and (NO_PAGE.search(title) or NO_PAGE.search(body[:200])):
        raise FeedError(Outcome.NOT_A_FEED, f"the answer says that there is no such page: {title!r}"[:200])
    if LOGIN.search(title):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is a page to log in")
    return tree


def _read_block(block: Block, feed: Feed, base: str) -> Reading:
    if block.is_record and day_in(block.text) is not None:
        return _read_record(block, feed, base)
    outside = " ".join(block.text.split())
    for label in sorted({*block.furniture, *(link.label for link in block.links)} - {""}, key=len, reverse=True):
        outside = outside.replace(label, " ")
    is_said = says_something(outside)
    about = " ".join(outside.split()) if is_said else next(iter(block.headings), "")
    parts = [_link_item(link, block, about[:TITLE]) for link in block.links]
    if is_said:
        parts.insert(0, _text_item(block, base))
    return joined(parts)


def _read_record(block: Block, feed: Feed, base: str) -> Reading:
    """A dated row: one item with its links together, and the meeting that it tells."""
    if not block.links and not says_something(block.text):
        return Reading()
    addresses = sorted({plain_address(link.url) for link in block.links})
    meeting = meeting_of(block, feed)
    papers = [link for link in block.links if is_paper(link.url, link.label)]
    title = " | ".join(cell for _, cell in block.cells if cell)[:TITLE] or block.text[:TITLE]
    heading = next(iter(block.headings), "")
    item = Item(
        uid=f"row-{_short(plain_words(block.text), *addresses)}",
        kind=ItemKind.NOTICE,
        title=title if says_something(title) or not heading else f"{heading[:TITLE]}: {title}",
        text=_in_context(block),
        url=next((link.url for link in (*papers, *block.links)), base),
        published=None,
        meeting_uid=meeting.uid if meeting else None,
    )
    return Reading(
        items=(item,),
        meetings=(meeting,) if meeting else (),
        documents=tuple(_document(link, item) for link in papers),
    )


def _text_item(block: Block, base: str) -> Reading:
    first = block.text.partition("\n")[0]
    uid = f"text-{_short(plain_words(block.text))}"
    return Reading(items=(Item(uid, ItemKind.NOTICE, first[:TITLE], _in_context(block), base, None),))


def _link_item(link: Link, block: Block, about: str) -> Reading:
    uid = f"link-{_short(plain_address(link.url), plain_words(link.label))}"
    label = link.label or link.url.rpartition("/")[2]
    title = f"{about}: {label}" if about and is_generic(label) else label
    # A long block is an item of its own; each of its links need not say all of it again.
    text = _in_context(block) if len(block.text) <= SHORT_PAGE else None
    item = Item(uid, ItemKind.NOTICE, title[: 2 * TITLE], text, link.url, None)
    return Reading(items=(item,), documents=(_document(link, item),) if is_paper(link.url, link.label) else ())


def _document(link: Link, item: Item) -> Document:
    return Document(link.url, link.label or None, media_type(link.url), item.uid, item.meeting_uid)


def _in_context(block: Block) -> str | None:
    """The words of a block; where they are few, under the heading without which they say little."""
    is_short = len(block.text.split()) <= FEW_WORDS
    heading = block.headings[0] if block.headings and is_short else ""
    return "\n".join(part for part in (heading, block.text) if part) or None


def _short(*parts: str) -> str:
    return digest("\0".join(parts))[:32]


def _apart(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    """One of each meeting; two of one body on one day are told apart by the later one's hour."""
    known: dict[str, Meeting] = {}
    for meeting in sorted(meetings, key=lambda one: one.starts_at.isoformat() if one.starts_at else ""):
        first = known.get(meeting.uid)
        if first is None or first.starts_at == meeting.starts_at:
            known.setdefault(meeting.uid, meeting)
        elif meeting.starts_at:
            uid = f"{meeting.uid}-{meeting.starts_at:%H%M}"
            known.setdefault(uid, replace(meeting, uid=uid))
    return tuple(known.values())
