"""Tests of how the kind of a document is told, and of the kinds that are simply text."""

import pytest

from oversight.documents import read_document
from oversight.documents.kinds import kind_of
from oversight.domain.document import DocumentState, page_at

from .make import archive, docx, paragraph, pdf

PAGE = b"<!DOCTYPE html><html><head><title>Council</title></head><body><p>Drones<p>Cameras"


@pytest.mark.parametrize(
    ("body", "media_type", "url", "expected"),
    [
        (pdf("x"), "text/html", "a.html", "application/pdf"),
        (b"junk\n" + pdf("x"), "", "", "application/pdf"),
        (PAGE, "application/pdf", "a.pdf", "text/html"),
        (b"\xef\xbb\xbf  <HTML>", "", "", "text/html"),
        (b"<?xml version='1.0'?>\n<!-- made -->\n<html>", "", "", "text/html"),
        (b"<p>Drones", "text/html; charset=utf-8", "", "text/html"),
        (b"<p>Drones", "", "https://x.example/a.HTML?b=c", "text/html"),
        (b"Drones", "text/plain", "a.pdf", "text/plain"),
        (b"Drones", "application/octet-stream", "https://x.example/a.txt", "text/plain"),
        (b"Drones", "", "https://[broken", "text/plain"),
        (("é" * 4000).encode(), "", "", "text/plain"),
        (("x" + "é" * 4000).encode(), "", "", "text/plain"),
        (b"\x00\x01\x02\x03", "", "", "application/octet-stream"),
        (b"\xff\xfe\xfd", "", "", "application/octet-stream"),
        (archive({"a": "b"}), "text/html", "", "application/zip"),
    ],
)
def test_bytes_come_before_the_header_and_the_header_before_the_address(
    body: bytes, media_type: str, url: str, expected: str
) -> None:
    assert kind_of(body, media_type, url).media_type == expected


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "", "old Word document (.doc)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "", "old Excel workbook (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "",
            "encrypted Office document",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "old Office file"),
        (b"\x89PNG\r\n\x1a\n", "", "PNG image"),
        (b"\xff\xd8\xff\xe0", "", "JPEG image"),
        (b"II*\x00", "", "TIFF image"),
        (b"{\\rtf1 x}", "", "RTF document"),
        (b"\x00\x00\x00\x18ftypmp42", "", "video"),
        (b"\x1f\x8b\x08", "", "gzip archive"),
        (b"....", "audio/ogg", "audio"),
        (b"\x00\x01", "", "unknown kind of file"),
    ],
)
def test_what_is_not_read_is_named(body: bytes, media_type: str, reason: str) -> None:
    found = read_document(body, media_type, "")
    assert (found.state, found.reason) == (DocumentState.UNREADABLE, f"not read: {reason}")


@pytest.mark.parametrize("body", [b"", b" \n\t "])
def test_nothing_is_unreadable(body: bytes) -> None:
    found = read_document(body, "application/pdf", "")
    assert (found.state, found.reason) == (DocumentState.UNREADABLE, "empty")


def test_a_web_page_is_its_words() -> None:
    found = read_document(PAGE + b"<script>drone()</script>", "text/html", "")
    assert found.text == "Council\nDrones\nCameras"
    assert (found.page_count, found.pages) == (None, ())


def test_a_web_page_without_words_is_unreadable() -> None:
    assert read_document(b"<html><body><img src=x>", "", "").reason == "it holds no text"


def test_a_form_feed_begins_a_page() -> None:
    found = read_document(b"First page\n\x0cSecond page\n\x0c", "text/plain", "")
    assert found.page_count == 2
    assert page_at(found.pages, found.text.index("Second")) == 2


@pytest.mark.parametrize(
    "body",
    [
        "1\n00:00:01,000 --> 00:00:04,000\nthe license\n\n2\n00:00:04,000 --> 00:00:06,000\nplate reader\n",
        "WEBVTT\n\n00:01.000 --> 00:04.000 align:start\nthe license\n\n00:04.000 --> 00:06.000\nplate reader\n",
    ],
)
def test_captions_are_read_without_their_numbers_and_times(body: str) -> None:
    assert read_document(body.encode(), "text/vtt", "").text == "the license\nplate reader"


def test_bytes_that_are_not_text_are_not_read_as_text() -> None:
    assert read_document(bytes(range(256)), "text/plain", "").reason == "broken: it is not text"


def test_an_old_encoding_is_read_by_its_label() -> None:
    found = read_document("Caméras – vidéo".encode("cp1252"), "text/plain; charset=windows-1252", "")
    assert found.text == "Caméras – vidéo"


def test_a_word_document_is_told_by_what_is_in_it() -> None:
    assert read_document(docx(paragraph("Drones")), "application/zip", "a.zip").text == "Drones"
