"""A query as a value: words, phrases and filters under and, or, not; and how it is written.

One query means the same wherever it is asked: domain/query_match.py says what.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from oversight.domain.text import fold_phrase
from oversight.domain.word import Word

_WORDS = re.compile(r"\w+")
_BARE = re.compile(r'[^\s"()]+')
_TRIES = 4


class Filter(Word):
    """What a query can narrow to besides words."""

    STATE = "state", "State"
    PLACE = "place", "Place"
    NEAR = "near", "Near"
    TECHNOLOGY = "tech", "Technology"
    VENDOR = "vendor", "Vendor"
    STAGE = "stage", "Stage"
    AGENCY = "agency", "Agency"
    MATTER = "matter", "File number"
    POLICY = "policy", "Policy"
    KIND = "kind", "Kind of event"


@dataclass(frozen=True)
class Phrase:
    """Words that stand one after the other, as `plain_words` writes them. `at` is where it was written, from 1."""

    words: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As it is written in a query."""
        return f'"{self.words}"' if " " in self.words else self.words


@dataclass(frozen=True)
class Narrowing:
    """One filter with its value."""

    filter: Filter
    value: str
    at: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As it is written in a query."""
        value = self.value if _BARE.fullmatch(self.value) else f'"{self.value}"'
        return f"{self.filter}:{value}"


@dataclass(frozen=True)
class Not:
    """What must not be; the part itself is never a `Not`."""

    part: "Phrase | Narrowing | AllOf | AnyOf"

    def __str__(self) -> str:
        """As it is written in a query."""
        return f"-({self.part})" if isinstance(self.part, AllOf | AnyOf) else f"-{self.part}"


@dataclass(frozen=True)
class AllOf:
    """Two parts or more that must all be, none of them an `AllOf`; made by `all_of`."""

    parts: "tuple[Query, ...]"

    def __str__(self) -> str:
        """As it is written in a query."""
        return " ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """Two parts or more of which one must be, none of them an `AnyOf`; made by `any_of`."""

    parts: "tuple[Query, ...]"

    def __str__(self) -> str:
        """As it is written in a query."""
        return " OR ".join(str(part) for part in self.parts)


Query = Phrase | Narrowing | Not | AllOf | AnyOf


def all_of(parts: Iterable[Query]) -> Query:
    """The query that asks for every one of these, of which there is at least one."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,)))
    return AllOf(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def any_of(parts: Iterable[Query]) -> Query:
    """The query that asks for one of these, of which there is at least one."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,)))
    return AnyOf(tuple(flat)) if len(flat) > 1 else next(iter(flat))


def negated(part: Query) -> Query:
    """The query that asks for what this one does not."""
    return part.part if isinstance(part, Not) else Not(part)


def leaves(query: Query) -> Iterator[Phrase | Narrowing]:
    """Every phrase and filter, in the order of writing."""
    if isinstance(query, Phrase | Narrowing):
        yield query
    else:
        for part in (query.part,) if isinstance(query, Not) else query.parts:
            yield from leaves(part)


def plain_words(text: str) -> str:
    """The words of a text as they are compared: folded as the matcher folds, without what stands between them."""
    for _ in range(_TRIES):  # a few characters fold to others that fold again
        folded = " ".join(_WORDS.findall(fold_phrase(text)))
        if folded == text:
            break
        text = folded
    return text
