"""Tests of domain/autodiscovery.py: what stands at an address, and which feeds a page names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.autodiscovery import MOST_FEEDS, Form, form_of, named_feeds

URL = "https://council.example.gov/news/"


def page(head: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body><p>Hello</p></body></html>".encode()


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"<rss version='2.0'><channel/></rss>", Form.FEED),
        (
            b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- made by hand -->\n<feed xmlns='http://www.w3.org/2005/Atom'/>",
            Form.FEED,
        ),
        (b"<?xml version='1.0'?><?xml-stylesheet href='a.xsl'?><rdf:RDF/>", Form.FEED),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', Form.FEED),
        (b'{"title": "News", "version": "https://jsonfeed.org/version/1.1", "items": []}', Form.FEED),
        (page("<title>News</title>"), Form.PAGE),
        (b"<html><p>An <rss> tag is only named here</p>", Form.PAGE),
        (b'{"events": []}', Form.JSON),
        (b" []", Form.JSON),
        (b"%PDF-1.7", Form.OTHER),
        (b"", Form.OTHER),
    ],
)
def test_a_document_is_told_by_its_beginning(body: bytes, form: Form) -> None:
    assert form_of(body) is form


def test_comments_without_end_cost_nothing() -> None:
    assert form_of(b"<!-- -->" * 5_000) is Form.OTHER


@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    assert form_of(body) in Form
    assert isinstance(named_feeds(body, URL), tuple)


@pytest.mark.parametrize("kind", ["application/rss+xml", "application/atom+xml", "APPLICATION/RSS+XML; charset=utf-8"])
def test_a_page_names_its_feeds(kind: str) -> None:
    assert named_feeds(page(f'<link rel="alternate" type="{kind}" href="/feed.xml">'), URL) == (
        "https://council.example.gov/feed.xml",
    )


def test_an_address_is_taken_from_the_base_of_the_page() -> None:
    head = '<base href="https://cdn.example.org/a/"><link rel="Alternate feed" type="application/rss+xml" href="b.xml">'
    assert named_feeds(page(head), URL) == ("https://cdn.example.org/a/b.xml",)


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet" type="application/rss+xml" href="/feed.xml">',
        '<link rel="alternate" type="text/html" hreflang="es" href="/es">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="https://user:word@example.org/feed">',
    ],
)
def test_other_links_are_no_feeds(link: str) -> None:
    assert named_feeds(page(link), URL) == ()


def test_a_page_names_each_feed_once_and_not_too_many() -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n // 2}.xml">' for n in range(100))
    found = named_feeds(page(links), URL)
    assert len(found) == len(set(found)) == MOST_FEEDS


def test_what_is_no_page_names_no_feed() -> None:
    assert named_feeds(b"", URL) == ()
