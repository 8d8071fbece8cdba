"""Text out of other people's documents: plain work on bytes, meant for a child process that can be killed."""

from oversight.documents.docx import read_zip
from oversight.documents.kinds import HTML, PDF, PLAIN, ZIP, Kind, kind_of
from oversight.documents.ocr import read_scanned
from oversight.documents.pdf import read_pdf
from oversight.documents.plain import read_html, read_plain
from oversight.documents.result import unreadable
from oversight.domain.document import DocumentText


def read_document(body: bytes, media_type: str, url: str, *, recognises: bool = False) -> DocumentText:
    """The text of a document with its pages, or why there is none; raises nothing but MemoryError.

    With `recognises` the pages of a scanned PDF are given to OCR, which takes up to `OCR_SECONDS`. A hostile file may
    still end the whole process from inside a parser, so this is run in a child.
    """
    kind = kind_of(body, media_type, url)
    if not body.strip():
        return unreadable(kind, "empty")
    try:
        found = _read(kind, body, media_type)
        return read_scanned(body) if recognises and found.is_scanned else found
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a parser may raise anything (SAFETY C2)
        return unreadable(kind, f"broken: {type(error).__name__}: {error}")


def _read(kind: Kind, body: bytes, media_type: str) -> DocumentText:
    if kind == PDF:
        return read_pdf(body)
    if kind == ZIP:
        return read_zip(body)
    if kind == HTML:
        return read_html(body, media_type)
    if kind == PLAIN:
        return read_plain(body, media_type)
    return unreadable(kind, f"not read: {kind.name}")
