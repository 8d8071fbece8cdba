"""Places that are told by a word alone: foreign cities and countries, the United States, its states, and outlets."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from oversight.domain.mention import Place
from oversight.vocabulary import World
from oversight.vocabulary.places import STATE_NAMES

_UNITED_STATES = "ocd-division/country:us"
# These states share their name with something as common: the capital, the city, the country.
_STATE_WORD = {
    "Washington": r"Washington (?:[Ss]tate|[Ll]egislature|[Ll]awmakers)", "Georgia": r"Georgia",
    "New York": r"New York(?: [Ss]tate| [Ll]awmakers)", "Virginia": r"(?<!West )Virginia",
}  # fmt: skip


class Gazetteer:
    """The words of `World`, ready to search."""

    def __init__(self, world: World) -> None:
        self._cities = _Names(world.cities)
        self._countries = _Names(world.countries)
        self._foreign = frozenset(word for words in world.countries.values() for word in words)
        self._nation = _Names(world.nation)
        self._outlets = {host: state for state, hosts in world.outlets.items() for host in hosts}
        pattern = "|".join(_STATE_WORD.get(name, re.escape(name)) for name in STATE_NAMES.values())
        self._states = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-]|, [A-Z]| City)")
        self._codes = {name: code for code, name in STATE_NAMES.items()}

    def cities_in(self, text: str) -> list[Place]:
        """Foreign cities."""
        return [Place(name, None) for name in self._cities.find(text)][:2]

    def countries_in(self, text: str) -> list[Place]:
        """The country or region that the text names most; the United States only where the text says so."""
        counts = self._countries.find(text) + self._nation.find(text)
        name = next((name for name, _ in counts.most_common(1)), None)
        return [Place(name, _UNITED_STATES if name == "United States" else None)] if name else []

    def states_in(self, text: str) -> list[str]:
        """Postal codes of the states named in full, in the order of the text, each once."""
        found = (
            re.sub(r" [Ss]tate$| [Ll](?:egislature|awmakers)$", "", match[0]) for match in self._states.finditer(text)
        )
        return list(dict.fromkeys(self._codes[name] for name in found if name in self._codes))

    def is_foreign(self, name: str) -> bool:
        """Whether a name is the word for another country or its people."""
        return name.casefold() in self._foreign

    def state_of_outlet(self, host: str) -> str | None:
        """Where an outlet reports from."""
        return self._outlets.get(host)


class _Names:
    """Display names by the words that mean them, whole words only."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self._names = {word: name for name, words in names.items() for word in words}
        words = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])")

    def find(self, text: str) -> Counter[str]:
        """How often each is named, in the order of the text."""
        folded = " ".join(text.casefold().replace("-", " ").split())
        return Counter(self._names[match[0]] for match in self._pattern.finditer(folded))
