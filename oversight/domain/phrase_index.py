"""Where the phrases of the vocabulary stand in folded text, whole words only, and what stands near what."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from oversight.domain.phrases import Kind, Meaning, Phrase
from oversight.domain.text import Folded, fold_phrase

Document = Mapping[str, Folded]
Stretches = Mapping[str, Sequence[tuple[int, int]]]
_START = attrgetter("start")


class Hit(NamedTuple):
    """A meaning at a place: `start` and `end` are positions in the folded `field`."""

    meaning: Meaning
    field: str
    start: int
    end: int

    def is_near(self, other: "Hit", reach: int) -> bool:
        """Whether at most `reach` characters lie between the two."""
        return self.field == other.field and self.start - reach <= other.end and other.start <= self.end + reach


class PhraseIndex:
    """Many phrases, searched at once; at most `most` hits a field, which bounds the time a hostile text can take.

    `always` are phrases that some condition asks about in every paper.
    """

    def __init__(self, phrases: Iterable[Phrase], most: int, always: Set[str] = frozenset()) -> None:
        self._most = most
        by_form: dict[str, dict[Meaning, None]] = {}
        for phrase, meaning in phrases:
            for form in _forms(fold_phrase(phrase)):
                by_form.setdefault(form, {})[meaning] = None
        every = [tuple(meanings) for meanings in by_form.values()]
        self._meanings = [
            tuple(one for one in some if one.kind is not Kind.NEARBY or one.name in always) for some in every
        ]
        self._asked_about = [
            tuple(one for one in some if one.kind is Kind.NEARBY and one.name not in always) for some in every
        ]
        self._automaton = AhoCorasick(list(by_form))

    def find(
        self, document: Document, stretches: Stretches | None = None, *, asked: Set[str] = frozenset()
    ) -> list[Hit]:
        """Every whole-word hit, overlapping ones too: a longer phrase that is refused must not hide a shorter one.

        With `stretches` (of each field, in order and apart) nothing else of the document is looked at. Of the phrases
        that only conditions ask about, those in `asked`: most of them are everyday words.
        """
        found: list[Hit] = []
        for field, folded in document.items():
            parts = [(0, len(folded.text))] if stretches is None else stretches.get(field, ())
            hits = chain.from_iterable(self._find_in(field, folded.text, part, asked) for part in parts)
            found += islice(hits, self._most)
        return found

    def _find_in(self, field: str, text: str, part: tuple[int, int], asked: Set[str]) -> Iterator[Hit]:
        first, last = part
        cut = text if last - first == len(text) else text[first:last]
        padded = f"{cut} "  # so that there is a character after the last
        for number, start, end in self._automaton.find_matches_as_indexes(cut, overlapping=True):
            if padded[end].isalnum() or (start and padded[start - 1].isalnum()):
                continue
            for meaning in self._meanings[number]:
                yield Hit(meaning, field, first + start, first + end)
            for meaning in self._asked_about[number]:
                if meaning.name in asked:
                    yield Hit(meaning, field, first + start, first + end)


class Around:
    """Hits by where they stand, to ask what is near without looking at all of them."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._hits: defaultdict[str, list[Hit]] = defaultdict(list)
        self._longest = 0
        for hit in hits:
            self._hits[hit.field].append(hit)
            self._longest = max(self._longest, hit.end - hit.start)
        for found in self._hits.values():
            found.sort(key=_START)
        self._starts = {field: [hit.start for hit in found] for field, found in self._hits.items()}

    @cached_property
    def names(self) -> frozenset[str]:
        """What conditions call these hits."""
        return frozenset(chain.from_iterable(self._called.values()))

    @cached_property
    def _called(self) -> dict[str, list[str]]:
        return {field: [called(hit) for hit in found] for field, found in self._hits.items()}

    def near(self, hit: Hit, reach: int) -> Hit | None:
        """One of the hits that are at most `reach` characters away or overlap."""
        found = self._hits[hit.field] if hit.field in self._starts else []
        return next((found[at] for at in self._close(hit, reach) if hit.start - reach <= found[at].end), None)

    def called_near(self, hit: Hit, phrases: Set[str], reach: int) -> Hit | None:
        """One of the hits near by that a condition calls by one of these phrases."""
        return next(self.all_called_near(hit, phrases, reach), None)

    def all_called_near(self, hit: Hit, phrases: Set[str], reach: int) -> Iterator[Hit]:
        """All of them, in the order of the paper."""
        for at in self._close(hit, reach):
            if self._called[hit.field][at] in phrases:
                other = self._hits[hit.field][at]
                if hit.start - reach <= other.end:
                    yield other

    def cover(self, hit: Hit) -> Hit | None:
        """One of the hits that covers this one."""
        for at in self._close(hit, 0):
            other = self._hits[hit.field][at]
            if other.start <= hit.start and hit.end <= other.end:
                return other
        return None

    def _close(self, hit: Hit, reach: int) -> range:
        """The places of the hits that begin in reach, and of some that end before it."""
        starts = self._starts.get(hit.field)
        if not starts:
            return range(0)
        return range(bisect_left(starts, hit.start - reach - self._longest), bisect_right(starts, hit.end + reach))


def called(hit: Hit) -> str:
    """What a condition calls this hit: a phrase by itself, a signal by its name."""
    return f"@{hit.meaning.name}" if hit.meaning.kind is Kind.SIGNAL else hit.meaning.name


def _forms(phrase: str) -> tuple[str, ...]:
    """A phrase and its plural."""
    if not phrase:
        return ()
    if not phrase[-1].isalpha() or phrase.endswith("s"):
        return (phrase,)
    if phrase.endswith("y") and phrase[-2:-1] not in set("aeiou"):
        return (phrase, phrase[:-1] + "ies")
    return (phrase, phrase + "s")
