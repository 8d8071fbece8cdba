"""The words of a paper as features of the learned models: each word, and each pair of neighbours."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from string import ascii_lowercase, digits
from typing import NamedTuple

from oversight.domain.phrase_index import Document, Hit
from oversight.domain.phrases import Kind

TITLE_LEAD, TEXT_LEAD = 300, 700  # folded characters whose words count, besides those around subjects
REACH, MOST_SUBJECTS = 150, 8
STAGE_WORDS = 50  # a paper says early what happened
NUMBER = "NUM"
_WORD = re.compile(r"[a-z]+(?:['.]+[a-z]+)*|\d[\d,.]*", re.ASCII)
_APART = bytes(code if chr(code) in f"{ascii_lowercase}{digits}'.," else ord(" ") for code in range(256))
# What a paper is about says nothing of what happens to it: a name is read as its kind.
_KINDS = {Kind.TECHNOLOGY: "TECH", Kind.VENDOR: "VENDOR", Kind.PRODUCT: "VENDOR"}


class Stretch(NamedTuple):
    """A part of a folded field."""

    field: str
    start: int
    end: int


def stretches_of(document: Document, subjects: Iterable[Hit]) -> list[Stretch]:
    """The title, the beginning, and what surrounds the first subjects further down, in order and apart."""
    stretches = [Stretch("title", 0, TITLE_LEAD), Stretch("text", 0, TEXT_LEAD)]
    if len(document["text"].text) <= TEXT_LEAD:
        return stretches
    starts = sorted({hit.start for hit in subjects if hit.field == "text" and hit.start > TEXT_LEAD})
    for start in starts[:MOST_SUBJECTS]:
        first = max(start - REACH, stretches[-1].end)
        stretches.append(Stretch("text", first, max(first, start + REACH)))
    return stretches


def features_in(document: Document, stretches: Iterable[Stretch]) -> list[str]:
    """The words and the pairs of neighbours in the order of the paper, those that come again, too."""
    return [one for field, start, end in stretches for one in _with_pairs(_words(document[field].text, start, end))]


def features_without_names(document: Document, subjects: Iterable[Hit]) -> list[str]:
    """The features of the first words, with each subject read as its kind."""
    features: list[str] = []
    left = STAGE_WORDS
    by_field = _apart(subjects)
    for field, lead in (("title", TITLE_LEAD), ("text", TEXT_LEAD)):
        words = _without_names(document[field].text, by_field.get(field, ()), lead)[:left]
        left -= len(words)
        features += _with_pairs(words)
    return features


def places_of(wanted: set[str], document: Document, stretches: Iterable[Stretch]) -> dict[str, Stretch]:
    """Where each wanted feature first stands."""
    places: dict[str, Stretch] = {}
    words = {word for feature in wanted for word in feature.split(" ")}
    for field, start, end in stretches:
        before, began = "", 0
        for match in _WORD.finditer(document[field].text, start, end):
            word = match[0] if match[0].isalpha() or not match[0][0].isdigit() else NUMBER
            if word in words:
                for feature, first in ((word, match.start()), (f"{before} {word}", began)):
                    if feature in wanted and feature not in places:
                        places[feature] = Stretch(field, first, match.end())
            before, began = word, match.start()
        if len(places) == len(wanted):
            break
    return places


def _words(text: str, start: int, end: int) -> list[str]:
    """What `_WORD` finds, a number as such; quicker than it where the text is cut at whatever is in no word at all."""
    words: list[str] = []
    for token in text[start:end].encode("ascii", "replace").translate(_APART).decode("ascii").split():
        if token.isalpha():
            words.append(token)
        else:
            words += [word if word[0].isalpha() else NUMBER for word in _WORD.findall(token)]
    return words


def _with_pairs(words: list[str]) -> list[str]:
    return [*words, *map(" ".join, pairwise(words))]


def _without_names(text: str, subjects: Iterable[Hit], lead: int) -> list[str]:
    words: list[str] = []
    done = 0
    for hit in subjects:
        if hit.start >= lead:
            break
        words += _words(text, done, hit.start)
        words.append(_KINDS[hit.meaning.kind])
        done = hit.end
    return words + _words(text, done, lead)


def _apart(subjects: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The subjects of each field that do not overlap, the longest of those that begin together."""
    kept: dict[str, list[Hit]] = {}
    for hit in _longest_first(subjects):
        found = kept.setdefault(hit.field, [])
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return kept


def _longest_first(subjects: Iterable[Hit]) -> Iterator[Hit]:
    return iter(sorted(subjects, key=lambda hit: (hit.start, -hit.end, hit.meaning.kind)))
