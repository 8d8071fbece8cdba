"""A document behind an item: what came of reading it, its text, and on which page a place in the text stands."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from oversight.domain.word import Word


class DocumentState(Word):
    """How far we are with a document; "unreadable" is said aloud, so that it is never taken for "no mention"."""

    WAITING = "waiting", "Waiting to be read"
    READ = "read", "Read"
    UNREADABLE = "unreadable", "Unreadable"
    REFUSED = "refused", "Could not be fetched"


@dataclass(frozen=True)
class DocumentText:
    """The text of a document in normal form; page n of it starts at `pages[n - 1]`, where its kind has pages.

    `page_count` counts all pages, also those behind the last one that was read. `reason` says why a document is
    unreadable, or what is missing from one that was read.
    """

    text: str
    pages: tuple[int, ...]
    page_count: int | None
    media_type: str
    state: DocumentState
    reason: str | None = None
    is_ocr: bool = False
    is_scanned: bool = False


def page_at(pages: Sequence[int], offset: int) -> int:
    """The page (from 1) on which a place in the text stands."""
    return max(1, bisect_right(pages, offset))
