"""What kind of document stands at an address, and which feeds a page names for those who want to follow it."""

import re

from lxml.html import HtmlElement

from oversight.domain.cleaning import clean_link
from oversight.domain.encoding import decode_document
from oversight.domain.page import absolute, parse_page
from oversight.domain.word import Word
from oversight.errors import FeedError

# Atomic, so that a document of nothing but comments is looked at once.
FEED = re.compile(r"(?>\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>)*+<(rss|feed|rdf:RDF)\b", re.S | re.I)
JSON_FEED = re.compile(r"\s*\{[^{}\[\]]{0,200}\"version\"\s*:\s*\"https?:\\?/\\?/jsonfeed\.org", re.S)
PAGE = re.compile(r"<(!DOCTYPE\s+html|html|head|body)\b", re.I)
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
BEGINNING = 2_000
MOST_FEEDS = 20


class Form(Word):
    """What a document is, by its first words."""

    FEED = "feed", "a feed (RSS, Atom, RDF or JSON Feed)"
    PAGE = "page", "a web page"
    JSON = "json", "JSON"
    OTHER = "other", "neither a page nor a feed"


def form_of(body: bytes, content_type: str = "") -> Form:
    """What a document is; a guess from its beginning."""
    start = decode_document(body, content_type)[:BEGINNING]
    if FEED.match(start) or JSON_FEED.match(start):
        return Form.FEED
    if PAGE.search(start):
        return Form.PAGE
    return Form.JSON if start.lstrip()[:1] in ("{", "[") else Form.OTHER


def named_feeds(body: bytes, url: str, content_type: str = "") -> tuple[str, ...]:
    """The addresses of the feeds that a page names in `<link rel="alternate">`; none for what is no page."""
    try:
        tree = parse_page(body, content_type)
    except FeedError:
        return ()
    base = next((absolute(one.get("href"), url) for one in tree.iter("base")), None) or url
    found = (absolute(link.get("href"), base) for link in tree.iter("link") if _is_feed(link))
    return tuple(dict.fromkeys(link for link in map(clean_link, found) if link))[:MOST_FEEDS]


def _is_feed(link: HtmlElement) -> bool:
    kind = (link.get("type") or "").partition(";")[0].strip().casefold()
    return "alternate" in (link.get("rel") or "").casefold().split() and kind in FEED_TYPES
