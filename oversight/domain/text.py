"""Text as the matcher sees it: folded as SAFETY C8 says, with every position traceable to the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from oversight.domain.markup import FILL, without_markup

_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2043\u2212\ufe58\ufe63\uff0d")
_APOSTROPHES = frozenset("\u2018\u2019\u02bc\u2032\uff07")
_MARKS = frozenset("\u2122\u00ae\u00a9\u2120")  # of trade: NFKC would make letters of them, and another word
# Letters that show nothing although Unicode files them under "other".
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
BLANK = frozenset((" ", FILL))
_ODD = "\x00"
_MARK = "\x01"  # stands for it while a text is made ASCII
_MANY_RUNS, _FEW_CHARACTERS = 20, 40
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_BLANKS = re.compile("[\x00 ]*")


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
        if character in _APOSTROPHES:
            return "'"
        if character in _MARKS:
            return " "
        if category in {"Cf", "Mn", "Me"} or character in _BLANK_LETTERS:
            return _ODD
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
        if len(folded) != 1:
            return _ODD
        return " " if folded.isspace() or folded in _HYPHENS else folded


_FOLDING = _Folding()
_FOLDED_ASCII = bytes(_FOLDING[code] for code in range(128)) + bytes(128)
_FOLDED_MARKED = _FOLDED_ASCII[: ord(_MARK)] + _ODD.encode() + _FOLDED_ASCII[ord(_MARK) + 1 :]


class Chunk(NamedTuple):
    """A piece of the original whose folding has another length."""

    start: int
    end: int
    original_start: int
    original_end: int


class Folded:
    """A folded text and the way back, which is looked for only when it is asked for: most texts hold nothing.

    `plain` is the original without its markup, and `same_length` that with each character folded by itself: both as
    long as the original, position by position.
    """

    def __init__(self, original: str, plain: str, same_length: str) -> None:
        self.original = original
        self.plain = plain
        self._same_length = same_length
        pieces, done = [], 0
        for start, end, is_odd in _runs_of(same_length):
            pieces += [same_length[done:start], _fold_odd(plain[start:end]) if is_odd else " "]
            done = end
        self.text = "".join((*pieces, same_length[done:])) if pieces else same_length

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty folded slice stands in the original, without white space at its ends."""
        first, last = (self._back(start)[0], self._back(end - 1)[1]) if self._chunks else (start, end)
        while last > first + 1 and self._is_blank(last - 1):
            last -= 1
        while first < last - 1 and self._is_blank(first):
            first += 1
        return first, last

    def _is_blank(self, position: int) -> bool:
        return self.original[position].isspace() or self.plain[position] in BLANK

    def _back(self, position: int) -> tuple[int, int]:
        at = bisect_right(self._chunk_starts, position) - 1
        if at < 0:
            return position, position + 1
        chunk = self._chunks[at]
        if position < chunk.end:
            return chunk.original_start, chunk.original_end
        original = chunk.original_end + position - chunk.end
        return original, original + 1

    @cached_property
    def _chunks(self) -> tuple[Chunk, ...]:
        return tuple(_chunks_of(self.plain, self._same_length))

    @cached_property
    def _chunk_starts(self) -> tuple[int, ...]:
        return tuple(chunk.start for chunk in self._chunks)


def fold(original: str) -> Folded:
    """NFKC and casefold; no markup, nothing invisible; white space and hyphens as one space."""
    plain = without_markup(original)
    return Folded(original, plain, _each_folded(plain))


def _each_folded(plain: str) -> str:
    """Each character folded by itself: quick for ASCII, and for texts that few other characters keep from being it."""
    if plain.isascii():
        return _ascii_folded(plain, _FOLDED_ASCII)
    folding = _FOLDED_ASCII
    if _MARK not in plain:
        plain, folding = _nearer_to_ascii(plain), _FOLDED_MARKED
    if plain.isascii():
        return _ascii_folded(plain, folding)
    pieces, done = [], 0
    for run in _NOT_ASCII.finditer(plain):
        pieces += [_ascii_folded(plain[done : run.start()], folding), run[0].translate(_FOLDING)]
        done = run.end()
    return "".join((*pieces, _ascii_folded(plain[done:], folding)))


def _ascii_folded(text: str, folding: bytes) -> str:
    """As `str.translate` would have it, at ten times its speed."""
    return text.encode("ascii").translate(folding).decode("ascii")


def _nearer_to_ascii(plain: str) -> str:
    """The text with `_MARK` for what fills it, and the characters that fold to ASCII folded, if they are many."""
    plain = plain.replace(FILL, _MARK)
    runs = [] if plain.isascii() else _NOT_ASCII.findall(plain)
    others = set("".join(runs)) if len(runs) > _MANY_RUNS else set()
    for character in others if len(others) <= _FEW_CHARACTERS else ():
        folded = chr(_FOLDING[ord(character)])
        if folded.isascii():
            plain = plain.replace(character, _MARK if folded == _ODD else folded)
    return plain


def _chunks_of(plain: str, same_length: str) -> Iterator[Chunk]:
    """The pieces of a text whose folding has another length, in their order."""
    done = length = 0
    for start, end, is_odd in _runs_of(same_length):
        piece = _fold_odd(plain[start:end]) if is_odd else " "
        length += start - done
        yield Chunk(length, length + len(piece), start if piece else end, end)
        length += len(piece)
        done = end


def _runs_of(same_length: str) -> Iterator[tuple[int, int, bool]]:
    """Where several spaces stand in a row, or something odd with the character before it: what is folded as a whole,
    and whether it is odd. `find` passes over the rest at many times the speed of a pattern.
    """
    done, pair, odd = 0, same_length.find("  "), same_length.find(_ODD)
    while pair >= 0 or odd >= 0:
        if odd < 0 or 0 <= pair < odd:
            start = inside = pair
        else:
            start, inside = max(odd - 1, done), odd
        blanks = _BLANKS.match(same_length, inside)
        done = blanks.end() if blanks else inside  # it always matches
        yield start, done, 0 <= odd < done
        pair = same_length.find("  ", done) if 0 <= pair < done else pair
        odd = same_length.find(_ODD, done) if 0 <= odd < done else odd


def fold_phrase(phrase: str) -> str:
    """A phrase of the vocabulary as it stands in a folded text."""
    return fold(phrase).text.strip()
