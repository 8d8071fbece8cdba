"""Text as the matcher sees it: folded as SAFETY C8 says, with every position traceable to the original."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2043\u2212\ufe58\ufe63\uff0d")
# Letters that show nothing although Unicode files them under "other".
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_ODD = "\x00"
_SPACES = re.compile(" {2,}")
_ODD_RUNS = re.compile(" [\x00 ]+|[^\x00]?\x00[\x00 ]*")


@lru_cache(maxsize=4096)
def _fold_odd(chunk: str) -> str:
    """Fold a few characters whose folding is longer or shorter than they are."""
    normal = unicodedata.normalize("NFKC", chunk).casefold()
    folded = [chr(_FOLDING[ord(character)]) for character in unicodedata.normalize("NFKC", normal)]
    return " ".join(re.split(" +", "".join(folded).replace(_ODD, "")))


class _Folding(dict[int, int]):
    """What each code point becomes, learned as it is met; `_ODD` where it is not exactly one character."""

    def __missing__(self, code: int) -> int:
        self[code] = folded = ord(self._fold(chr(code)))
        return folded

    @staticmethod
    def _fold(character: str) -> str:
        category = unicodedata.category(character)
        if character in _HYPHENS or character.isspace() or category == "Cc":
            return " "
        if category == "Cs":
            return "\ufffd"  # half a pair cannot be written as UTF-8
        if category in {"Cf", "Mn", "Me"} or character in _BLANK_LETTERS:
            return _ODD
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
        if len(folded) != 1:
            return _ODD
        return " " if folded.isspace() or folded in _HYPHENS else folded


_FOLDING = _Folding()


class Chunk(NamedTuple):
    """A piece of the original whose folding has another length."""

    start: int
    end: int
    original_start: int
    original_end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back."""

    original: str
    text: str
    chunks: tuple[Chunk, ...]
    chunk_starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty folded slice stands in the original, without white space at its ends."""
        first, last = self._back(start)[0], self._back(end - 1)[1]
        while last > first + 1 and self.original[last - 1].isspace():
            last -= 1
        while first < last - 1 and self.original[first].isspace():
            first += 1
        return first, last

    def _back(self, position: int) -> tuple[int, int]:
        at = bisect_right(self.chunk_starts, position) - 1
        if at < 0:
            return position, position + 1
        chunk = self.chunks[at]
        if position < chunk.end:
            return chunk.original_start, chunk.original_end
        original = chunk.original_end + position - chunk.end
        return original, original + 1


def fold(original: str) -> Folded:
    """NFKC and casefold; nothing invisible; white space and hyphens as one space."""
    same_length = original.translate(_FOLDING)
    runs = _ODD_RUNS if _ODD in same_length else _SPACES
    pieces: list[str] = []
    chunks: list[Chunk] = []
    done = length = 0
    for run in runs.finditer(same_length):
        start, end = run.span()
        piece = _fold_odd(original[start:end]) if runs is _ODD_RUNS else " "
        pieces += (same_length[done:start], piece)
        length += start - done
        if piece:
            chunks.append(Chunk(length, length + len(piece), start, end))
        else:
            chunks.append(Chunk(length, length, end, end))
        length += len(piece)
        done = end
    pieces.append(same_length[done:])
    return Folded(original, "".join(pieces), tuple(chunks), tuple(chunk.start for chunk in chunks))


def fold_phrase(phrase: str) -> str:
    """A phrase of the vocabulary as it stands in a folded text."""
    return fold(phrase).text.strip()
