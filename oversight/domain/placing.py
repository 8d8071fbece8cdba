"""Which government a paper is about: what its feed says first, then the places that the text names as actors."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from oversight.domain import naming
from oversight.domain.hints import Address, read_address
from oversight.domain.mention import Paper, Place
from oversight.domain.placenames import PlaceName, names_in
from oversight.domain.placeroles import Role
from oversight.domain.resolving import Hints, Resolver
from oversight.domain.wording import Words
from oversight.domain.world import Gazetteer, Told, country_named, federal_named
from oversight.vocabulary.places import PlaceRow, Places
from oversight.vocabulary.states import STATE_NAMES

MOST = 6
READ = 6_000  # a story names its government early; later places are comparisons
_TITLE = 500
_BREATH = 5  # words
_LEAD = 80  # words in which an actor of a long story must first be named
_CALLING = naming.words("calling calls urging urges asking requesting petitioning encouraging urge supporting")
_BETWEEN = naming.words("between among")
_AGREEING = naming.words("agreement memorandum mou interlocal intergovernmental")


@dataclass(frozen=True, slots=True)
class Found:
    """A place and where the text first makes the most of it."""

    place: Place
    role: Role
    at: int
    count: int = 1


class Placer:
    """Finds governments with a table of places and the words of the world."""

    def __init__(self, places: Places, gazetteer: Gazetteer) -> None:
        self._places = places
        self._gazetteer = gazetteer
        self._resolver = Resolver(places, gazetteer)

    def place(self, paper: Paper, *, is_official: bool) -> tuple[Place, ...]:
        """At most six places, none invented: an empty answer means that the paper does not say."""
        address = read_address(paper.url, gazetteer=self._gazetteer, places=self._places)
        home = self._home(paper.feed_jurisdiction) or (_place(address.place) if address.place else None)
        text = f"{paper.title[:_TITLE]}\n{paper.text[:READ]}"
        if is_official and home and not _names_others(text):
            return (home,)
        words = Words(text)
        if is_official and home:
            return _unique([home, *self._addressed(words), *self._partners(words, home)])
        told = self._gazetteer.told_in(words)
        names = self._names(words, told)
        hints = self._hints(address, names, told, home)
        found = [*self._found(names, hints), *self._agencies(told)]
        places = (
            self._acting(words, found)
            or self._from_slug(paper.title, address, hints)
            or self._states_acting(words, hints)
            or _together(found, Role.SCENE)
            or _together(found, Role.BARE)[:1]
            or self._wide(words, names, told)
            or [place for place in (home, self._local(words, address)) if place][:1]
        )
        return _unique(places)

    def _names(self, words: Words, told: Iterable[Told]) -> list[PlaceName]:
        countries = {hit.first: _country(hit.name) for hit in told if hit.table == "countries"}
        taken = {index for hit in told for index in range(hit.first, hit.last + 1) if self._is_taken(hit, words)}
        return names_in(words, self._places, countries, taken=taken)

    def _is_taken(self, hit: Told, words: Words) -> bool:
        """Whether a phrase leaves no other reading: Lebanon is a town too, Quebec a province first."""
        return (
            hit.last > hit.first
            or hit.table == "cities"
            or (hit.table == "countries" and not self._places.named(words.low[hit.first]))
        )

    def _home(self, jurisdiction: str | None) -> Place | None:
        if not jurisdiction:
            return None
        row = self._places.by_id(jurisdiction) or self._places.by_display_name(jurisdiction)
        if row:
            return _place(row)
        return None if jurisdiction.startswith("ocd-") else Place(jurisdiction, None)

    def _hints(self, address: Address, names: Sequence[PlaceName], told: Sequence[Told], home: Place | None) -> Hints:
        named: Counter[str] = Counter()
        for name in names:
            if name.role is not Role.NONE:
                code = naming.STATES.get(name.key) if name.is_state else name.within
                if code in naming.POSTAL:
                    named[code] += 1
        abroad = [_country(hit.name) for hit in told if hit.table in ("countries", "cities")]
        own = home.name.rpartition(", ")[2] if home else ""
        sure = (*address.states, *([own] if own in naming.POSTAL else []))
        common = () if sure or named else self._resolver.common_states(names)
        return Hints(
            sure=tuple(dict.fromkeys(sure)),
            named=tuple(code for code, _ in named.most_common(4)) or address.path_states or common,
            abroad=tuple(dict.fromkeys([*([address.country] if address.country else []), *abroad])),
            counties=tuple(
                one.key.removesuffix(" county").replace(" ", "_") for one in names if one.key.endswith(" county")
            ),
        )

    def _found(self, names: Iterable[PlaceName], hints: Hints) -> list[Found]:
        """The places of the names, each by what the text makes most of it."""
        best: dict[str, Found] = {}
        within = {name.key: name.within for name in names if name.within and name.role}
        for name in names:
            if name.role is Role.NONE or name.is_state:
                continue
            meant = name._replace(within=name.within or within.get(name.key, ""))
            place = self._resolver.resolve(meant, hints)
            if place is None:
                continue
            known = best.get(place.name)
            count = known.count + 1 if known else 1
            if known is None or known.role < name.role:
                best[place.name] = Found(place, name.role, name.first, count)
            else:
                best[place.name] = replace(known, count=count)
        return list(best.values())

    def _agencies(self, told: Iterable[Told]) -> list[Found]:
        """Places that a word tells: agencies ("NYPD") act, foreign cities are named."""
        found = []
        for hit in told:
            if hit.table == "agencies":
                row = self._places.by_display_name(hit.name)
                found.append(Found(_place(row) if row else Place(hit.name, None), Role.ACTS, hit.first))
            elif hit.table == "cities":
                found.append(Found(Place(hit.name, None), Role.SCENE, hit.first))
        return found

    def _acting(self, words: Words, found: Sequence[Found]) -> list[Place]:
        """Those that act, a state only where it is named before the first of its cities."""
        acting = sorted((one for one in found if one.role is Role.ACTS), key=lambda one: one.at)
        states = [one for one in self._bodies_of_states(words) if acting and one.at < acting[0].at]
        leading = [one for one in acting if one.at < _LEAD or one.count > 1] or acting[:1]
        return [one.place for one in (*states[:1], *leading)]

    def _states_acting(self, words: Words, hints: Hints) -> list[Place]:
        acting = [one.place for one in self._bodies_of_states(words)]
        known = (*hints.named, *hints.sure)
        if not acting and known and words.says_pair("state", naming.LAWMAKERS, within=_LEAD):
            return self._states(known[:1])  # "the state Senate" of the one that is named
        return acting[:1]

    def _bodies_of_states(self, words: Words) -> list[Found]:
        """'Virginia lawmakers', 'the Texas Department of Public Safety', 'the State of Maine'."""
        found = []
        for index in takewhile(lambda index: index < _LEAD, words.capitals):
            state = words.state_at(index)
            if not state or (state[1] == index and len(words.raw[index]) <= 3):
                continue
            after = words.lower(state[1] + 1)
            is_body = words.is_joined(state[1] + 1) and after in naming.STATE_BODY
            if after == "state":
                next_word = words.lower(state[1] + 2)
                is_body = next_word in naming.STATE_BODY or (
                    words.is_capital(state[1] + 2) and next_word not in naming.SCHOOL
                )
            if is_body or (words.lower(index - 1) == "of" and words.lower(index - 2) == "state"):
                found += [Found(place, Role.ACTS, index) for place in self._states([state[0]])]
        return found

    def _from_slug(self, title: str, address: Address, hints: Hints) -> list[Place]:
        """A title made of an address has no capitals: its first words may be the place, if the state is known."""
        slug = title if title and title == title.lower() else ("" if title else address.slug)
        row = self._resolver.in_slug(slug, hints) if slug else None
        return [_place(row)] if row else []

    def _wide(self, words: Words, names: Iterable[PlaceName], told: Sequence[Told]) -> list[Place]:
        """A state, a country, or the United States, where nothing smaller is named."""
        codes = [naming.STATES[one.key] for one in names if one.is_state and one.role is not Role.NONE]
        if states := self._states(dict.fromkeys(codes))[:2]:
            return states
        name = country_named(told) or federal_named(told, words)
        row = self._places.by_display_name(name) if name == "United States" else None
        return [_place(row) if row else Place(name, None)] if name else []

    def _states(self, codes: Iterable[str]) -> list[Place]:
        rows = (self._places.by_display_name(STATE_NAMES[code]) for code in codes if code in STATE_NAMES)
        return [_place(row) for row in rows if row]

    def _local(self, words: Words, address: Address) -> Place | None:
        """The city of a local outlet, where the paper speaks of "the city" or its bodies without a name."""
        if address.city is None or not any(low in naming.OWNED for low in words.low[:_LEAD]):
            return None
        return _place(address.city)

    def _addressed(self, words: Words) -> list[Place]:
        """A city's resolution that calls on its state, or on Congress, is about that too."""
        calls = [index for index, low in enumerate(words.low) if low in _CALLING]
        for call in calls:
            for index in range(call + 1, min(call + 5, len(words))):
                if words.lower(index) in ("congress", "u.s", "united") and words.is_capital(index):
                    row = self._places.by_display_name("United States")
                    return [_place(row)] if row else []
                state = words.state_at(index)
                if state and words.lower(state[1] + 1) in naming.STATE_BODY | {"state"}:
                    return self._states([state[0]])
        return []

    def _partners(self, words: Words, home: Place) -> list[Place]:
        """The other government of an agreement "between the City of A and B County"."""
        state = home.name.rpartition(", ")[2]
        hints = Hints(sure=(state,), named=(), abroad=())
        if not _AGREEING.intersection(words.low) or not _BETWEEN.intersection(words.low):
            return []
        found = []
        for name in self._names(words, self._gazetteer.told_in(words)):
            before = [words.lower(index) for index in range(max(name.first - 12, 0), name.first)]
            if name.role is Role.ACTS and _BETWEEN.intersection(before):
                place = self._resolver.resolve(name, hints)
                found += [place] if place and place != home and place.name.endswith(f", {state}") else []
        return found


def _names_others(text: str) -> bool:
    """Whether it may call on another government or agree with one, which few papers do."""
    low = text.lower()
    return any(word in low for word in _CALLING) or any(word in low for word in _AGREEING)


def _together(found: Iterable[Found], role: Role) -> list[Place]:
    """The first place of a role, and those named in the same breath."""
    ranked = sorted((one for one in found if one.role is role), key=lambda one: one.at)
    return [one.place for one in ranked if one.at - ranked[0].at <= _BREATH]


def _country(name: str) -> str:
    last = name.rpartition(", ")[2]
    return {"United Kingdom": "UK", "Western Australia": "Australia"}.get(last, last)


def _place(row: PlaceRow) -> Place:
    return Place(row.name, row.ocd_id)


def _unique(found: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(found))[:MOST]
