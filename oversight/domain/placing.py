"""Which government a paper is about: what its feed says first, then the places that the text names as actors."""

import re
from collections.abc import Iterable, Sequence

from oversight.domain.hints import states_hinted
from oversight.domain.mention import Paper, Place
from oversight.domain.naming import (
    ACTOR,
    CITY_OF,
    COUNTY,
    LEGISLATURE,
    NO_PLACE,
    POSSESSIVE,
    SLUG,
    WITH_STATE,
    WORDS,
    state_code,
)
from oversight.domain.world import Gazetteer
from oversight.vocabulary.places import STATE_NAMES, PlaceRow, Places

MOST = 6
SHORTEST = 5  # letters of a name that may stand without its state
READ = 6_000  # a story names its government early; later places are comparisons
_KIND = re.compile(r"(?:['’]s)? (?:City|Town|Village|Township|Borough|Common|Metro)$")
_MERGED = re.compile(r"-[\w.'’]+ County$")  # "Athens-Clarke County": the city gives the government its name
_TRIM = re.compile(r"^[\w.'’-]+\s+")


class Placer:
    """Finds governments with a table of American places and a list of foreign ones."""

    def __init__(self, places: Places, gazetteer: Gazetteer) -> None:
        self._places = places
        self._gazetteer = gazetteer

    def place(self, paper: Paper, *, is_official: bool) -> tuple[Place, ...]:
        """At most six places, none invented: an empty answer means that the paper does not say."""
        text = f"{paper.title}\n{paper.text[:READ]}"
        home = self._home(paper.feed_jurisdiction)
        if is_official and home:
            return _unique([home, *self._addressed(text, home)])
        states = states_hinted(text, paper.url, gazetteer=self._gazetteer, places=self._places)
        found = (
            self._actors(text, states)
            or self._stated(text)
            or self._gazetteer.cities_in(text)
            or self._from_slug(paper.title, states)
            or self._mentioned(text, states)
            or self._states_named(text)
            or self._gazetteer.countries_in(text)
        )
        return _unique(found) if found or home is None else (home,)

    def _home(self, jurisdiction: str | None) -> Place | None:
        if not jurisdiction:
            return None
        row = self._places.by_id(jurisdiction) or self._places.by_display_name(jurisdiction)
        if row:
            return Place(row.name, row.ocd_id)
        return None if jurisdiction.startswith("ocd-") else Place(jurisdiction, None)

    def _addressed(self, text: str, home: Place) -> list[Place]:
        """A city's resolution that calls on its state is about the state too."""
        named = (LEGISLATURE.search(text) or [""])[0]
        return [place for place in self._state_places(named) if place != home] if named else []

    def _stated(self, text: str) -> list[Place]:
        """'City, ST' and 'City, State'."""
        found = []
        for match in WITH_STATE.finditer(text):
            state = state_code(match["state"])
            row = self._longest(match["name"], [state]) if state else None
            if row:
                found.append(_place(row))
            elif state and not self._places.is_named(match["name"], state):
                continue
        return found

    def _actors(self, text: str, states: Sequence[str]) -> list[Place]:
        """Places that act: 'the Salem City Council', 'Pinal County Sheriff', 'the City of Salem'."""
        acting = [match for pattern in (COUNTY, CITY_OF, ACTOR, POSSESSIVE) for match in pattern.finditer(text)]
        found: dict[str, Place] = {}
        for match in sorted(acting, key=lambda match: match["state"] is None):
            stated = state_code(match["state"]) if match["state"] else None
            row = self._settle(match["name"], [stated] if stated else states)
            if row:
                found.setdefault(row.name.rpartition(",")[0], _place(row))
        return list(found.values())

    def _from_slug(self, title: str, states: Sequence[str]) -> list[Place]:
        """A title made of an address has no capitals: its first words may be the place, if the state is known."""
        if not states or title != title.lower():
            return []
        words = WORDS.findall(title)
        for first in range(len(words)):
            for length in (3, 2, 1):
                name = " ".join(words[first : first + length])
                if name in NO_PLACE:
                    continue
                following = " ".join(words[first + length : first + length + 1])
                if first == 0 or SLUG.fullmatch(following) or state_code(following) in states:
                    row = self._in_states(name, states)
                    if row:
                        return [_place(row)]
        return []

    def _mentioned(self, text: str, states: Sequence[str]) -> list[Place]:
        """A capitalised name in a state that is known, or of a city that everyone knows."""
        for match in re.finditer(r"(?<![\w.])(?:[A-Z][\w.'’-]{1,30})(?: [A-Z][\w.'’-]{1,30}){0,2}", text):
            row = self._longest(match[0].rstrip("."), states) if states else self._places.well_known(match[0])
            if row:
                return [_place(row)]
        return []

    def _states_named(self, text: str) -> list[Place]:
        return self._state_places(text)[:2]

    def _state_places(self, text: str) -> list[Place]:
        rows = (self._places.by_display_name(STATE_NAMES[code]) for code in self._gazetteer.states_in(text))
        return [_place(row) for row in rows if row]

    def _settle(self, name: str, states: Sequence[str]) -> PlaceRow | None:
        """The one place meant by a name that acts: in the states that the paper names, else if unmistakable."""
        if states and (row := self._longest(name, states)):
            return row
        for part in _shorter(name):
            if row := self._places.well_known(part):
                return row
            if not states and (row := self._only(part)):
                return row
        return None

    def _only(self, name: str) -> PlaceRow | None:
        """The one American place of this name, if it is no word for another country, nor a town's name and "City"."""
        holders = self._places.states_with(name)
        if len(holders) != 1 or len(name) < SHORTEST or self._gazetteer.is_foreign(name):
            return None
        bare = _KIND.sub("", name)
        is_open = bare != name and bool(self._places.states_with(bare))
        return None if is_open else self._places.by_name(name, holders[0])

    def _longest(self, name: str, states: Sequence[str]) -> PlaceRow | None:
        rows = (self._in_states(part, states) for part in _shorter(name))
        return next((row for row in rows if row), None)

    def _in_states(self, name: str, states: Sequence[str]) -> PlaceRow | None:
        rows = [row for state in states if (row := self._places.by_name(name, state))]
        return rows[0] if len(rows) == 1 else None


def _shorter(name: str) -> Iterable[str]:
    """A run of capitalised words, and what remains as words are dropped: 'The Salem City' may be Salem."""
    while name:
        if name.casefold() not in NO_PLACE:
            yield name
        bare = _MERGED.sub("", _KIND.sub("", name))
        if bare != name and bare.casefold() not in NO_PLACE:
            yield bare
        rest = _TRIM.sub("", name, count=1)
        name = "" if rest == name else rest


def _place(row: PlaceRow) -> Place:
    return Place(row.name, row.ocd_id)


def _unique(found: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(found))[:MOST]
