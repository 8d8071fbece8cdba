"""Tests of recognising scanned pages; they need the `tesseract` program, but for those that show its absence."""

import shutil
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from oversight.children import ChildPool
from oversight.documents.ocr import MOST_PAGES, PROGRAM, read_scanned
from oversight.domain.document import DocumentState, page_at

from .make import encrypted, pdf, scan, shown

SENTENCE = "The council votes on license plate readers"

needs_the_program = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="tesseract is not installed")


def scanned(*texts: str) -> bytes:
    """A PDF of pictures of these texts, as a scanner makes it."""
    pictures = pdfium.PdfDocument.new()
    with pdfium.PdfDocument(pdf(*(shown(text, size=20) for text in texts))) as written:
        for page in written:
            bitmap = page.render(scale=2, grayscale=False)
            image = pdfium.PdfImage.new(pictures)
            image.set_bitmap(bitmap)
            image.set_matrix(pdfium.PdfMatrix().scale(612, 792))
            copy = pictures.new_page(612, 792)
            copy.insert_obj(image)
            copy.gen_content()
    out = BytesIO()
    pictures.save(out)
    return out.getvalue()


@needs_the_program
def test_a_picture_of_a_text_is_read() -> None:
    found = read_scanned(scanned(SENTENCE, "Second page about drones"))
    assert found.state == DocumentState.READ
    assert found.is_ocr
    assert SENTENCE in found.text
    assert page_at(found.pages, found.text.index("drones")) == 2


@needs_the_program
def test_pictures_are_read_within_the_memory_of_a_child() -> None:
    with ChildPool(1, preload=("oversight.documents.ocr",)) as pool:
        assert SENTENCE in pool.run(read_scanned, scanned(SENTENCE)).text


@needs_the_program
def test_pages_that_have_text_keep_it() -> None:
    found = read_scanned(pdf(f"{SENTENCE}, said the clerk", ""))
    assert found.text == f"{SENTENCE}, said the clerk"
    assert found.reason == "1 of 2 pages without text"


@needs_the_program
def test_empty_pictures_stay_unreadable() -> None:
    found = read_scanned(scan("", ""))
    assert found.state == DocumentState.UNREADABLE
    assert found.reason == "scanned: 2 pages without text, and none was recognised on the first 2"


@needs_the_program
def test_without_time_nothing_is_recognised() -> None:
    assert read_scanned(scanned(SENTENCE), seconds=0).state == DocumentState.UNREADABLE


def test_no_more_than_so_many_pages_are_recognised(tmp_path: Path) -> None:
    program = script(tmp_path, f"cat > /dev/null; echo page >> {tmp_path}/log; echo {SENTENCE}")
    found = read_scanned(scan(*[""] * (MOST_PAGES + 5)), program=program)
    assert (tmp_path / "log").read_text().count("page") == MOST_PAGES
    assert found.reason == f"only the first {MOST_PAGES} of {MOST_PAGES + 5} pages were read"


@pytest.mark.parametrize("command", ["exit 1", "cat > /dev/null; printf '\\377\\376'", "kill -9 $$"])
def test_a_page_that_the_program_fails_on_stays_without_text(tmp_path: Path, command: str) -> None:
    found = read_scanned(scan(""), program=script(tmp_path, command))
    assert found.reason == "scanned: 1 page without text, and none was recognised on the first 1"


def script(folder: Path, command: str) -> str:
    """A program that stands in for tesseract."""
    file = folder / "program"
    file.write_text(f"#!/bin/sh\n{command}\n")
    file.chmod(0o755)
    return str(file)


@needs_the_program
@pytest.mark.parametrize("body", [b"", b"%PDF-1.7\n", b"<html>"])
def test_what_is_no_pdf_is_left_to_whoever_reads_documents(body: bytes) -> None:
    with pytest.raises(pdfium.PdfiumError):
        read_scanned(body)


@needs_the_program
def test_an_encrypted_document_is_not_recognised() -> None:
    assert read_scanned(encrypted(pdf(SENTENCE), password="secret")).reason == "encrypted"


def test_where_the_program_is_missing_it_says_so() -> None:
    found = read_scanned(scan(""), program="no-such-program")
    assert (found.state, found.reason) == (DocumentState.UNREADABLE, "scanned, and no-such-program is not installed")


@needs_the_program
def test_the_captured_scan_is_read(shared: Path) -> None:
    file = shared / "captured" / "council_pdf" / "eugene__DOC102825-10282025103848.pdf"
    found = read_scanned(file.read_bytes())
    assert (found.state, found.page_count, len(found.pages)) == (DocumentState.READ, 4, 4)
    assert "software" in found.text.lower()
