"""GDELT's DOC 2.0 API: an item for each article that a search found in the world's news."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.reading import Item, ItemKind, Reading
from oversight.domain.web_query import asked, asking, host_of, path_of
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.json_rows import Row, document_of, refused, rows
from oversight.platforms.json_values import paragraphs, said

DEFAULTS = {"mode": "artlist", "format": "json", "maxrecords": 250, "timespan": "1d", "sort": "datedesc"}
STRAY_BACKSLASH = re.compile(r'\\(?!["\\/bfnrtu])')
ASKED_TO_WAIT = re.compile(r"limit requests|too many requests|every 5 seconds", re.I)


@register("gdelt")
class Gdelt:
    """A feed's `url` is the address of a search, https://api.gdeltproject.org/api/v2/doc/doc?query=..."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        is_search = host_of(address) == "api.gdeltproject.org" and path_of(address) == "/api/v2/doc/doc"
        return address.strip() if is_search and asked(address, "query") else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(asking(feed.url, *DEFAULTS.items()), accept="application/json")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = _parsed(document_of(answer))
        if parsed == {}:
            return Reading()  # how the service says that it found nothing
        if not isinstance(parsed, dict) or not isinstance(parsed.get("articles"), list):
            raise refused(parsed, "list of articles of GDELT")
        listed = rows(parsed["articles"])
        articles = [row for row in listed if said(row, "url") and said(row, "title")]
        odd = len(parsed["articles"]) - len(articles)
        warnings = (f"{odd} articles have no title or no address",) if odd else ()
        return Reading(items=tuple(_article(row) for row in articles), warnings=warnings)


def _parsed(document: str) -> Any:
    """The JSON of an answer; what is wrong with a search is said as plain text or as a page instead."""
    if not document.startswith(("{", "[")):
        words = " ".join(re.sub(r"<[^<>]{0,500}>", " ", document[:2_000]).split())[:200]
        outcome = Outcome.RATE_LIMITED if ASKED_TO_WAIT.search(words) else Outcome.NOT_A_FEED
        raise FeedError(outcome, f"GDELT answered without results: {words}")
    try:
        return json.loads(document, strict=False)
    except (ValueError, RecursionError):
        pass  # titles are known to hold stray backslashes
    try:
        return json.loads(STRAY_BACKSLASH.sub(r"\\\\", document), strict=False)
    except (ValueError, RecursionError) as error:
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is not JSON: {error}"[:300]) from error


def _article(row: Row) -> Item:
    url = said(row, "url") or ""
    return Item(
        uid=url,
        kind=ItemKind.NEWS,
        title=said(row, "title") or "",
        text=paragraphs([said(row, "domain")]),
        url=url,
        published=_seen(said(row, "seendate")),
    )


def _seen(stamp: str | None) -> datetime | None:
    """When the article was first seen, such as 20261120T081500Z."""
    try:
        return datetime.strptime(stamp or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
