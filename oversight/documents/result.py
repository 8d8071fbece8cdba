"""How a reader of documents says what it found."""

from collections.abc import Iterator
from dataclasses import replace

from oversight.documents.kinds import Kind
from oversight.documents.paging import Paged, has_text
from oversight.domain.cleaning import FAILURE_LENGTH
from oversight.domain.document import DocumentState, DocumentText


def unreadable(kind: Kind, reason: str, page_count: int | None = None) -> DocumentText:
    """A document that nothing can be said about; the reason is a person's to read."""
    return DocumentText(
        text="",
        pages=(),
        page_count=page_count,
        media_type=kind.media_type,
        state=DocumentState.UNREADABLE,
        reason=reason[:FAILURE_LENGTH],
    )


def read(kind: Kind, found: Paged, page_count: int | None = None) -> DocumentText:
    """A document with its text, and what is missing from it; one without any is unreadable, not silent."""
    if not has_text(found.text):
        return unreadable(kind, "it holds no text", page_count)
    return DocumentText(
        text=found.text,
        pages=found.pages if page_count else (),
        page_count=page_count,
        media_type=kind.media_type,
        state=DocumentState.READ,
        reason="; ".join(_missing(found, page_count)) or None,
    )


def scanned(kind: Kind, page_count: int) -> DocumentText:
    """A document of pictures."""
    reason = f"scanned: {pages_in_words(page_count)} without text"
    return replace(unreadable(kind, reason, page_count), is_scanned=True)


def _missing(found: Paged, page_count: int | None) -> Iterator[str]:
    if page_count and found.silent:
        yield f"{found.silent} of {pages_in_words(page_count)} without text"
    if page_count and len(found.pages) < page_count:
        yield f"only the first {len(found.pages):,} of {pages_in_words(page_count)} were read"
    elif found.is_cut:
        yield f"only the first {len(found.text):,} characters were read"


def pages_in_words(count: int) -> str:
    """How many pages, as a person says it."""
    return "1 page" if count == 1 else f"{count:,} pages"
