"""Which subjects their context upholds, which it cancels, and which words of the context count themselves."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from oversight.domain.phrase_index import Around, Document, Hit, PhraseIndex
from oversight.domain.phrases import Condition, Kind, Meaning
from oversight.domain.surroundings import SURROUNDINGS, beginning_of, surroundings_of

NEAR = 150  # folded characters on either side in which an `unless` phrase cancels a term
QUALITIES = frozenset({Kind.BADGE, Kind.MODE, Kind.PLACEMENT})
MOST_NUMBERING = 3  # letters that may stand before a heading: "12.F", "(iv)"
CAPTION = 40  # a field longer than this and all in capitals says nothing about abbreviations


class Exclusion(NamedTuple):
    """A subject that does not count, and the words that cancelled it."""

    hit: Hit
    by: Hit


class Judges:
    """Finds the context of subjects. What the beginning of a paper says holds for all of it."""

    def __init__(self, document: Document, index: PhraseIndex) -> None:
        self._document = document
        self._index = index
        self._said: frozenset[str] | None = None

    @property
    def know_beginning(self) -> bool:
        """Whether a judge was asked for already, who has read the beginning."""
        return self._said is not None

    def of(self, subjects: Sequence[Hit]) -> "Judge":
        """A judge for these subjects, who stand after those of the call before."""
        if self._said is None:
            stretches = surroundings_of(self._document, subjects)
            around = self._index.find(self._document, stretches, asked=_asked(subjects))
            judge = Judge(self._document, around)
            self._said = judge.names
            return judge
        beginning = self._beginning
        said = self._said.union([hit.meaning.called for hit in beginning])
        stretches = surroundings_of(self._document, subjects, is_beginning=False)
        around = self._index.find(self._document, stretches, asked=_asked(subjects, said))
        return Judge(self._document, around, said, beginning)

    @cached_property
    def _beginning(self) -> list[Hit]:
        found = self._index.find(self._document, beginning_of(self._document), asked=None)
        return [hit for hit in found if hit.meaning.kind in (Kind.NEARBY, Kind.SIGNAL)]


class Judge:
    """Decides which subjects their context upholds; `said` is what conditions find elsewhere in the paper.

    `telling` is the context without what only conditions ask about, `beginning` what they find in the beginning.
    """

    def __init__(
        self,
        document: Document,
        context: Iterable[Hit],
        said: frozenset[str] = frozenset(),
        beginning: Sequence[Hit] = (),
    ) -> None:
        by_kind: defaultdict[Kind, list[Hit]] = defaultdict(list)
        for hit in context:
            by_kind[hit.meaning.kind].append(hit)
        self._document = document
        self._beginning = beginning
        self._nearby = by_kind.pop(Kind.NEARBY, [])
        self.telling = [hit for hits in by_kind.values() for hit in hits]
        self._heard = self._nearby + by_kind[Kind.SIGNAL]
        self._friends = Around(by_kind[Kind.FALSE_FRIEND])
        self._footage = Around(by_kind[Kind.FOOTAGE])
        self.names = said.union([hit.meaning.called for hit in self._heard])

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
        if any(hit.meaning.strength == "hint" for hit in upheld):
            clear = Around([hit for hit in upheld if hit.meaning.strength != "hint" and is_main(hit)])
            upheld = [hit for hit in upheld if hit.meaning.strength != "hint" or not clear.cover(hit)]
        return [self._weighed(hit) for hit in upheld], excluded

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
            heard = chain(self._beginning, self._nearby)
            return next((by for by in heard if by.meaning.called in condition.never), hit)
        if condition.unless.isdisjoint(self.names):
            return None
        near = self._said.all_called_near(hit, condition.unless, NEAR)
        return next((by for by in near if not self._ends_between(hit, by)), None)

    def _ends_between(self, hit: Hit, other: Hit) -> bool:
        """Whether a sentence ends between the two: pipes in one say nothing of cameras in the next."""
        return ". " in self._document[hit.field].text[min(hit.end, other.end) : max(hit.start, other.start)]


def _asked(subjects: Iterable[Hit], said: frozenset[str] = frozenset()) -> frozenset[str]:
    """The phrases that the conditions of these subjects ask about, if so much is `said` already."""
    return asked_by({id(hit.meaning): hit.meaning for hit in subjects}.values(), said)


def asked_by(meanings: Iterable[Meaning], said: frozenset[str] = frozenset()) -> frozenset[str]:
    conditions = {id(one.condition): one.condition for one in meanings if one.condition}
    return frozenset().union(*[_still_asked(one, said) for one in conditions.values()])


def _still_asked(condition: Condition, said: frozenset[str]) -> frozenset[str]:
    is_met = not condition.within and not condition.needs.isdisjoint(said)
    return condition.cancelled_by if is_met else condition.asked


def is_main(hit: Hit) -> bool:
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
