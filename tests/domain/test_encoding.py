"""Tests of domain/encoding.py: bytes become text, whatever the label says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.encoding import decode_document

XML = "<?xml version='1.0' encoding='{}'?><rss>Überwachung</rss>"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_unicode_is_known_by_its_first_bytes(codec: str) -> None:
    assert decode_document("<rss>Überwachung</rss>".encode(codec), "") == "<rss>Überwachung</rss>"


@pytest.mark.parametrize(
    ("label", "codec"),
    [("ISO-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("koi8-r", "koi8-r"), ("Shift_JIS", "shift_jis")],
)
def test_a_declared_encoding_is_used(label: str, codec: str) -> None:
    text = XML.format(label).replace("Überwachung", {"koi8-r": "надзор", "shift_jis": "監視"}.get(codec, "Über “uns”"))
    assert decode_document(text.encode(codec), "") == text


def test_the_header_is_used_where_the_document_says_nothing() -> None:
    assert decode_document("Łódź".encode("iso-8859-2"), "text/xml; charset='iso-8859-2'") == "Łódź"


META = (
    '<meta charset="{}">',
    "<META CHARSET={}>",
    "<meta http-equiv='Content-Type' content='text/html; charset={}'>",
    "<!-- <meta charset=koi8-r> --><meta name=a content='b'><meta charset = '{}' />",
)


@pytest.mark.parametrize("meta", META)
def test_a_page_may_name_its_encoding_itself(meta: str) -> None:
    page = f"<!doctype html><html><head>{meta}<title>Über “uns”</title>"
    body = page.format("windows-1252").encode("cp1252")
    assert decode_document(body, "text/html") == page.format("windows-1252")


def test_the_header_counts_before_the_page_itself() -> None:
    page = "<meta charset=koi8-r>Łódź"
    assert decode_document(page.encode("iso-8859-2"), "text/html; charset=iso-8859-2") == page


@pytest.mark.parametrize("label", ["utf-7", "utf-16", "U16", "unicode_escape", "nonsense", ""])
def test_a_page_cannot_name_any_codec(label: str) -> None:
    body = f"<meta charset='{label}'>Über".encode("latin-1")
    assert decode_document(body, "text/html") == body.decode("utf-8", "replace")


def test_an_encoding_is_looked_for_at_the_start_of_a_page_only() -> None:
    body = ("<p>" + "a" * 1100 + "<meta charset=windows-1252>Ü").encode("cp1252")
    assert decode_document(body, "text/html").endswith("\ufffd")


def test_utf_8_that_decodes_wins_over_a_wrong_label() -> None:
    text = XML.format("iso-8859-1")
    assert decode_document(text.encode("utf-8"), "text/xml; charset=koi8-r") == text


@pytest.mark.parametrize("label", ["utf-7", "base64", "idna", "unicode_escape", "rot13", "nonsense", "x" * 40])
def test_a_codec_that_no_feed_has_business_naming_is_not_used(label: str) -> None:
    body = XML.format(label).encode("latin-1")
    assert decode_document(body, f"text/xml; charset={label}") == body.decode("utf-8", "replace")


def test_bad_bytes_are_replaced() -> None:
    assert decode_document(b"a\xffb", "") == "a\ufffdb"


@given(st.binary(max_size=60), st.text(max_size=20))
def test_no_bytes_and_no_label_raise(body: bytes, label: str) -> None:
    assert isinstance(decode_document(body, f"text/xml; charset={label}"), str)
