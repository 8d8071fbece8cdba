"""What a paper says in the words of the vocabulary: subjects that their context upholds, and what cancelled others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from oversight.domain.phrase_index import Around, Document, Hit, PhraseIndex, Stretches
from oversight.domain.phrases import Condition, Kind, context_phrases, stage_phrases, subject_phrases
from oversight.domain.text import fold
from oversight.vocabulary import Vocabulary

NEAR = 150  # folded characters on either side in which an `unless` phrase cancels a term
SURROUNDINGS = 400  # so much on either side of a subject is searched for what upholds, cancels or explains it
# Far above any honest paper: they bound the time that a hostile one can take (SAFETY C8).
MOST_SUBJECTS, MOST_CONTEXT = 3_000, 20_000
STAGE_LEAD = 1_200  # a story says early what happened; further down it tells of other places
CAPTION = 40  # a field longer than this and all in capitals says nothing about abbreviations


class Exclusion(NamedTuple):
    """A subject that does not count, and the words that cancelled it."""

    hit: Hit
    by: Hit


@dataclass(frozen=True, slots=True)
class Matches:
    """The subjects that their context upholds, those that it cancels, and what else the vocabulary says of the paper.

    Context is looked for around the subjects and at the paper's beginning only.
    """

    subjects: tuple[Hit, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    context: tuple[Hit, ...] = ()

    def of(self, kind: Kind) -> list[Hit]:
        """The hits of one kind, in the order of the paper."""
        return [hit for hit in (*self.subjects, *self.context) if hit.meaning.kind is kind]


NOTHING = Matches()


def fold_document(title: str, text: str) -> Document:
    """The two fields of a paper that are searched."""
    return {"title": fold(title), "text": fold(text)}


class Matcher:
    """The vocabulary, ready to search: first for subjects, and only where there is one for what surrounds it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._subjects = PhraseIndex(subject_phrases(vocabulary), MOST_SUBJECTS)
        self._context = PhraseIndex(context_phrases(vocabulary), MOST_CONTEXT)
        self._stages = PhraseIndex(stage_phrases(vocabulary), MOST_CONTEXT)

    def find(self, document: Document) -> Matches:
        """What the document says in the words of the vocabulary."""
        subjects = self._subjects.find(document)
        return self._in_context(document, subjects) if subjects else NOTHING

    def _in_context(self, document: Document, subjects: list[Hit]) -> Matches:
        context = self._context.find(document, _surroundings(document, subjects))
        by_kind: defaultdict[Kind, list[Hit]] = defaultdict(list)
        for hit in context:
            by_kind[hit.meaning.kind].append(hit)
        judge = _Judge(document, by_kind)
        upheld, excluded = judge.judged(subjects)
        clear = Around(hit for hit in upheld if hit.meaning.strength != "hint" and _is_main(hit))
        kept = [hit for hit in upheld if hit.meaning.strength != "hint" or not clear.cover(hit)]
        beside = Around(hit for hit in kept if _is_main(hit))
        near = [hit for hit in context if _is_beside(hit, beside)]
        stages = self._stages.find(document, {field: [(0, STAGE_LEAD)] for field in document}) if kept else []
        return Matches(tuple(judge.weighed(hit) for hit in kept), tuple(excluded), (*near, *stages))


class _Judge:
    """Decides which subjects their context upholds."""

    def __init__(self, document: Document, context: defaultdict[Kind, list[Hit]]) -> None:
        self._document = document
        self._said = Around(context[Kind.NEARBY] + context[Kind.SIGNAL])
        self._friends = Around(context[Kind.FALSE_FRIEND])
        self._footage = Around(context[Kind.FOOTAGE])

    def judged(self, subjects: Iterable[Hit]) -> tuple[list[Hit], list[Exclusion]]:
        """The subjects that count, and those that are cancelled; one that lacks company is neither."""
        upheld, excluded = [], []
        for hit in subjects:
            if friend := self._friends.cover(hit):
                excluded.append(Exclusion(hit, friend))
            elif not self._has_company(hit):
                continue
            elif by := self._cancelling(hit):
                excluded.append(Exclusion(hit, by))
            else:
                upheld.append(hit)
        return upheld, excluded

    def weighed(self, hit: Hit) -> Hit:
        """A technology that is only the maker of some footage says little, unless words beside it proved it."""
        condition = hit.meaning.condition
        is_proven = condition is not None and condition.within > 0 and hit.meaning.strength != "hint"
        if hit.meaning.kind is Kind.TECHNOLOGY and not is_proven and self._footage.cover(hit):
            return hit._replace(meaning=replace(hit.meaning, strength="footage"))
        return hit

    def _has_company(self, hit: Hit) -> bool:
        condition = hit.meaning.condition
        if condition is None:
            return True
        if condition.is_exact and not _is_abbreviation(hit, self._document):
            return False
        if condition.is_capital and not _is_name(hit, self._document):
            return False
        return not condition.needs or self._has_needed(hit, condition)

    def _has_needed(self, hit: Hit, condition: Condition) -> bool:
        if condition.needs.isdisjoint(self._said.names):
            return False
        return not condition.within or self._said.called_near(hit, condition.needs, condition.within) is not None

    def _cancelling(self, hit: Hit) -> Hit | None:
        condition = hit.meaning.condition
        if condition is None or condition.unless.isdisjoint(self._said.names):
            return None
        near = self._said.all_called_near(hit, condition.unless, NEAR)
        return next((by for by in near if not self._ends_between(hit, by)), None)

    def _ends_between(self, hit: Hit, other: Hit) -> bool:
        """Whether a sentence ends between the two: pipes in one say nothing of cameras in the next."""
        return ". " in self._document[hit.field].text[min(hit.end, other.end) : max(hit.start, other.start)]


def _surroundings(document: Document, subjects: Iterable[Hit]) -> Stretches:
    """Of each field the beginning and what surrounds its subjects, cut between words."""
    by_field: dict[str, list[int]] = {field: [] for field in document}
    for hit in subjects:
        by_field[hit.field] += (hit.start, hit.end)
    return {field: list(_merged(document[field].text, sorted(marks))) for field, marks in by_field.items()}


def _merged(text: str, marks: Iterable[int]) -> Iterator[tuple[int, int]]:
    first, last = 0, STAGE_LEAD
    for mark in marks:
        if mark - SURROUNDINGS > last:
            yield _between_words(text, first, last)
            first = mark - SURROUNDINGS
        last = max(last, mark + SURROUNDINGS)
    yield _between_words(text, first, last)


def _between_words(text: str, first: int, last: int) -> tuple[int, int]:
    start = text.find(" ", first, first + NEAR) if first else 0
    end = text.rfind(" ", last - NEAR, last) if last < len(text) else len(text)
    return (max(start, first), end if end > 0 else last)


def _is_main(hit: Hit) -> bool:
    return hit.meaning.kind in (Kind.TECHNOLOGY, Kind.VENDOR)


def _is_beside(hit: Hit, subjects: Around) -> bool:
    """Whether a cue that must stand near a subject does."""
    condition = hit.meaning.condition
    return condition is None or subjects.near(hit, condition.within) is not None


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
