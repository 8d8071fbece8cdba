"""RSS, Atom, RDF and JSON Feed: one item for each entry."""

import calendar
import json
import re
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

import feedparser

from oversight.domain.cleaning import text_of_html
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.reading import Item, ItemKind, Reading
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.fast_rss import well_formed_entries
from oversight.platforms.rss_wish import wished_minutes

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
LIKELY = re.compile(r"(rss|atom|feed)([./?=_-]|$)|\.(xml|rdf)($|\?)", re.I)
SEPARATOR = re.compile(r"[\s,]*")
JSON_CONTENT = {"content_html", "content_text", "summary", "title", "url"}
DECLARATION = re.compile(r"^\s*<\?xml\s[^>]*\?>")
INERT = re.compile(r"(<!--.*?-->|<!\[CDATA\[.*?\]\]>)", re.S)
DOCTYPE = re.compile(r"<!DOCTYPE\b[^<>\[]*(\[?)[^<>]*>?", re.I)


@register("rss")
class Rss:
    """Every kind of feed that news sites and councils publish for feed readers."""

    may_be_empty = False
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        return address if LIKELY.search(address) else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(feed.url, accept=ACCEPT)]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        text = document_in(answer)
        if text.lstrip().startswith("{"):
            return _json_feed(text, feed)
        entries: list[Any] | None = well_formed_entries(bare(text), feed.url)
        warnings: tuple[str, ...] = ()
        if entries is None:
            entries, warnings = entries_in(text, feed)
        items = tuple(item_of(entry, _kind(feed)) for entry in entries)
        return Reading(items=items, warnings=warnings, every_minutes=wished_minutes(text))


def document_in(answer: Answer) -> str:
    """The text of an answer; raises FeedError where there is none."""
    text = decode_document(answer.body, answer.headers.get("content-type", ""))
    if not text.strip():
        raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
    return text


def bare(text: str) -> str:
    """The feed without its XML declaration, which tells an encoding that we have undone, and without DOCTYPE."""
    return DECLARATION.sub("", _without_doctype(text)).lstrip()


def _without_doctype(text: str) -> str:
    """A bare DOCTYPE is removed; one with an internal subset is refused before any parser sees it (SAFETY C1)."""

    def remove(match: re.Match[str]) -> str:
        if match.group(1):
            raise FeedError(Outcome.PARSE_ERROR, "the document declares entities of its own, which is refused")
        return ""

    if not DOCTYPE.search(text):
        return text
    # What stands in a CDATA section is an article's own words, and in a comment nobody's: neither is a declaration.
    parts = INERT.split(text)
    return "".join(part if place % 2 else DOCTYPE.sub(remove, part) for place, part in enumerate(parts))


def entries_in(text: str, feed: Feed) -> tuple[list[Any], tuple[str, ...]]:
    """The entries of an XML feed, as feedparser gives them, and what was odd; raises FeedError where it is none."""
    # Only ever BytesIO: given a string, feedparser opens it as an address or a file (SAFETY B1).
    body = BytesIO(bare(text).encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": feed.url}
    parsed = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.get("entries"):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is not a feed: no RSS, Atom, RDF or JSON Feed in it")
    warnings = (f"not well-formed: {parsed['bozo_exception']}"[:300],) if parsed.get("bozo_exception") else ()
    return parsed["entries"], warnings


def item_of(entry: Any, kind: ItemKind) -> Item:
    """An entry of an XML feed as an item."""
    title = _plain(entry.get("title_detail") or {"value": entry.get("title", "")})
    parts = [*entry.get("content", []), entry.get("summary_detail") or {"value": entry.get("summary", "")}]
    words = list(dict.fromkeys(_plain(part) for part in parts))
    published = entry.get("published_parsed") or entry.get("updated_parsed") or entry.get("created_parsed")
    return Item(
        uid=str(entry.get("id") or ""),
        kind=kind,
        title=title,
        text="\n\n".join(word for word in words if word) or None,
        url=entry.get("link"),
        published=_moment(published),
    )


def _plain(part: Any) -> str:
    value = str(part.get("value") or "")
    return value if part.get("type") == "text/plain" else text_of_html(value)


def _moment(parsed: struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _json_feed(text: str, feed: Feed) -> Reading:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        parsed = json.loads(text, strict=False)
        warnings: tuple[str, ...] = ()
    except (ValueError, RecursionError) as error:
        parsed = _whole_part(text)
        warnings = (f"the answer is not whole JSON, kept what is: {error}"[:300],)
    entries = parsed.get("items") if isinstance(parsed, dict) else None
    if not isinstance(entries, list) or "jsonfeed.org" not in str(parsed.get("version")):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is JSON, but not a JSON Feed")
    kind = _kind(feed)
    return Reading(
        items=tuple(_json_item(entry, kind) for entry in entries if isinstance(entry, dict)), warnings=warnings
    )


def _whole_part(text: str) -> dict[str, Any]:
    """What a JSON Feed that was cut off still says: the items before the cut, and its version.

    The version may have stood behind the cut; whole items of the right form then speak for it.
    """
    version = re.search(r'"version"\s*:\s*"([^"]{1,100})"', text)
    start = re.search(r'"items"\s*:\s*\[\s*', text)
    items = _whole_items(text, start.end()) if start else []
    is_feed = bool(items) and all("id" in item and item.keys() & JSON_CONTENT for item in items)
    if version is None and not is_feed:
        raise FeedError(Outcome.PARSE_ERROR, "the answer is not JSON, and nothing in it can be saved")
    return {"version": version.group(1) if version else "https://jsonfeed.org/version/1", "items": items}


def _whole_items(text: str, position: int) -> list[dict[str, Any]]:
    decoder, items = json.JSONDecoder(strict=False), []
    try:
        while text[position : position + 1] not in ("]", ""):
            item, position = decoder.raw_decode(text, position)
            items.append(item)
            between = SEPARATOR.match(text, position)
            position = between.end() if between else position
    except (ValueError, RecursionError):
        pass  # the cut
    return [item for item in items if isinstance(item, dict)]


def _json_item(entry: dict[str, Any], kind: ItemKind) -> Item:
    words = [text_of_html(_string(entry, "content_html")), _string(entry, "content_text"), _string(entry, "summary")]
    url = _string(entry, "url") or _string(entry, "external_url")
    return Item(
        uid=str(entry.get("id") or ""),
        kind=kind,
        title=_string(entry, "title"),
        text="\n\n".join(dict.fromkeys(word for word in words if word)) or None,
        url=url or None,
        published=_iso(_string(entry, "date_published") or _string(entry, "date_modified")),
    )


def _string(entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _kind(feed: Feed) -> ItemKind:
    return ItemKind.NOTICE if feed.jurisdiction else ItemKind.NEWS
