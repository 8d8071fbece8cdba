"""Tests of platforms/fast_rss.py: where it says anything, it says what feedparser says."""

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.encoding import decode_document
from oversight.domain.reading import Item, ItemKind
from oversight.errors import FeedError
from oversight.platforms.fast_rss import well_formed_entries
from oversight.platforms.rss import bare, entries_in, item_of
from tests.factories import make_feed
from tests.platforms.captured import CAPTURED

SAMPLES = Path(__file__).parents[1] / "data" / "platforms" / "rss"
KINDS = ("news_rss", "feed_edge", "google_news_rss", "civicplus_rss", "granicus_rss", "legistar_rss")
FEEDS = [
    file for folder in (*(CAPTURED / kind for kind in KINDS), SAMPLES) for file in folder.glob("*") if file.is_file()
]

SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "atom": "http://www.w3.org/2005/Atom",
    "own": "https://council.example.gov/ns",
}
# fmt: off
NAMES = (
    "title", "link", "guid", "id", "source", "description",
    "summary", "content", "pubDate", "published", "updated", "issued",
    "modified", "created", "author", "category", "comments", "enclosure",
    "rights", "image", "thumbnail", "dc:title", "dc:date", "dc:description",
    "dc:creator", "dc:language", "dcterms:issued", "dcterms:modified", "dcterms:created", "dcterms:valid",
    "content:encoded", "content:items", "media:title", "media:description", "media:content", "media:group",
    "media:credit", "media:thumbnail", "itunes:summary", "itunes:subtitle", "itunes:author", "slash:comments",
    "atom:link", "atom:updated", "own:title", "own:detail", "own:box", "dates",
    "post_id", "language", "generator",
)
# fmt: on
VALUES = (
    "",
    " ",
    "Council",
    " Council &amp; Mayor ",
    "<p>Item 4</p> of <b>six",
    "AT&amp;T &lt;b&gt;",
    "caf\u00e9 \u201cone\u201d",
    "cafÃ©",
    "\x92s \x80",
    "https://example.org/a?b=1&c=2",
    "http://example.org:80/a;b?",
    "https:///example.org/a",
    "/a/b",
    "a b",
    "tag:example.org,2026:1",
    "yt:video:1",
    "urn:uuid:1",
    "Tue, 03 Nov 2026 10:00:00 GMT",
    "3 Nov 2026 10:00:00 -0330",
    "Tue, 03 Nov 2026 10:00:00 EST",
    "2026-11-03T10:00:00Z",
    "2026-11-03T10:00:00.25+05:30",
    "2026-11-03",
    "2026-02-31T10:00:00Z",
    "soon",
)
ATTRIBUTES = (
    "",
    "",
    "",
    ' type="html"',
    ' type="text"',
    ' type="TEXT/HTML"',
    ' type="xhtml"',
    ' isPermaLink="false"',
    ' ispermalink="true"',
    ' href="https://example.org/h?a=1&amp;b=2"',
    ' rel="alternate" href="/relative"',
    ' rel="self" href="https://example.org/self"',
    ' rel="Alternate" type="application/pdf" href="https://example.org/x.pdf"',
    ' url="https://example.org/u"',
    ' xml:lang="en"',
    ' xml:base="https://example.org/"',
    ' mode="base64"',
)
odd_parts = st.recursive(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES)),
    lambda inner: st.tuples(
        st.sampled_from(["media:content", "media:group", "own:box", "author", "source", "image"]),
        st.sampled_from(ATTRIBUTES),
        st.lists(inner, max_size=3),
    ),
    max_leaves=3,
)
TEXTS = ("title", "description", "content:encoded", "media:title", "media:description", "dc:description", "summary")
usual_parts = st.one_of(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from(["", ' type="html"', ' type="text"']), st.sampled_from(VALUES)),
    st.tuples(
        st.sampled_from(["guid", "link", "id", "source", "own:title", "dates", "image", "category"]),
        st.sampled_from(["", ' isPermaLink="false"']),
        st.sampled_from(VALUES),
    ),
    st.tuples(st.just("link"), st.sampled_from(ATTRIBUTES[9:14]), st.just("")),
    st.tuples(
        st.sampled_from(["pubDate", "published", "updated", "dc:date", "dcterms:created"]),
        st.just(""),
        st.sampled_from([value for value in VALUES if value[-3:] in ("GMT", "330", "EST", "00Z", ":30", "-03")]),
    ),
)
entries = st.lists(
    st.one_of(st.lists(usual_parts, max_size=7), st.lists(usual_parts | odd_parts, max_size=5)), min_size=1, max_size=3
)


def fast(text: str) -> list[Item] | None:
    """What the fast reader says."""
    found = well_formed_entries(bare(text), make_feed().url)
    return None if found is None else [item_of(entry, ItemKind.NEWS) for entry in found]


def slow(text: str) -> tuple[list[Item], tuple[str, ...]]:
    """What feedparser says."""
    found, warnings = entries_in(text, make_feed())
    return [item_of(entry, ItemKind.NEWS) for entry in found], warnings


def written(part: tuple[str, str, object]) -> str:
    """A part of an entry as XML."""
    name, attributes, value = part
    inner = escape(value) if isinstance(value, str) else "".join(map(written, value))  # type: ignore[call-overload]
    return f"<{name}{attributes}>{inner}</{name}>"


def feed_of(found: list[list[tuple[str, str, object]]], shape: str) -> str:
    """A feed of a shape."""
    spaces = "".join(f" xmlns:{prefix}={quoteattr(address)}" for prefix, address in SPACES.items() if prefix != "atom")
    tag = "entry" if shape == "atom" else "item"
    body = "".join(f"<{tag}>{''.join(map(written, one))}</{tag}>" for one in found)
    if shape == "atom":
        return f'<feed xmlns="{SPACES["atom"]}" xmlns:atom="{SPACES["atom"]}"{spaces}><title>A</title>{body}</feed>'
    if shape == "rss":
        head = f'<rss version="2.0" xmlns:atom="{SPACES["atom"]}"{spaces}>'
        return f"{head}<channel><title>A</title>{body}</channel></rss>"
    names = f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"{spaces}'
    body = body.replace("atom:", "own:").replace("<item>", '<item rdf:about="https://example.org/about">')
    return f"<rdf:RDF {names}><channel><title>A</title></channel>{body}</rdf:RDF>"


@pytest.mark.parametrize("file", FEEDS, ids=lambda file: file.name)
def test_a_captured_feed_reads_as_feedparser_reads_it(file: Path) -> None:
    text = decode_document(file.read_bytes(), "")
    try:
        found = fast(text)
    except FeedError:
        return
    assert found is None or (found, ()) == slow(text)


@pytest.mark.skipif(not CAPTURED.is_dir(), reason="the captured feeds are not here")
def test_most_feeds_of_news_sites_go_the_fast_way() -> None:
    texts = [decode_document(file.read_bytes(), "") for file in FEEDS if file.parent.name == "news_rss"]
    assert sum(fast(text) is not None for text in texts) > len(texts) / 2


@given(entries, st.sampled_from(["rss", "atom", "rdf"]))
def test_any_mixture_of_parts_reads_as_feedparser_reads_it(
    found: list[list[tuple[str, str, object]]], shape: str
) -> None:
    text = feed_of(found, shape)
    quick = fast(text)
    assert quick is None or (quick, ()) == slow(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_left_to_feedparser(text: str) -> None:
    well_formed_entries(text, "https://example.org/")


ITEM = "<item><title>A</title><link>https://example.org/a</link></item>"


def test_a_plain_feed_goes_the_fast_way() -> None:
    (item,) = fast(f'<rss version="2.0"><channel>{ITEM}</channel></rss>') or []
    assert (item.title, item.url, item.published) == ("A", "https://example.org/a", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "<rss><channel></channel></rss>",
        f"<rss><channel>{ITEM}</channel>",
        f"<html><body>{ITEM}</body></html>",
        f"<rss xml:base='https://example.org/'><channel>{ITEM.replace('https://example.org', '')}</channel></rss>",
        f"<rss xmlns='https://example.org/'><channel>{ITEM}</channel></rss>",
        f"<rss xmlns:dc='https://example.org/'><channel>{ITEM}</channel></rss>",
        f"<rss xmlns:DC='https://example.org/'><channel>{ITEM}</channel></rss>",
        f"<rss xmlns:a='https://example.org/'><channel>{ITEM}<ttl xmlns:a='https://example.com/b'/></channel></rss>",
        f"<rss xmlns:h='http://www.w3.org/1999/xhtml'><channel>{ITEM}</channel></rss>",
        "<rss><channel><item><title>A</title><pubDate>Seg, 24 Set 2018 19:42:40 -0300</pubDate></item></channel></rss>",
        "<rss><channel><item><title>A <b>B</b></title></item></channel></rss>",
        "<rss><channel><item><author><title>A</title></author></item></channel></rss>",
        f"<rss><channel><image>{ITEM}</image>{ITEM}</channel></rss>",
        f"<rss><channel>{ITEM.replace('A<', '&nbsp;<')}</channel></rss>",
    ],
)
def test_what_is_odd_is_left_to_feedparser(text: str) -> None:
    assert fast(text) is None
