"""Governments by Open Civic Data id and by name, from the table that scripts/build_places.py makes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from oversight.errors import ConfigurationError
from oversight.vocabulary.states import STATE_NAMES

_COUNTRY = "ocd-division/country:us"
_TABLE = Path(__file__).parent / "places.txt"
# One holder of a name: state, kind, zone, population in thousands, "*" if well known, county, odd end of the id.
_HOLDER = re.compile(
    r"(?P<state>..)(?P<kind>.)(?P<zone>.)(?P<size>\d*)(?P<known>\*?)(?:/(?P<county>[^=]+))?(?:=(?P<end>.+))?"
)
_RIVAL = re.compile(r" ~(\d+)")
_ABROAD = re.compile(r"@(?P<country>..)(?P<size>\d+)(?P<known>\*?)")
_OTHER_NAMES = {"new york": "new york city"}
_LARGE = 20  # thousand people
_KINDS = {"city": "c", "town": "t", "village": "v", "borough": "b", "township": "w", "county": "K"}


class PlaceRow(NamedTuple):
    """A government: `name` is its display name ("Seattle, WA"), `timezone` an IANA name or empty if not known.

    `kind` is a letter: c(ity), t(own), v(illage), b(orough), w (township), p(lantation), m(unicipio), K (county),
    S(tate), N(ation); `size` is its people in thousands, 0 where not known.
    """

    ocd_id: str
    name: str
    state: str
    timezone: str
    is_well_known: bool
    kind: str = "c"
    size: int = 0


class Abroad(NamedTuple):
    """A city outside the United States; well known means that its bare name says it."""

    name: str
    country: str
    size: int
    is_well_known: bool


class Places:
    """Look-ups over the table's lines, each read when it is asked for; names without regard to case, dots, accents."""

    def __init__(self, lines: Sequence[str]) -> None:
        legends = dict(line[1:].split(" ", 1) for line in lines if line[0] == "!")
        self._zones = _legend(legends.get("zones", ""))
        self._countries = {code: name.replace("_", " ") for code, name in _legend(legends.get("abroad", "")).items()}
        self._lines: dict[str, str] = {}
        for line in lines:
            if line[0] not in "#!":
                key = fold_name(line[: line.index("\t")])
                self._lines[key] = f"{self._lines[key]}\n{line}" if key in self._lines else line
        self._begun = {key.partition(" ")[0] for key in (*self._lines, *_OTHER_NAMES)} | {"saint"}
        self._wide = _wide_rows()
        self._read: dict[str, tuple[tuple[PlaceRow, ...], tuple[Abroad, ...]]] = {}

    def __contains__(self, key: str) -> bool:
        """Whether a folded name is that of any place."""
        return key in self._lines or key in _OTHER_NAMES

    def may_begin(self, word: str) -> bool:
        """Whether a name can begin with this word, in small letters; true of any that is not plain letters."""
        return word in self._begun or not (word.isascii() and word.isalpha())

    def by_id(self, ocd_id: str) -> PlaceRow | None:
        """The place with this id."""
        if row := self._wide.get(ocd_id):
            return row
        slug = fold_name(ocd_id.rpartition(":")[2].replace("_", " ").replace("~", "'"))
        keys = (slug, f"{slug} county", f"{slug} township", self._odd_ends.get(ocd_id, ""))
        return next((row for key in keys for row in self.named(key) if row.ocd_id == ocd_id), None)

    def by_name(self, name: str, state: str) -> PlaceRow | None:
        """The place called so in a state (postal code); None where there is none, or several of equal standing."""
        rows = [row for row in self.named(fold_name(name)) if row.state == state]
        return rows[0] if len(rows) == 1 else None

    def by_kind(self, name: str, kind: str, state: str) -> PlaceRow | None:
        """The place called so that is a "town", "village" ... in a state."""
        rows = [row for row in self.named(fold_name(name)) if row.state == state and row.kind == _KINDS.get(kind)]
        return rows[0] if len(rows) == 1 else None

    def by_display_name(self, display_name: str) -> PlaceRow | None:
        """The place shown as "City, ST", "X County, ST", or as a state's or the country's name."""
        name, _, state = display_name.rpartition(", ")
        if name:
            return self.by_name(name, state.upper())
        return next((row for row in self._wide.values() if row.name.casefold() == display_name.casefold()), None)

    def is_named(self, name: str, state: str) -> bool:
        """Whether any place of the state is called so, even where the name does not settle which."""
        return any(row.state == state for row in self.named(fold_name(name)))

    def states_with(self, name: str) -> list[str]:
        """The postal codes of the states that have a place of this name."""
        return list(dict.fromkeys(row.state for row in self.named(fold_name(name))))

    def well_known(self, name: str) -> PlaceRow | None:
        """The big city that this bare name means to everyone."""
        return next((row for row in self.named(fold_name(name)) if row.is_well_known), None)

    def unmistakable(self, rows: Sequence[PlaceRow], *, rival: int = 0) -> PlaceRow | None:
        """The one of these that a bare name means: the only one, the well known, or one five times all others.

        `rival` is the size of a namesake that has no government.
        """
        if len(rows) == 1 and not rival:
            return rows[0]
        if known := next((row for row in rows if row.is_well_known), None):
            return known
        largest = max(rows, key=lambda row: row.size, default=None)
        if largest is None or largest.size < _LARGE:
            return None
        return largest if largest.size >= 5 * (sum(row.size for row in rows) - largest.size + rival) else None

    def named(self, key: str) -> tuple[PlaceRow, ...]:
        """The American places of a folded name."""
        return self._holders(key)[0]

    def abroad(self, key: str) -> tuple[Abroad, ...]:
        """The cities abroad of a folded name."""
        return self._holders(key)[1]

    def rival(self, key: str) -> int:
        """How many thousand live in the biggest American place of this name that has no government of its own."""
        found = _RIVAL.search(self._lines.get(key, ""))
        return int(found[1]) if found else 0

    def squashed(self, letters: str) -> tuple[PlaceRow, ...]:
        """The American places whose name, written as in a host name, is these letters."""
        return tuple(row for key in self._by_letters.get(letters, ()) for row in self.named(key))

    def _holders(self, key: str) -> tuple[tuple[PlaceRow, ...], tuple[Abroad, ...]]:
        found = self._read.get(key)
        if found is None:
            lines = "\n".join(filter(None, (self._lines.get(_OTHER_NAMES.get(key, "")), self._lines.get(key))))
            found = (tuple(self._american(lines)), tuple(self._foreign(lines))) if lines else ((), ())
            if lines:
                self._read[key] = found
        return found

    def _american(self, lines: str) -> Iterator[PlaceRow]:
        for name, holder in _pairs(lines):
            if holder[0] not in "@~" and (match := _HOLDER.fullmatch(holder)):
                state = match["state"]
                yield PlaceRow(
                    ocd_id=_ocd_id(name, match),
                    name=f"{name}, {state.upper()}",
                    state=state.upper(),
                    timezone=self._zones.get(match["zone"], ""),
                    is_well_known=bool(match["known"]),
                    kind=match["kind"],
                    size=int(match["size"] or 0),
                )

    def _foreign(self, lines: str) -> Iterator[Abroad]:
        for name, holder in _pairs(lines):
            if match := _ABROAD.fullmatch(holder):
                country = self._countries[match["country"]]
                yield Abroad(f"{name}, {country}", country, int(match["size"]), bool(match["known"]))

    @cached_property
    def _odd_ends(self) -> Mapping[str, str]:
        """The name that holds each id whose end does not follow from it."""
        odd = ((key, line) for key, line in self._lines.items() if "=" in line)
        return {row.ocd_id: key for key, line in odd for row in self._american(line)}

    @cached_property
    def _by_letters(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self._lines:
            found.setdefault("".join(filter(str.isalnum, key)), []).append(key)
        return found


def _pairs(lines: str) -> Iterator[tuple[str, str]]:
    """(name as shown, one holder's shorthand); two lines are one name in two spellings."""
    for line in lines.split("\n"):
        name, _, holders = line.partition("\t")
        yield from ((name, holder) for holder in holders.split())


def fold_name(name: str) -> str:
    """A name as the table is searched: "St. Paul", "saint paul" and "ST PAUL" are one."""
    key = name.casefold().replace(".", "").replace("’", "'").replace("saint ", "st ")
    return key if key.isascii() else "".join(c for c in normalize("NFKD", key) if ord(c) < 0x300 or ord(c) > 0x36F)


def _ocd_id(name: str, match: re.Match[str]) -> str:
    state = match["state"]
    wide = {"pr": "territory:pr"}.get(state, f"state:{state}")
    if match["kind"] == "K" or match["end"]:
        bare = re.sub(r" County$", "", name)
        end = match["end"] or f"county:{_slug(bare)}"
    else:
        end = f"place:{_slug(re.sub(r' Township$', '', name))}"
    if end.startswith("district:"):
        return f"{_COUNTRY}/{end}"
    county = f"/county:{match['county']}" if match["county"] else ""
    return f"{_COUNTRY}/{wide}{county}/{end}"


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_").replace("'", "~")


def _legend(written: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in written.split())


def _wide_rows() -> dict[str, PlaceRow]:
    """The country and its states, which the table of places does not hold."""
    rows = [PlaceRow(_COUNTRY, "United States", "", "", False, "N")]
    for code, name in STATE_NAMES.items():
        kind = "territory" if code == "PR" else "state"
        rows.append(PlaceRow(f"{_COUNTRY}/{kind}:{code.lower()}", name, code, "", False, "S"))
    return {row.ocd_id: row for row in rows}


@cache
def load_places() -> Places:
    """The shipped table; read once, in some 20 ms."""
    try:
        return Places(_TABLE.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"places.txt: {error}; run scripts/build_places.py") from error
