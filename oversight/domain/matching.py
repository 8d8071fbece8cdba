"""What a paper says in the words of the vocabulary: subjects that their context upholds, and what cancelled others."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from oversight.domain.phrase_index import Around, Document, Hit, PhraseIndex, called
from oversight.domain.phrases import Condition, Kind, Meaning, context_phrases, stage_phrases, subject_phrases
from oversight.domain.surroundings import LEAD, SURROUNDINGS, groups_of, surroundings_of
from oversight.domain.text import fold
from oversight.vocabulary import Vocabulary

NEAR = 150  # folded characters on either side in which an `unless` phrase cancels a term
# Far above any honest paper: they bound the time that a hostile one can take (SAFETY C8).
MOST_SUBJECTS, MOST_CONTEXT = 3_000, 20_000
ENOUGH = 6  # a subject that was upheld so often is one: where it stands further down is not looked at
TRIES = 40  # a phrase that stood so often without what it needs is an everyday word of this paper
QUALITIES = frozenset({Kind.BADGE, Kind.MODE, Kind.PLACEMENT})
MOST_NUMBERING = 3  # letters that may stand before a heading: "12.F", "(iv)"
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
        always = _asked_by(meaning for _, meaning in context_phrases(vocabulary))
        self._context = PhraseIndex(context_phrases(vocabulary), MOST_CONTEXT, always)
        self._stages = PhraseIndex(stage_phrases(vocabulary), MOST_CONTEXT)

    def find(self, document: Document) -> Matches:
        """What the document says in the words of the vocabulary."""
        subjects = self._subjects.find(document)
        return self._in_context(document, subjects) if subjects else NOTHING

    def _in_context(self, document: Document, subjects: list[Hit]) -> Matches:
        kept: list[Hit] = []
        excluded: list[Exclusion] = []
        context: dict[tuple[int, str, int], Hit] = {}
        counted: Counter[tuple[Kind, str]] = Counter()
        tried: Counter[int] = Counter()  # by the identity of a meaning: its conditions are many sets of words
        said: frozenset[str] = frozenset()
        for group in groups_of(subjects):
            open_ = [hit for hit in group if counted[hit.meaning.kind, hit.meaning.name] < ENOUGH
                     and tried[id(hit.meaning)] < TRIES]  # fmt: skip
            if open_:
                tried.update([id(hit.meaning) for hit in open_])
                around = self._context.find(document, surroundings_of(document, open_), asked=_asked(open_))
                judge = _Judge(document, around, said)
                said = said or judge.names  # what the beginning says holds for the whole paper
                upheld, cancelled = judge.judged(open_)
                counted.update([(hit.meaning.kind, hit.meaning.name) for hit in upheld])
                kept += upheld
                excluded += cancelled
                near = Around([hit for hit in upheld if _is_main(hit)])
                for hit in judge.telling:
                    if judge.upholds(hit, near):
                        context.setdefault((id(hit.meaning), hit.field, hit.start), hit)
        stages = self._stages.find(document, {field: [(0, LEAD)] for field in document}) if kept else []
        return Matches(tuple(kept), tuple(excluded), (*context.values(), *stages))


class _Judge:
    """Decides which subjects their context upholds; `said` is what conditions find elsewhere in the paper.

    `telling` is the context without what only conditions ask about.
    """

    def __init__(self, document: Document, context: Iterable[Hit], said: frozenset[str]) -> None:
        by_kind: defaultdict[Kind, list[Hit]] = defaultdict(list)
        for hit in context:
            by_kind[hit.meaning.kind].append(hit)
        self._document = document
        self._nearby = by_kind.pop(Kind.NEARBY, [])
        signals = by_kind[Kind.SIGNAL]
        self.telling = [hit for hits in by_kind.values() for hit in hits]
        self._heard = self._nearby + signals
        self._friends = Around(by_kind[Kind.FALSE_FRIEND])
        self._footage = Around(by_kind[Kind.FOOTAGE])
        self.names = said.union([hit.meaning.name for hit in self._nearby], [called(hit) for hit in signals])

    @cached_property
    def _said(self) -> Around:
        return Around(self._heard)

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
        clear = Around(hit for hit in upheld if hit.meaning.strength != "hint" and _is_main(hit))
        kept = (hit for hit in upheld if hit.meaning.strength != "hint" or not clear.cover(hit))
        return [self._weighed(hit) for hit in kept], excluded

    def upholds(self, hit: Hit, subjects: Around) -> bool:
        """Whether a word of the context counts: a badge has conditions of its own, a cue must stand near a subject."""
        if hit.meaning.kind in QUALITIES:
            return self._has_company(hit) and not self._cancelling(hit)
        return _is_beside(hit, subjects)

    def _weighed(self, hit: Hit) -> Hit:
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
        if condition.is_heading and not _is_heading(hit, self._document):
            return False
        return not condition.needs or self._has_needed(hit, condition)

    def _has_needed(self, hit: Hit, condition: Condition) -> bool:
        if condition.needs.isdisjoint(self.names):
            return False
        return not condition.within or self._said.called_near(hit, condition.needs, condition.within) is not None

    def _cancelling(self, hit: Hit) -> Hit | None:
        condition = hit.meaning.condition
        if condition is None:
            return None
        if not condition.never.isdisjoint(self.names):
            return next((by for by in self._nearby if by.meaning.name in condition.never), hit)
        if condition.unless.isdisjoint(self.names):
            return None
        near = self._said.all_called_near(hit, condition.unless, NEAR)
        return next((by for by in near if not self._ends_between(hit, by)), None)

    def _ends_between(self, hit: Hit, other: Hit) -> bool:
        """Whether a sentence ends between the two: pipes in one say nothing of cameras in the next."""
        return ". " in self._document[hit.field].text[min(hit.end, other.end) : max(hit.start, other.start)]


def _asked(subjects: Iterable[Hit]) -> frozenset[str]:
    """The phrases that the conditions of these subjects ask about."""
    return _asked_by({id(hit.meaning): hit.meaning for hit in subjects}.values())


def _asked_by(meanings: Iterable[Meaning]) -> frozenset[str]:
    conditions = {id(one.condition): one.condition for one in meanings if one.condition}
    return frozenset().union(*[one.asked for one in conditions.values()])


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


def _is_heading(hit: Hit, document: Document) -> bool:
    """Whether it begins a line or sentence after at most a number, and no word goes on with it."""
    original = document[hit.field].original
    start, end = document[hit.field].span(hit.start, hit.end)
    before = re.split(r"[\n(]|[.:;]\s", original[max(0, start - SURROUNDINGS) : start])[-1]
    is_first = sum(character.isalpha() for character in before) <= MOST_NUMBERING
    return is_first and re.match(r"\s*[^\w\s'’]|\s*\d|\s*$", original[end : end + SURROUNDINGS]) is not None
