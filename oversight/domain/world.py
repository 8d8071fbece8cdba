"""Places that are told by a word alone: agencies, foreign cities and countries, the United States, and outlets."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from oversight.domain import naming
from oversight.domain.wording import Words
from oversight.vocabulary import World

_UNITED_STATES = "United States"
_SHARING = naming.words("with to from of by helping against")
_LEAD = 60  # words in which a federal agency must be named to be the subject


class Told(NamedTuple):
    """A place that a word tells: `table` is agencies, cities, countries, nation or federal."""

    table: str
    name: str
    first: int
    last: int


class Gazetteer:
    """The words of `World`, ready to search."""

    def __init__(self, world: World) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for table in ("cities", "countries", "nation"):
            self._add(table, getattr(world, table), is_exact=False)
        for table in ("agencies", "federal"):
            self._add(table, getattr(world, table), is_exact=True)
        for held in self._phrases.values():
            held.sort(key=lambda entry: -len(entry[0]))
        self._outlets: dict[str, tuple[str, ...]] = {}
        for state, hosts in world.outlets.items():
            for host in hosts:
                self._outlets[host] = (*self._outlets.get(host, ()), *state.split())
        self._local = {host: city for city, hosts in world.local_outlets.items() for host in hosts}
        self._suffixes = {suffix: country for country, suffixes in world.suffixes.items() for suffix in suffixes}
        self._foreign = frozenset(word for words in world.countries.values() for word in words)

    def _add(self, table: str, names: Mapping[str, Iterable[str]], *, is_exact: bool) -> None:
        for name, phrases in names.items():
            for phrase in phrases:
                words = tuple(word.rstrip(".") for word in phrase.split())
                self._phrases.setdefault(words[0] if is_exact else words[0].casefold(), []).append((words, table, name))

    def told_in(self, words: Words) -> list[Told]:
        """What the text says by words alone, in its order, each longest phrase once."""
        found: list[Told] = []
        begun = self._phrases.keys()
        heard = enumerate(zip(words.low, words.plain, strict=True))
        for index in [at for at, (low, plain) in heard if low in begun or plain in begun or "-" in low]:
            hit = self._at(words, index) if not found or index > found[-1].last else None
            if hit:
                found.append(hit)
        return found

    def _at(self, words: Words, index: int) -> Told | None:
        low, plain = words.low[index], words.plain[index]
        if "-" in low and low not in self._phrases:
            return self._before_hyphen(low, index)
        for phrase, table, name in (
            *self._phrases.get(plain, ()),
            *(self._phrases.get(low, ()) if low != plain else ()),
        ):
            last = index + len(phrase) - 1
            is_exact = table in ("agencies", "federal")
            heard = words.plain if is_exact else words.low
            if last >= len(words) or tuple(heard[index : last + 1]) != phrase:
                continue
            if not is_exact and len(phrase) == 1 and not words.is_capital(index) and table != "nation":
                continue
            if len(phrase) > 1 and table in ("cities", "agencies") and _is_longer_name(words, index):
                continue
            return Told(table, name, index, last)
        return None

    def _before_hyphen(self, low: str, index: int) -> Told | None:
        """'the U.S.-Mexico border' tells the United States, 'UK-based' tells nothing."""
        head, _, tail = low.partition("-")
        for phrase, table, name in self._phrases.get(head.rstrip("."), ()) if tail != "based" else ():
            if len(phrase) == 1 and table in ("countries", "nation"):
                return Told(table, name, index, index)
        return None

    def is_foreign(self, name: str) -> bool:
        """Whether a name is the word for another country or its people."""
        return name.casefold() in self._foreign

    def states_of_outlet(self, host: str) -> tuple[str, ...]:
        """Where an outlet reports from, its own state first."""
        return next((self._outlets[part] for part in _domains(host) if part in self._outlets), ())

    def city_of_outlet(self, host: str) -> str | None:
        """The one government that an outlet writes about, or whose own host it is."""
        return next((self._local[part] for part in _domains(host) if part in self._local), None)

    def country_of_host(self, host: str) -> str | None:
        """The country of a host name's end."""
        return next((self._suffixes[end] for end in _domains(host) if end in self._suffixes), None)


def _domains(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[first:]) for first in range(len(labels))]


def _is_longer_name(words: Words, index: int) -> bool:
    """'Las Vegas Metropolitan Police' is not London's."""
    return (
        words.is_joined(index) and words.is_capital(index - 1) and words.lower(index - 1) not in ("the", "london", "uk")
    )


def country_named(told: Iterable[Told]) -> str | None:
    """The country or region that a text names most; the United States only where the text says so."""
    counts: Counter[str] = Counter()
    for hit in told:
        if hit.table in ("countries", "nation"):
            counts[hit.name] += 1
    return next((name for name, _ in counts.most_common(1)), None)


def federal_named(told: Iterable[Told], words: Words) -> str | None:
    """The United States where one of its agencies does something early on: "ICE buys ...", not "FBI data"."""
    for hit in told:
        if hit.table == "federal" and hit.first < _LEAD and words.lower(hit.first - 1) not in _SHARING:
            after = hit.last + 1
            if after < len(words) and words.is_joined(after) and words.raw[after][0].islower():
                return _UNITED_STATES
    return None
