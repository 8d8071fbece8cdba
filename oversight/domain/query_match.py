"""What a query means: whether a thing fits it, the same for alerts and for search."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from oversight.domain.nearness import read_circle, read_point
from oversight.domain.query import AllOf, AnyOf, Filter, Narrowing, Not, Phrase, Query, plain_words

EXACT = frozenset({Filter.STATE, Filter.PLACE, Filter.TECHNOLOGY, Filter.STAGE, Filter.POLICY, Filter.KIND})
# Names of which a part is enough: vendor:flock is Flock Safety. The others are compared as a whole.
NAMED = frozenset({Filter.VENDOR, Filter.AGENCY})
NAMES = NAMED | {Filter.MATTER}
_DIVISIONS = ("state:", "district:", "territory:")


@dataclass(frozen=True)
class Subject:
    """What queries are held against: the values of its filters, and its texts, which are folded when words are asked.

    `values` are the codes of `EXACT` filters as they are stored, of `near` points, and names for the others.
    """

    values: frozenset[tuple[Filter, str]]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[tuple[Filter, str | None]], texts: Iterable[str | None]) -> Self:
        """A subject from what is known; every place puts its state beside itself."""
        known = [(name, value) for name, value in values if value]
        states = [(Filter.STATE, state) for name, value in known if name is Filter.PLACE and (state := state_of(value))]
        return cls(frozenset([*known, *states]), tuple(text for text in texts if text))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Each text as its words, between spaces."""
        return tuple(f" {plain_words(text)} " for text in self.texts)

    @cached_property
    def named(self) -> frozenset[tuple[Filter, str]]:
        """The values that are names, each as its words between spaces."""
        return frozenset((name, f" {plain_words(value)} ") for name, value in self.values if name in NAMES)


def state_of(place: str) -> str | None:
    """The postal code of the state that an Open Civic Data id lies in."""
    for part in place.split("/"):
        for division in _DIVISIONS:
            if part.startswith(division):
                return part.removeprefix(division)[:2].upper()
    return None


def matches(query: Query, subject: Subject) -> bool:
    """Whether the subject is what the query asks for."""
    match query:
        case Narrowing():
            return _is_so(query, subject)
        case Phrase(words=words):
            return any(f" {words} " in text for text in subject.words)
        case Not(part=part):
            return not matches(part, subject)
        case AllOf(parts=parts):
            # Filters first: most often they decide, and then no text is folded.
            return all(matches(part, subject) for part in sorted(parts, key=_is_of_words))
        case AnyOf(parts=parts):
            return any(matches(part, subject) for part in sorted(parts, key=_is_of_words))


def _is_so(asked: Narrowing, subject: Subject) -> bool:
    if asked.filter in EXACT:
        return (asked.filter, asked.value) in subject.values
    if asked.filter is Filter.NEAR:
        return _is_near(asked.value, subject)
    words = f" {plain_words(asked.value)} "
    if asked.filter in NAMED:
        return any(name is asked.filter and words in value for name, value in subject.named)
    return (asked.filter, words) in subject.named


def _is_near(asked: str, subject: Subject) -> bool:
    circle = read_circle(asked)
    points = (read_point(value) for name, value in subject.values if name is Filter.NEAR)
    return circle is not None and any(circle.holds(point) for point in points if point)


def _is_of_words(part: Query) -> bool:
    return not isinstance(part, Narrowing)
