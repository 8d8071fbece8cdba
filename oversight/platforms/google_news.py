"""Google News, asked by RSS: an item for each story that a search finds, with the outlet that published it.

The links are Google's own and opaque. The terms allow personal, non-commercial use only.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus, urlsplit

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.reading import Item, ItemKind, Reading
from oversight.domain.web_query import asked, asking, host_of, path_of
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.rss import ACCEPT, document_in, entries_in, item_of

EDITION = {"hl": "en-US", "gl": "US", "ceid": "US:en"}


@register("google_news")
class GoogleNews:
    """A feed's `url` is the address of a search, https://news.google.com/rss/search?q=... (100 stories at most)."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        if host_of(address) != "news.google.com":
            return None
        path = path_of(address).removeprefix("/rss")
        query = asked(address, "q")
        if path == "/search" and query:
            search = f"https://news.google.com/rss/search?q={quote_plus(query)}"
            return asking(search, *((name, asked(address, name) or ours) for name, ours in EDITION.items()))
        if path.startswith(("/topics/", "/publications/", "/headlines/")):
            return asking(f"https://news.google.com/rss{path}?{urlsplit(address).query}", *EDITION.items())
        return None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(feed.url, accept=ACCEPT)]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        document = document_in(answer)
        if "<" not in document[:50] or ("news.google.com" not in document and "Google News" not in document):
            raise FeedError(Outcome.NOT_A_FEED, "the answer is no feed of Google News")
        entries, warnings = entries_in(document, feed)
        return Reading(items=tuple(_story(entry) for entry in entries), warnings=warnings)


def _story(entry: Any) -> Item:
    """The title without the outlet at its end; the text names the outlet, because Google's summary quotes others."""
    item = item_of(entry, ItemKind.NEWS)
    source = entry.get("source") or {}
    outlet = " ".join(str(source.get("title") or "").split())
    if not outlet:
        return item
    site = str(source.get("href") or "")
    title = item.title.removesuffix(f" - {outlet}").rstrip() or item.title
    return replace(item, title=title, text=f"{outlet} ({site})" if site else outlet)
