"""Under which topics a stored query is found, so that an event asks a few of them and not all."""

from collections.abc import Iterator
from dataclasses import dataclass

from oversight.domain.nearness import read_circle, read_point
from oversight.domain.query import AllOf, AnyOf, Filter, Narrowing, Phrase, Query, plain_words
from oversight.domain.query_match import EXACT, Subject

WORD = "word"
LONGEST = 40  # characters of a word that are kept as a key
# The fewer things lie under a topic, the sooner it settles which queries need a look.
_ORDER = (
    Filter.MATTER,
    Filter.POLICY,
    Filter.PLACE,
    Filter.NEAR,
    Filter.AGENCY,
    Filter.VENDOR,
    WORD,
    Filter.STATE,
    Filter.TECHNOLOGY,
    Filter.STAGE,
    Filter.KIND,
)
_RANK = {str(name): rank for rank, name in enumerate(_ORDER)}


@dataclass(frozen=True, order=True)
class Topic:
    """One filter's value, or one word of a text or of a name."""

    name: str
    key: str


NOWHERE = frozenset({Topic(str(Filter.NEAR), "")})


def topics_of(query: Query) -> frozenset[Topic] | None:
    """Topics of which every subject that fits the query has one; None where it only says what must not be."""
    match query:
        case Narrowing(filter=name, value=value) if name in EXACT:
            return frozenset({Topic(str(name), value)})
        case Narrowing(filter=Filter.NEAR, value=value):
            circle = read_circle(value)
            return frozenset(Topic(str(Filter.NEAR), one) for one in circle.squares) if circle else NOWHERE
        case Narrowing(filter=name, value=value):
            # A name without a letter or digit is found by no word, and fits nothing.
            return _rarest(str(name), plain_words(value)) or frozenset({Topic(str(name), "")})
        case Phrase(words=words):
            return _rarest(WORD, words)
        case AllOf(parts=parts):
            found = [topics for part in parts if (topics := topics_of(part)) is not None]
            return min(found, key=_width, default=None)
        case AnyOf(parts=parts):
            each = [topics_of(part) for part in parts]
            known = [topics for topics in each if topics is not None]
            return frozenset().union(*known) if len(known) == len(each) else None
        case _:
            return None


def is_settled_by_topic(query: Query) -> bool:
    """Whether a subject under one of the query's topics fits it without another look."""
    parts = query.parts if isinstance(query, AnyOf) else (query,)
    return all(isinstance(part, Narrowing) and part.filter in EXACT for part in parts)


def topics_about(subject: Subject) -> Iterator[Topic]:
    """Every topic under which a query that this subject fits may be found, each once."""
    yield from (Topic(str(name), value) for name, value in subject.values if name in EXACT)
    points = (read_point(value) for name, value in subject.values if name is Filter.NEAR)
    yield from {Topic(str(Filter.NEAR), point.square) for point in points if point}
    yield from {Topic(str(name), word[:LONGEST]) for name, words in subject.named for word in words.split()}
    yield from {Topic(WORD, word[:LONGEST]) for text in subject.words for word in text.split()}


def _rarest(name: str, words: str) -> frozenset[Topic]:
    """The longest word stands for all: long ones are the rarest."""
    longest = max(words.split(), key=len, default="")
    return frozenset({Topic(name, longest[:LONGEST])}) if longest else frozenset()


def _width(topics: frozenset[Topic]) -> tuple[int, int]:
    return max((_RANK[topic.name] for topic in topics), default=0), len(topics)
