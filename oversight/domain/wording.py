"""The words of a paper as features of the learned models, each with where it first stands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from oversight.domain.phrase_index import Document, Hit
from oversight.domain.phrases import Kind

TITLE_LEAD, TEXT_LEAD = 300, 700  # folded characters whose words count, besides those around subjects
REACH, MOST_SUBJECTS = 150, 8
NUMBER = "NUM"
_WORD = re.compile(r"[a-z][a-z'’.]*|\d[\d,.]*")
# What a paper is about says nothing of what happens to it: a name is read as its kind.
_KINDS = {Kind.TECHNOLOGY: "TECH", Kind.VENDOR: "VENDOR", Kind.PRODUCT: "VENDOR"}


class Word(NamedTuple):
    """A word as the models know it, and its place in the folded field."""

    text: str
    field: str
    start: int
    end: int


def words_of(document: Document, subjects: Iterable[Hit]) -> list[Word]:
    """The words of the title, of the beginning, and of what surrounds the first subjects further down."""
    words = list(_tokens("title", document["title"].text, 0, TITLE_LEAD))
    text = document["text"].text
    done = 0
    for start, end in _stretches(subjects):
        words += _tokens("text", text, max(start, done), end)
        done = max(end, done)
    return words


def features_of(words: list[Word]) -> dict[str, Word]:
    """Each word and each pair of neighbours, with where it first stands."""
    features: dict[str, Word] = {}
    before: Word | None = None
    for word in words:
        features.setdefault(word.text, word)
        if before is not None and before.field == word.field:
            features.setdefault(f"{before.text} {word.text}", word._replace(start=before.start))
        before = word
    return features


def without_names(words: Iterable[Word], subjects: Iterable[Hit]) -> list[Word]:
    """The words with each subject read as its kind, once."""
    kinds = _kinds_by_place(subjects)
    read: list[Word] = []
    for word in words:
        kind = kinds.get((word.field, word.start))
        if kind is None:
            read.append(word)
        elif not read or read[-1].text != kind:
            read.append(word._replace(text=kind))
    return read


def _kinds_by_place(subjects: Iterable[Hit]) -> Mapping[tuple[str, int], str]:
    """What kind of subject covers each position; a technology before a vendor that shares its words."""
    kinds: dict[tuple[str, int], str] = {}
    for hit in subjects:
        for position in range(hit.start, hit.end):
            kinds.setdefault((hit.field, position), _KINDS[hit.meaning.kind])
    return kinds


def _stretches(subjects: Iterable[Hit]) -> Iterator[tuple[int, int]]:
    yield 0, TEXT_LEAD
    starts = sorted({hit.start for hit in subjects if hit.field == "text" and hit.start > TEXT_LEAD})
    for start in starts[:MOST_SUBJECTS]:
        yield max(start - REACH, TEXT_LEAD), start + REACH


def _tokens(field: str, text: str, first: int, last: int) -> Iterator[Word]:
    for match in _WORD.finditer(text, first, last):
        word = match[0]
        yield Word(NUMBER if word[0].isdigit() else word.rstrip(".'’"), field, match.start(), match.end())
