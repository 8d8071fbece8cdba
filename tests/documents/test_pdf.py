"""Tests of the reader of PDFs: text with its pages, and an honest word where there is none."""

import pytest

from oversight.documents import read_document
from oversight.documents.pdf import read_pdf
from oversight.domain.cleaning import TEXT_LENGTH
from oversight.domain.document import DocumentState, DocumentText, page_at

from .make import assembled, encrypted, pdf, scan, shown

AGENDA = "The council votes on license plate readers."
MINUTES = "The motion to buy drones was carried."


def found(text: DocumentText) -> tuple[DocumentState, str | None]:
    return text.state, text.reason


def test_each_page_begins_where_it_says() -> None:
    read = read_pdf(pdf(AGENDA, MINUTES))
    assert read.text == f"{AGENDA}\n\n{MINUTES}"
    assert [read.text[start : start + 9] for start in read.pages] == ["The counc", "The motio"]
    assert read.page_count == 2
    assert found(read) == (DocumentState.READ, None)


def test_a_page_without_text_still_counts_as_a_page() -> None:
    read = read_pdf(pdf(AGENDA, "", MINUTES))
    assert page_at(read.pages, read.text.index("motion")) == 3
    assert read.reason == "1 of 3 pages without text"


def test_a_scanned_document_is_unreadable_and_says_so() -> None:
    read = read_pdf(scan("", "", "7"))
    assert found(read) == (DocumentState.UNREADABLE, "scanned: 3 pages without text")
    assert read.is_scanned
    assert (read.page_count, read.text, read.pages) == (3, "", ())


def test_a_stamp_on_a_picture_is_not_the_text_of_its_page() -> None:
    assert read_pdf(scan("Envelope ID 93F0-17A2", "Received by the Clerk on 3 June 2026")).is_scanned


def test_a_picture_behind_a_whole_page_of_text_does_not_matter() -> None:
    assert found(read_pdf(scan(f"{AGENDA}\n{MINUTES}\n{AGENDA}\n{MINUTES}"))) == (DocumentState.READ, None)


def test_a_short_text_without_a_picture_is_read() -> None:
    assert read_pdf(pdf("Meeting cancelled")).text == "Meeting cancelled"


def test_a_document_without_a_password_of_the_reader_is_read_although_encrypted() -> None:
    assert read_pdf(encrypted(pdf(AGENDA), password="")).text == AGENDA


def test_a_document_under_a_password_is_encrypted() -> None:
    assert found(read_pdf(encrypted(pdf(AGENDA), password="secret"))) == (DocumentState.UNREADABLE, "encrypted")


def test_what_was_read_before_does_not_matter() -> None:
    read_pdf(encrypted(pdf(AGENDA), password="secret"))
    assert str(read_pdf(pdf()).reason).startswith("broken: ")


def test_what_is_before_the_beginning_and_after_the_end_does_not_matter() -> None:
    assert read_pdf(b"\n\n" + pdf(AGENDA) + b"\n<!-- served in 3 ms -->").text == AGENDA


def test_the_second_reader_is_asked_where_the_first_gives_up() -> None:
    assert read_pdf(pdf(AGENDA).replace(b"/Root 1 0 R", b"")).text == AGENDA


def test_an_unknown_way_of_encrypting_is_encrypted() -> None:
    assert read_pdf(pdf(AGENDA).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 3 0 R")).reason == "encrypted"


@pytest.mark.parametrize("body", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 20, pdf()], ids=len)
def test_a_broken_document_is_unreadable_and_says_so(body: bytes) -> None:
    read = read_pdf(body)
    assert read.state == DocumentState.UNREADABLE
    assert str(read.reason).startswith("broken: ")


def test_a_page_that_cannot_be_read_leaves_the_others() -> None:
    broken = pdf(AGENDA, MINUTES).replace(b"/Kids [6 0 R 8 0 R]", b"/Kids [6 0 R 9 0 R]")
    read = read_pdf(broken)
    assert read.text == AGENDA
    assert read.reason == "1 of 2 pages without text"


def test_a_long_document_is_read_as_far_as_it_fits() -> None:
    page = "\n".join("a council of forty words " * 4 for _ in range(60))
    read = read_pdf(pdf(*[page] * 60))
    assert TEXT_LENGTH - 10 <= len(read.text) <= TEXT_LENGTH
    assert read.page_count == 60
    assert 40 < len(read.pages) < 50
    assert read.reason == f"only the first {len(read.pages)} of 60 pages were read"


def test_words_divided_at_a_lines_end_are_made_whole() -> None:
    read = read_pdf(pdf("They bought surveil-\nlance cameras and a license-\nplate reader in 2023-\n2025."))
    assert read.text == "They bought surveillance cameras and a license-plate reader in 2023-2025."


def test_the_header_does_not_make_a_pdf() -> None:
    read = read_document(b"<!DOCTYPE html><title>Sign in</title><p>Please sign in", "application/pdf", "a.pdf")
    assert read.media_type == "text/html"


def test_an_odd_content_stream_costs_its_page_only() -> None:
    read = read_pdf(assembled([(b"BT (unclosed", b""), (shown(MINUTES), b"")]))
    assert page_at(read.pages, read.text.index("motion")) == 2
