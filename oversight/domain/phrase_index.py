"""Where the phrases of the vocabulary stand in folded text, whole words only, and what stands near what."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from oversight.domain.phrases import Kind, Meaning, Phrase, forms_of
from oversight.domain.text import Folded

Document = Mapping[str, Folded]
Stretches = Mapping[str, Sequence[tuple[int, int]]]
Answers = Mapping[int, tuple[Meaning, ...]]
MOST_ASKED = 1_000  # sets of phrases whose forms are kept at hand
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
            for form in forms_of(phrase):
                by_form.setdefault(form, {})[meaning] = None
        every = [tuple(meanings) for meanings in by_form.values()]
        self._meanings = [tuple([one for one in some if not _is_asked_for(one, always)]) for some in every]
        self._asked_about: dict[str, list[tuple[int, Meaning]]] = {}
        for number, some in enumerate(every):
            for one in some:
                if _is_asked_for(one, always):
                    self._asked_about.setdefault(one.name, []).append((number, one))
        self._automaton = AhoCorasick(list(by_form))
        self._answers = lru_cache(maxsize=MOST_ASKED)(self._look_up)

    def _look_up(self, asked: Set[str] | None) -> Answers:
        """The forms that answer what is asked, by their numbers, each with all that it means then."""
        answers: dict[int, tuple[Meaning, ...]] = {}
        for name in self._asked_about if asked is None else asked:
            for number, meaning in self._asked_about.get(name, ()):
                answers[number] = (*(answers.get(number) or self._meanings[number]), meaning)
        return answers

    def find(
        self, document: Document, stretches: Stretches | None = None, *, asked: Set[str] | None = frozenset()
    ) -> list[Hit]:
        """Every whole-word hit, overlapping ones too: a longer phrase that is refused must not hide a shorter one.

        With `stretches` (of each field, in order and apart) nothing else of the document is looked at. Of the phrases
        that only conditions ask about, those in `asked` (None: all), for most of them are everyday words.
        """
        found: list[Hit] = []
        answers = self._answers(asked)
        for field, folded in document.items():
            text, limit = folded.text, len(found) + self._most
            for first, last in [(0, len(text))] if stretches is None else stretches.get(field, ()):
                self._find_in(field, text if last - first == len(text) else text[first:last], first, answers, found)
                if len(found) >= limit:
                    del found[limit:]
                    break
        return found

    def _find_in(self, field: str, cut: str, first: int, answers: Answers, found: list[Hit]) -> None:
        """Add the hits in a stretch that begins at `first`."""
        always, most = self._meanings, len(found) + self._most
        padded = f"{cut} "  # so that there is a character after the last
        every = self._automaton.find_matches_as_indexes(cut, overlapping=True)
        # Most phrases that only conditions ask about are everyday words, and nobody asked: they go first.
        for number, start, end in [one for one in every if one[0] in answers or always[one[0]]]:
            if padded[end].isalnum() or (start and padded[start - 1].isalnum()):
                continue
            meanings = answers.get(number) or always[number]
            found += [Hit(meaning, field, first + start, first + end) for meaning in meanings]
            if len(found) >= most:
                return


class _Marks(NamedTuple):
    starts: list[int]
    longest: int
    called: list[str]


class Around:
    """Hits by where they stand, to ask what is near without looking at all of them."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._hits: dict[str, list[Hit]] = {}
        for hit in hits:
            self._hits.setdefault(hit.field, []).append(hit)
        for found in self._hits.values():
            found.sort(key=_START)
        self._marks: dict[str, _Marks] = {}  # made when they are asked for: most hits are never looked for

    def _marked(self, field: str) -> "_Marks":
        """Where the hits of a field start, how long the longest is and what conditions call them."""
        marks = self._marks.get(field)
        if marks is None:
            hits = self._hits[field]
            starts = [hit.start for hit in hits]
            longest = max([hit.end - hit.start for hit in hits])
            marks = self._marks[field] = _Marks(starts, longest, [hit.meaning.called for hit in hits])
        return marks

    def near(self, hit: Hit, reach: int) -> Hit | None:
        """One of the hits that are at most `reach` characters away or overlap."""
        for at in self._close(hit, reach):
            other = self._hits[hit.field][at]
            if hit.start - reach <= other.end:
                return other
        return None

    def called_near(self, hit: Hit, phrases: Set[str], reach: int) -> Hit | None:
        """One of the hits near by that a condition calls by one of these phrases."""
        return next(self.all_called_near(hit, phrases, reach), None)

    def all_called_near(self, hit: Hit, phrases: Set[str], reach: int) -> Iterator[Hit]:
        """All of them, in the order of the paper."""
        close = self._close(hit, reach)
        called = self._marked(hit.field).called if close else []
        for at in close:
            if called[at] in phrases:
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
        if hit.field not in self._hits:
            return range(0)
        starts, longest, _ = self._marked(hit.field)
        return range(bisect_left(starts, hit.start - reach - longest), bisect_right(starts, hit.end + reach))


def _is_asked_for(meaning: Meaning, always: Set[str]) -> bool:
    return meaning.kind is Kind.NEARBY and meaning.name not in always
