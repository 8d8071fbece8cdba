"""Finds the phrases of the vocabulary in folded text, whole words only, and drops those their context contradicts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from oversight.domain.phrases import Kind, Meaning, Phrase, context_phrases, subject_phrases
from oversight.domain.text import Folded, fold, fold_phrase
from oversight.vocabulary import Vocabulary

NEAR = 150  # folded characters on either side in which an `unless` phrase cancels a term
# Far above any honest paper: they bound the time that a hostile one can take (SAFETY C8).
MOST_SUBJECTS, MOST_CONTEXT = 3_000, 20_000
CAPTION = 40  # a field longer than this and all in capitals says nothing about abbreviations

Document = Mapping[str, Folded]


class Hit(NamedTuple):
    """A meaning at a place: `start` and `end` are positions in the folded `field`."""

    meaning: Meaning
    field: str
    start: int
    end: int

    def lies_in(self, other: "Hit") -> bool:
        """Whether the other hit covers this one."""
        return self.field == other.field and other.start <= self.start and self.end <= other.end

    def is_near(self, other: "Hit", reach: int = NEAR) -> bool:
        """Whether at most `reach` characters lie between the two."""
        return self.field == other.field and self.start - reach <= other.end and other.start <= self.end + reach


@dataclass(frozen=True, slots=True)
class Matches:
    """The subjects that their context upholds, and what else the vocabulary says of the paper."""

    subjects: tuple[Hit, ...]
    context: tuple[Hit, ...]

    def of(self, kind: Kind) -> list[Hit]:
        """The hits of one kind, in the order of the paper."""
        return [hit for hit in (*self.subjects, *self.context) if hit.meaning.kind is kind]


NOTHING = Matches((), ())


def fold_document(title: str, text: str) -> Document:
    """The two fields of a paper that are searched."""
    return {"title": fold(title), "text": fold(text)}


class Matcher:
    """The vocabulary, ready to search: first for subjects, and only where there is one for what surrounds it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._subjects = _PhraseIndex(subject_phrases(vocabulary), MOST_SUBJECTS)
        self._context = _PhraseIndex(context_phrases(vocabulary), MOST_CONTEXT)

    def find(self, document: Document) -> Matches:
        """What the document says in the words of the vocabulary."""
        subjects = self._subjects.find(document)
        return self._in_context(document, subjects) if subjects else NOTHING

    def _in_context(self, document: Document, subjects: Iterable[Hit]) -> Matches:
        context = self._context.find(document)
        friends = [hit for hit in context if hit.meaning.kind is Kind.FALSE_FRIEND]
        footage = [hit for hit in context if hit.meaning.kind is Kind.FOOTAGE]
        nearby: dict[str, list[Hit]] = {}
        for hit in context:
            if hit.meaning.kind is Kind.NEARBY:
                nearby.setdefault(hit.meaning.name, []).append(hit)
        upheld = (hit for hit in subjects if _is_upheld(hit, document, nearby))
        kept = (hit for hit in upheld if not any(hit.lies_in(friend) for friend in friends))
        return Matches(tuple(_weighed(hit, footage) for hit in kept), tuple(context))


class _PhraseIndex:
    """Many phrases, searched at once."""

    def __init__(self, phrases: Iterable[Phrase], most: int) -> None:
        self._most = most
        by_form: dict[str, dict[Meaning, None]] = {}
        for phrase, meaning in phrases:
            for form in _forms(fold_phrase(phrase)):
                by_form.setdefault(form, {})[meaning] = None
        self._meanings = [tuple(meanings) for meanings in by_form.values()]
        self._automaton = AhoCorasick(list(by_form))

    def find(self, document: Document) -> list[Hit]:
        """Every whole-word hit, overlapping ones too: a longer phrase that is refused must not hide a shorter one."""
        found = (islice(self._find_in(field, folded.text), self._most) for field, folded in document.items())
        return list(chain.from_iterable(found))

    def _find_in(self, field: str, text: str) -> Iterator[Hit]:
        padded = f"{text} "  # so that there is a character after the last
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if padded[end].isalnum() or (start and padded[start - 1].isalnum()):
                continue
            for meaning in self._meanings[number]:
                yield Hit(meaning, field, start, end)


def _forms(phrase: str) -> tuple[str, ...]:
    """A phrase and its plural."""
    if not phrase:
        return ()
    if not phrase[-1].isalpha() or phrase.endswith("s"):
        return (phrase,)
    if phrase.endswith("y") and phrase[-2:-1] not in set("aeiou"):
        return (phrase, phrase[:-1] + "ies")
    return (phrase, phrase + "s")


def _is_upheld(hit: Hit, document: Document, nearby: Mapping[str, list[Hit]]) -> bool:
    condition = hit.meaning.condition
    if condition is None:
        return True
    if condition.is_exact and not _is_abbreviation(hit, document):
        return False
    if condition.is_capital and not _is_name(hit, document):
        return False
    if condition.needs and condition.needs.isdisjoint(nearby):
        return False
    return not any(hit.is_near(other) for phrase in condition.unless & nearby.keys() for other in nearby[phrase])


def _is_abbreviation(hit: Hit, document: Document) -> bool:
    """Whether the original stands in capitals, in a field that is not all capitals itself (captions are)."""
    original = document[hit.field].original
    start, end = document[hit.field].span(hit.start, hit.end)
    return original[start:end].removesuffix("s").isupper() and (len(original) <= CAPTION or not original.isupper())


def _is_name(hit: Hit, document: Document) -> bool:
    """Whether the original starts with a capital inside a sentence."""
    original = document[hit.field].original
    start, _ = document[hit.field].span(hit.start, hit.end)
    before = original[max(0, start - 20) : start].rstrip()
    return original[start].isupper() and before[-1:] not in set('.!?:;"“”') and bool(before)


def _weighed(hit: Hit, footage: Iterable[Hit]) -> Hit:
    """A technology that is only the maker of some footage is a mere hint."""
    if hit.meaning.kind is Kind.TECHNOLOGY and any(hit.lies_in(cover) for cover in footage):
        return hit._replace(meaning=replace(hit.meaning, strength="footage"))
    return hit
