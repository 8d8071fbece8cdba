"""Finds the phrases of the vocabulary in folded text, whole words only, and drops those their context contradicts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from oversight.domain.phrases import Kind, Meaning, Phrase, context_phrases, stage_phrases, subject_phrases
from oversight.domain.text import Folded, fold, fold_phrase
from oversight.vocabulary import Vocabulary

NEAR = 150  # folded characters on either side in which an `unless` phrase cancels a term
# Far above any honest paper: they bound the time that a hostile one can take (SAFETY C8).
MOST_SUBJECTS, MOST_CONTEXT = 3_000, 20_000
STAGE_LEAD = 1_200  # a story says early what happened; further down it tells of other places
CAPTION = 40  # a field longer than this and all in capitals says nothing about abbreviations

Document = Mapping[str, Folded]
_START = attrgetter("start")


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
        self._stages = _PhraseIndex(stage_phrases(vocabulary), MOST_CONTEXT)

    def find(self, document: Document) -> Matches:
        """What the document says in the words of the vocabulary."""
        subjects = self._subjects.find(document)
        return self._in_context(document, subjects) if subjects else NOTHING

    def _in_context(self, document: Document, subjects: Iterable[Hit]) -> Matches:
        context = self._context.find(document)
        said = _Around(context, Kind.NEARBY, Kind.SIGNAL)
        friends, footage = _Around(context, Kind.FALSE_FRIEND), _Around(context, Kind.FOOTAGE)
        upheld = [hit for hit in subjects if not friends.cover(hit) and _is_upheld(hit, document, said)]
        clear = _Around((hit for hit in upheld if hit.meaning.strength != "hint"), Kind.TECHNOLOGY, Kind.VENDOR)
        kept = [hit for hit in upheld if hit.meaning.strength != "hint" or not clear.cover(hit)]
        beside = _Around(kept, Kind.TECHNOLOGY, Kind.VENDOR)
        near = [hit for hit in context if _is_beside(hit, beside)]
        stages = self._stages.find(document, STAGE_LEAD)
        return Matches(tuple(_weighed(hit, footage) for hit in kept), (*near, *stages))


class _Around:
    """Hits by where they stand, to ask what is near without looking at all of them."""

    def __init__(self, hits: Iterable[Hit], *kinds: Kind) -> None:
        self._hits: dict[str, list[Hit]] = {}
        self._longest = 0
        for hit in hits:
            if hit.meaning.kind in kinds:
                self._hits.setdefault(hit.field, []).append(hit)
                self._longest = max(self._longest, hit.end - hit.start)
        for found in self._hits.values():
            found.sort(key=_START)
        self._starts = {field: [hit.start for hit in found] for field, found in self._hits.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """What conditions call these hits."""
        return frozenset([_said(hit) for hits in self._hits.values() for hit in hits])

    def near(self, hit: Hit, reach: int) -> Iterator[Hit]:
        """The hits that are at most `reach` characters away, overlapping ones too."""
        starts = self._starts.get(hit.field, [])
        first = bisect_left(starts, hit.start - reach - self._longest)
        last = bisect_right(starts, hit.end + reach)
        if first == last:
            return iter(())
        return (other for other in self._hits[hit.field][first:last] if hit.start - reach <= other.end)

    def cover(self, hit: Hit) -> bool:
        """Whether one of the hits covers this one."""
        return any(hit.lies_in(other) for other in self.near(hit, 0))


def _said(hit: Hit) -> str:
    """What a condition calls this hit: a phrase by itself, a signal by its name."""
    return f"@{hit.meaning.name}" if hit.meaning.kind is Kind.SIGNAL else hit.meaning.name


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

    def find(self, document: Document, lead: int | None = None) -> list[Hit]:
        """Every whole-word hit, overlapping ones too: a longer phrase that is refused must not hide a shorter one."""
        found = (islice(self._find_in(field, folded.text[:lead]), self._most) for field, folded in document.items())
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


def _is_upheld(hit: Hit, document: Document, said: _Around) -> bool:
    condition = hit.meaning.condition
    if condition is None:
        return True
    if condition.is_exact and not _is_abbreviation(hit, document):
        return False
    if condition.is_capital and not _is_name(hit, document):
        return False
    if condition.needs and condition.needs.isdisjoint(said.names):
        return False
    if condition.needs and condition.within and not _has_near(hit, condition.needs, condition.within, said):
        return False
    return condition.unless.isdisjoint(said.names) or not _has_near(hit, condition.unless, NEAR, said)


def _is_beside(hit: Hit, subjects: _Around) -> bool:
    """Whether a cue that must stand near a subject does."""
    condition = hit.meaning.condition
    return condition is None or next(subjects.near(hit, condition.within), None) is not None


def _has_near(hit: Hit, phrases: Set[str], reach: int, said: _Around) -> bool:
    return any(_said(other) in phrases for other in said.near(hit, reach))


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


def _weighed(hit: Hit, footage: _Around) -> Hit:
    """A technology that is only the maker of some footage says little, unless words beside it proved it."""
    condition = hit.meaning.condition
    is_proven = condition is not None and condition.within > 0 and hit.meaning.strength != "hint"
    if hit.meaning.kind is Kind.TECHNOLOGY and not is_proven and footage.cover(hit):
        return hit._replace(meaning=replace(hit.meaning, strength="footage"))
    return hit
