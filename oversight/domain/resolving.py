"""Which of many namesakes a name means: by the state said, the outlet, the text, or fame; else it stays open."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from oversight.domain import naming
from oversight.domain.mention import Place
from oversight.domain.placenames import PlaceName
from oversight.domain.placeroles import Role
from oversight.domain.world import Gazetteer
from oversight.vocabulary.places import Abroad, PlaceRow, Places, fold_name

_SHORTEST = 5  # letters of a name that may stand without its state
_FAR_BIGGER = 5  # times


class Hints(NamedTuple):
    """Postal codes that the address or the feed gives, those that the text names, and countries other than ours."""

    sure: tuple[str, ...]
    named: tuple[str, ...]
    abroad: tuple[str, ...]
    counties: tuple[str, ...] = ()


class Resolver:
    """Finds the one place that a name means."""

    def __init__(self, places: Places, gazetteer: Gazetteer) -> None:
        self._places = places
        self._gazetteer = gazetteer

    def resolve(self, name: PlaceName, hints: Hints) -> Place | None:
        """The one place meant, none where it is open."""
        spellings = list(_spellings(name))
        if name.within:
            return _first(self._within(key, name, hints) for key in spellings)
        return _first(self._hinted(key, name, hints) for key in spellings) or _first(
            self._famous(key, name, hints) for key in spellings
        )

    def common_states(self, names: Iterable[PlaceName]) -> tuple[str, ...]:
        """The one state that has a place of each name, where at least two are named."""
        keys = {one.key for one in names if one.role >= Role.SCENE and not one.within and not one.is_state}
        held = [set(self._places.states_with(key)) for key in keys if not self._is_famous_abroad(key)]
        common = set.intersection(*held) if len(held) > 1 else set()
        is_told = any(len(states) == 1 for states in held)
        return tuple(common) if is_told and len(common) == 1 else ()

    def _is_famous_abroad(self, key: str) -> bool:
        return any(city.is_well_known for city in self._places.abroad(key))

    def in_slug(self, slug: str, hints: Hints) -> PlaceRow | None:
        """The place that a title without capitals begins with, or that a government's word follows."""
        words = [fold_name(word) for word in slug.split()][:40]
        states = hints.sure or hints.named
        for first in range(len(words)):
            for length in (4, 3, 2, 1):
                name = " ".join(words[first : first + length])
                if name not in self._places or name in naming.NO_PLACE or name in naming.STATES:
                    continue
                row = self._in_slug(name, words, first, length, states)
                if row:
                    return row
        return None

    def _in_slug(
        self, name: str, words: Sequence[str], first: int, length: int, states: Sequence[str]
    ) -> PlaceRow | None:
        after = words[first + length] if first + length < len(words) else ""
        is_body = after in naming.BODY or after in naming.UNIT
        is_subject = first == 0 and name not in naming.WORD_NAMES
        is_called = first > 1 and words[first - 1] == "of" and words[first - 2] in naming.UNIT
        stated = naming.state_code(after) if after else None
        if stated and (row := self._places.by_name(name, stated)):
            return row
        if not (is_body or is_subject or is_called or name.endswith(" county")):
            return None
        bare = name.removesuffix(" city") if after in naming.BODY else name
        if row := self._first_in(bare, states) or self._first_in(name, states):
            return row
        is_telling = is_called or name.endswith(" county") or (is_subject and (is_body or after in naming.SUBJECT_VERB))
        rows = self._places.named(name)
        is_sure = is_telling and len(name) >= _SHORTEST and not self._is_open(name)
        return self._places.unmistakable(rows, rival=self._places.rival(name)) if is_sure else None

    def _within(self, key: str, name: PlaceName, hints: Hints) -> Place | None:
        acts = name.role is Role.ACTS
        if name.within in naming.POSTAL:
            row = self._in_state(key, name.within, name.kind, acts=acts) or self._in_county(key, name.within, hints)
            return _place(row) if row else None
        abroad = [city for city in self._places.abroad(key) if city.country == name.within]
        return Place(abroad[0].name, None) if abroad else None

    def _hinted(self, key: str, name: PlaceName, hints: Hints) -> Place | None:
        acts = name.role is Role.ACTS
        if row := self._first_in(key, hints.sure, name.kind, acts=acts):
            return _place(row)
        rows = [row for state in hints.named if (row := self._in_state(key, state, name.kind, acts=acts))]
        if len(rows) == 1:
            return _place(rows[0])
        if rows and not self._places.well_known(key):
            return None
        for country in hints.abroad if not rows and not hints.sure else ():
            for city in self._places.abroad(key):
                if city.country == country:
                    return Place(city.name, None)
        return None

    def _famous(self, key: str, name: PlaceName, hints: Hints) -> Place | None:
        """What the bare name means to everyone, or the only place that has it."""
        rows = self._places.named(key)
        abroad = self._places.abroad(key)
        if known := next((city for city in abroad if city.is_well_known), None):
            return Place(known.name, None)
        if row := self._places.well_known(key):
            return _place(row)
        if not rows:
            return _largest(abroad) if name.role >= Role.SCENE else None
        row = self._places.unmistakable(rows, rival=self._places.rival(key))
        if row is None or abroad or len(key) < _SHORTEST or self._gazetteer.is_foreign(key):
            return None
        if self._is_open(key) or (hints.sure and name.role is not Role.ACTS):
            return None
        return _place(row) if name.role is Role.ACTS or row.size >= 5 else None

    def _is_open(self, key: str) -> bool:
        """Whether it may be a town's name and the word for its kind: "Carson City Council"."""
        bare, _, kind = key.rpartition(" ")
        if kind not in ("city", "town", "village", "borough"):
            return False
        size = max((row.size for row in self._places.named(key)), default=0)
        return any(row.size >= size for row in self._places.named(bare))

    def _first_in(self, key: str, states: Iterable[str], kind: str = "", *, acts: bool = False) -> PlaceRow | None:
        """The place in the first of these states, or in another if that one is far bigger."""
        found = (self._in_state(key, state, kind, acts=acts) for state in states)
        rows = [row for row in found if row]
        largest = max(rows, key=lambda row: row.size, default=None)
        return largest if largest and largest.size > _FAR_BIGGER * rows[0].size else next(iter(rows), None)

    def _in_county(self, key: str, state: str, hints: Hints) -> PlaceRow | None:
        """Of a state's townships of one name, the one in a county that the text names."""
        rows = [row for row in self._places.named(key) if row.state == state]
        mine = [row for row in rows if any(f"/county:{county}/" in row.ocd_id for county in hints.counties)]
        return mine[0] if len(mine) == 1 else None

    def _in_state(self, key: str, state: str, kind: str, *, acts: bool) -> PlaceRow | None:
        if kind == "county" and not key.endswith(" county"):
            return self._places.by_name(f"{key} county", state)
        row = self._places.by_name(key, state)
        if row is None and kind:
            row = self._places.by_kind(key, kind, state)
        return row or (self._places.by_name(f"{key} county", state) if acts else None)


def _first(tries: Iterable[Place | None]) -> Place | None:
    return next((found for found in tries if found), None)


def _spellings(name: PlaceName) -> Iterable[str]:
    """A name as written, and without a word for its kind."""
    yield name.key
    if name.key.endswith(" township") and name.within:
        return
    bare, _, kind = name.key.rpartition(" ")
    if kind in ("city", "town", "township", "village", "borough") and bare:
        yield bare


def _largest(cities: Sequence[Abroad]) -> Place | None:
    """The city of a name that is far bigger than its namesakes in other countries."""
    ranked = sorted(cities, key=lambda city: -city.size)
    is_open = len(ranked) > 1 and ranked[0].size < 3 * ranked[1].size
    return Place(ranked[0].name, None) if ranked and not is_open else None


def _place(row: PlaceRow) -> Place:
    return Place(row.name, row.ocd_id)
