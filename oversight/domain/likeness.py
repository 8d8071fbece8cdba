"""Which places are like those compared, by size, state and instrument, and why each is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from oversight.domain.record import Instrument, JurisdictionKind

CLOSE = 1.5  # of two populations the larger is at most so many times the smaller
SIZE, RULE, STATE = 3, 2, 1  # size tells most of what a council can do, the state least


@dataclass(frozen=True)
class Place:
    """What likeness is judged by."""

    key: str
    name: str
    kind: JurisdictionKind
    state: str | None
    population: int | None
    instruments: frozenset[Instrument]


@dataclass(frozen=True)
class Likeness:
    """A place that is like one of those compared, with the reasons."""

    place: Place
    reasons: tuple[str, ...]


def similar(compared: Sequence[Place], places: Iterable[Place], *, most: int) -> list[Likeness]:
    """The places most like any of those compared and of the same kind, the most alike first; never those themselves."""
    taken = {one.key for one in compared}
    found = [
        (-weight, place.name, Likeness(place, reasons))
        for place in places
        if place.key not in taken
        for weight, reasons in [max((judged(one, place) for one in compared), default=(0, ()))]
        if weight > STATE
    ]
    return [likeness for _, _, likeness in sorted(found, key=lambda one: one[:2])[:most]]


def judged(one: Place, other: Place) -> tuple[int, tuple[str, ...]]:
    """How alike two places are, and why; nothing where they are not of one kind."""
    if one.kind is not other.kind:
        return 0, ()
    weight, reasons = 0, []
    if one.population and other.population and is_close(one.population, other.population):
        weight, reasons = weight + SIZE, [f"about as large as {one.name}: {other.population:,}"]
    if shared := sorted(word.label.lower() for word in one.instruments & other.instruments):
        weight, reasons = weight + RULE, [*reasons, f"has, like {one.name}: {', '.join(shared)}"]
    if one.state and one.state == other.state:
        weight, reasons = weight + STATE, [*reasons, f"same state, {one.state}"]
    return weight, tuple(reasons)


def is_close(one: int, other: int) -> bool:
    """Whether two populations are of one size."""
    return max(one, other) <= CLOSE * min(one, other)


def matching(words: str, named: Iterable[tuple[str, str]], *, taken: Collection[str], most: int) -> list[str]:
    """The keys of the things whose names hold every word as the beginning of one of theirs, best first.

    `named` are pairs of a key and a name. Case, dots and accents of the search are the caller's to fold.
    """
    wanted = words.split()
    found = [
        (not name.startswith(words), len(name), name, key)
        for key, name in named
        if wanted and key not in taken and holds(name.replace(",", " ").split(), wanted)
    ]
    return [key for *_, key in sorted(found)[:most]]


def holds(name: Sequence[str], wanted: Iterable[str]) -> bool:
    """Whether each wanted word begins a word of the name."""
    return all(any(part.startswith(word) for part in name) for word in wanted)
