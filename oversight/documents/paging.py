"""One text out of the pages of a document, with the place where each page begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from oversight.documents.healing import heal
from oversight.domain.cleaning import TEXT_LENGTH, clean_text

# Cleaning takes blanks and line ends away.
RAW_LENGTH = TEXT_LENGTH * 3 // 2
BETWEEN = "\n\n"
# A stamp or a page number is not the text of a page.
FEWEST_LETTERS = 5


@dataclass(frozen=True)
class Paged:
    """The pages that fit, as one text in normal form; page n starts at `pages[n - 1]`. `silent` ones have no text."""

    text: str
    pages: tuple[int, ...]
    silent: int
    is_cut: bool


def has_text(page: str) -> bool:
    """Whether a page says anything."""
    letters = (character for character in page if character.isalnum())
    return sum(1 for _ in islice(letters, FEWEST_LETTERS)) == FEWEST_LETTERS


def fitting(pages: Iterable[str]) -> list[str]:
    """The pages up to the one that goes past the limit; later ones are not even asked for."""
    taken: list[str] = []
    length = 0
    for page in pages:
        taken.append(page)
        length += len(page)
        if length > RAW_LENGTH:
            break
    return taken


def paged(pages: Sequence[str]) -> Paged:
    """Clean and join the pages. A page without text begins where the text before it ends."""
    text, starts, is_cut = "", list[int](), False
    for page in heal(pages):
        cleaned = clean_text(page, TEXT_LENGTH + 1)
        between = BETWEEN if text and cleaned else ""
        room = TEXT_LENGTH - len(text) - len(between)
        is_cut = len(cleaned) > room
        fits = cleaned[: max(room, 0)].rstrip()
        if not is_cut or fits:
            starts.append(len(text) + len(between))
            text += between + fits
        if is_cut:
            break
    return Paged(text, tuple(starts), sum(not has_text(page) for page in pages[: len(starts)]), is_cut)
