"""The names in a query: what people write becomes the code that is stored, and the code becomes words again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from oversight.domain.event import EventKind
from oversight.domain.mention import Stage
from oversight.domain.nearness import MOST_KM, Circle, Point, read_circle
from oversight.domain.query import AllOf, AnyOf, Filter, Narrowing, Not, Phrase, Query, all_of, any_of, negated
from oversight.errors import QueryError
from oversight.vocabulary.labels import Labels
from oversight.vocabulary.places import Places, fold_name
from oversight.vocabulary.states import STATE_NAMES

_NEAR = re.compile(r"(?:within )?(?:(?P<km>\d{1,4}) ?km (?:of|around|from) )?(?P<place>.+)", re.IGNORECASE)
USUAL_KM = 50
_STATES = {**STATE_NAMES, "DC": "District of Columbia"}


@dataclass(frozen=True)
class Names:
    """What is known by name: labels of technologies by code, `recorded` names of jurisdictions and `centres` by key."""

    technologies: Labels
    places: Places
    recorded: Mapping[str, str]
    centres: Mapping[str, Point] = field(default_factory=dict)

    def settled(self, query: Query) -> Query:
        """The query with codes for names; raises QueryError for a name that is nobody's, or of several."""
        match query:
            case Phrase():
                return query
            case Narrowing():
                return replace(query, value=self._code(query))
            case Not(part=part):
                return negated(self.settled(part))
            case AllOf(parts=parts):
                return all_of(map(self.settled, parts))
            case AnyOf(parts=parts):
                return any_of(map(self.settled, parts))

    def said(self, query: Query) -> str:
        """The query as people say it: "Plate readers in Oakland, CA, not drones"."""
        match query:
            case Phrase(words=words):
                return f"“{words}”"
            case Narrowing():
                return self.label(query)
            case Not(part=part):
                return f"not {self._grouped(part)}"
            case AllOf(parts=parts):
                return " and ".join(self._grouped(part) for part in parts)
            case AnyOf(parts=parts):
                return " or ".join(self.said(part) for part in parts)

    def label(self, one: Narrowing) -> str:
        """One filter in words."""
        value = one.value
        match one.filter:
            case Filter.STATE:
                return f"{_STATES.get(value, value)}, all places" if value in _STATES else value
            case Filter.PLACE:
                return self.place_name(value)
            case Filter.NEAR:
                return self._nearness(value)
            case Filter.TECHNOLOGY:
                return self.technologies[value]
            case Filter.STAGE:
                return next((f"stage {stage.label.lower()}" for stage in Stage if stage == value), value)
            case Filter.KIND:
                return next((kind.label for kind in EventKind if kind == value), value)
            case _:
                return f"{one.filter.label.lower()} {value}"

    def place_name(self, key: str) -> str:
        """The name of a place, or its key where nobody knows it."""
        place = None if key in self.recorded else self.places.by_id(key)
        return self.recorded.get(key) or (place.name if place else key)

    def _grouped(self, part: Query) -> str:
        return f"({self.said(part)})" if isinstance(part, AnyOf | AllOf) else self.said(part)

    def _code(self, one: Narrowing) -> str:
        match one.filter:
            case Filter.STATE:
                return _chosen(one, _STATES)
            case Filter.PLACE:
                return self._place(one)
            case Filter.NEAR:
                return self._near(one)
            case Filter.TECHNOLOGY:
                return _chosen(one, self.technologies)
            case Filter.STAGE:
                return _chosen(one, {stage.value: stage.label for stage in Stage})
            case Filter.KIND:
                return _chosen(one, {kind.value: kind.label for kind in EventKind})
            case _:
                return one.value

    def _nearness(self, value: str) -> str:
        circle = read_circle(value)
        if circle is None:
            return f"near {value}"
        named = (self.place_name(key) for key, point in self.centres.items() if str(point) == str(circle.centre))
        return f"within {circle.km} km of {next(named, str(circle.centre))}"

    def _near(self, one: Narrowing) -> str:
        if read_circle(one.value):
            return one.value
        match = _NEAR.fullmatch(one.value)
        km = int(match["km"]) if match and match["km"] else USUAL_KM
        if match is None or not 1 <= km <= MOST_KM:
            wish = f'Write it as near:"50 km of Oakland, CA", with 1 to {MOST_KM} km.'
            raise QueryError(wish, at=one.at)
        key = self._place(Narrowing(Filter.PLACE, match["place"], one.at))
        if key not in self.centres:
            wish = f"Where {self.place_name(key)} lies is not on record, so nothing can be near it. Take its state."
            raise QueryError(wish, at=one.at)
        return str(Circle(km, self.centres[key]))

    def _place(self, one: Narrowing) -> str:
        if one.value in self.recorded or self.places.by_id(one.value):
            return one.value
        keys = [key for key, name in self.recorded.items() if name.casefold() == one.value.casefold()]
        if len(keys) == 1:
            return keys[0]
        if place := self.places.by_display_name(one.value):
            return place.ocd_id
        named = self.places.named(fold_name(one.value))
        if place := self.places.unmistakable(named, rival=self.places.rival(fold_name(one.value))) if named else None:
            return place.ocd_id
        if named:
            rows = _some(str(Narrowing(Filter.PLACE, row.name)) for row in named)
            wish = f"Several places are called so. Say which: {rows}."
        else:
            wish = 'No place is called so. Write it as place:"Oakland, CA", or take a whole state, as state:CA.'
        raise QueryError(wish, at=one.at)


def _chosen(one: Narrowing, labels: Mapping[str, str]) -> str:
    """The code that a value is, in any case of letters, or whose label it is."""
    wanted = one.value.casefold()
    for code, label in labels.items():
        if wanted in (code.casefold(), label.casefold()):
            return code
    near = [code for code, label in labels.items() if wanted in label.casefold() or wanted in code.casefold()]
    known = _some(f"{one.filter}:{code}" for code in near or labels)
    raise QueryError(f"{one.filter}:{one.value[:40]} is not known. There is {known}.", at=one.at)


def _some(names: Iterable[str], most: int = 6) -> str:
    listed = list(names)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
