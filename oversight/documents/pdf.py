"""The text of a PDF, page by page: by PDFium, and by pypdf where PDFium gives up."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from itertools import islice

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from oversight.documents.kinds import PDF
from oversight.documents.paging import fitting, paged
from oversight.documents.result import read, scanned, unreadable
from oversight.domain.document import DocumentText

MOST_PAGES = 5_000
# Less than this on a page that is mostly a picture is a stamp, a signature's envelope number or a page number.
STAMP_LETTERS = 120
MOST_OBJECTS = 200

# It warns of every oddity of every file, and each line would be somebody else's words in our log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_LOCKED = (pdfium_raw.FPDF_ERR_PASSWORD, pdfium_raw.FPDF_ERR_SECURITY)


class Encrypted(Exception):
    """The document wants a password: say so, and try no other reader."""


class _NoPages(Exception):
    """The reader got no page of it: try the next one."""


def read_pdf(body: bytes) -> DocumentText:
    """The text layer of a PDF; unreadable where it is scanned, encrypted or broken. Raises MemoryError only."""
    reason = ""
    for reader in (_by_pdfium, _by_pypdf):
        try:
            return _told(*reader(body))
        except Encrypted:
            return unreadable(PDF, "encrypted")
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a parser may raise anything (SAFETY C2)
            reason = reason or f"broken: {type(error).__name__}: {error}"
    return unreadable(PDF, reason)


def _told(texts: list[str], page_count: int) -> DocumentText:
    found = paged(texts)
    return scanned(PDF, page_count) if found.silent == len(texts) else read(PDF, found, page_count)


def _by_pdfium(body: bytes) -> tuple[list[str], int]:
    with closing(open_pdf(body)) as pdf:
        return _every_page(len(pdf), lambda number: page_text(pdf[number]))


def open_pdf(body: bytes) -> pdfium.PdfDocument:
    """The document; an empty password is tried. Raises PdfiumError."""
    try:
        return pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        # For a document without pages the code is that of the last document that failed, so it is not enough.
        if error.err_code in _LOCKED and b"/Encrypt" in body:
            raise Encrypted from error
        raise


def page_text(page: pdfium.PdfPage) -> str:
    """The text layer of a page; nothing for a picture of a page with a stamp on it."""
    text = str(page.get_textpage().get_text_bounded())
    letters = sum(character.isalnum() for character in text[: STAMP_LETTERS * 4])
    return "" if letters < STAMP_LETTERS and _is_picture(page) else text


def _is_picture(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium_raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
    boxes = [picture.get_bounds() for picture in islice(pictures, MOST_OBJECTS)]
    # Some scanners cut a page into strips.
    return bool(sum((right - left) * (top - bottom) for left, bottom, right, top in boxes) > width * height / 2)


def _by_pypdf(body: bytes) -> tuple[list[str], int]:
    pdf = pypdf.PdfReader(BytesIO(body))
    if pdf.is_encrypted and not pdf.decrypt(""):
        raise Encrypted
    return _every_page(len(pdf.pages), lambda number: pdf.pages[number].extract_text())


def _every_page(count: int, text_of: Callable[[int], str]) -> tuple[list[str], int]:
    """The text of the pages that fit, and the number of all; a page that cannot be read is one without text."""
    failures: list[Exception] = []

    def texts() -> Iterator[str]:
        for number in range(min(count, MOST_PAGES)):
            try:
                yield text_of(number)
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - a parser may raise anything (SAFETY C2)
                failures.append(error)
                yield ""

    taken = fitting(texts())
    if len(failures) == len(taken):
        raise failures[0] if failures else _NoPages("it has no pages")
    return taken, count
