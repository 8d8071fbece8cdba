"""The map of postures: a tile for each state with its own stance, a sign for each place in it, and the same in rows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oversight.domain.posture import STRENGTH, Stance
from oversight.domain.record import JurisdictionKind, Posture
from oversight.storage.queries.jurisdictions import Recorded
from oversight.vocabulary.states import STATE_NAMES, TILES

SIDE, GAP = 58, 2
STEP = SIDE + GAP
SIGN, SIGNS_IN_ROW, MOST_SIGNS = 8, 5, 15
STRICTEST_FIRST = sorted(Posture, key=STRENGTH.__getitem__, reverse=True)
NAMES = {**STATE_NAMES, "DC": "District of Columbia"}


@dataclass(frozen=True)
class Sign:
    """The sign of a place in its tile, at a place in the picture."""

    posture: Posture
    x: int
    y: int


@dataclass(frozen=True)
class State:
    """A state: where its tile is, where it stands itself (None: not in the record), and its places by posture."""

    code: str
    name: str
    x: int
    y: int
    posture: Posture | None
    places: Mapping[Posture, int]
    signs: tuple[Sign, ...]
    more: int

    @property
    def total(self) -> int:
        """How many rows of the record the list of this state holds, the state's own row among them."""
        return sum(self.places.values()) + (self.posture is not None)

    @property
    def rows(self) -> Mapping[Posture, int]:
        """The rows of that list by posture, the strictest first."""
        counts = Counter(self.places) + Counter([self.posture] if self.posture else [])
        return {posture: counts[posture] for posture in STRICTEST_FIRST if counts[posture]}

    @property
    def own(self) -> str:
        """Where the state itself stands, in words."""
        return self.posture.label if self.posture else "the state itself is not in the record"

    @property
    def told(self) -> str:
        """Its places in words."""
        if not self.places:
            return "no place in it is in the record"
        counts = [f"{count} {posture.label.lower()}" for posture, count in self.places.items()]
        number = sum(self.places.values())
        return f"{number} place{'' if number == 1 else 's'} in it: {', '.join(counts)}"


@dataclass(frozen=True)
class TileMap:
    """Every state, how many rows have each posture, and the places that are in no state."""

    states: tuple[State, ...]
    postures: Mapping[Posture, int]
    elsewhere: tuple[tuple[Recorded, Stance], ...]
    total: int

    width = 12 * STEP
    height = 8 * STEP
    side = SIDE
    sign = SIGN

    @property
    def recorded(self) -> list[State]:
        """The states with any row in the record, by name."""
        return sorted((state for state in self.states if state.total), key=lambda state: state.name)


def tile_map(stances: Sequence[tuple[Recorded, Stance]]) -> TileMap:
    """The map of these stances."""
    own: dict[str, Posture] = {}
    within: defaultdict[str, Counter[Posture]] = defaultdict(Counter)
    for row, stance in stances:
        code = row.state if row.state in TILES else None
        if code and row.kind is JurisdictionKind.STATE:
            own[code] = stance.posture
        elif code:
            within[code][stance.posture] += 1
    counts = Counter(stance.posture for _, stance in stances)
    return TileMap(
        states=tuple(state(code, own.get(code), within[code]) for code in TILES),
        postures={posture: counts[posture] for posture in STRICTEST_FIRST if counts[posture]},
        elsewhere=tuple((row, stance) for row, stance in stances if row.state not in TILES),
        total=len(stances),
    )


def state(code: str, own: Posture | None, within: Mapping[Posture, int]) -> State:
    """One state; of more signs than its tile holds, the strictest are drawn."""
    column, line = TILES[code]
    x, y = column * STEP, line * STEP
    places = {posture: within[posture] for posture in STRICTEST_FIRST if within.get(posture)}
    drawn = [posture for posture, count in places.items() for _ in range(count)]
    room = MOST_SIGNS - (len(drawn) > MOST_SIGNS)  # the last place is for how many are left out
    signs = tuple(
        Sign(posture, x + 5 + number % SIGNS_IN_ROW * 10, y + 25 + number // SIGNS_IN_ROW * 10)
        for number, posture in enumerate(drawn[:room])
    )
    return State(code, NAMES[code], x, y, own, places, signs, len(drawn) - len(signs))
