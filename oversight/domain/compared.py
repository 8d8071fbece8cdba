"""What a comparison is made of: the sides with their dated rows, and the table that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from oversight.domain.duty import DutyFacts, DutyKind
from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.record import ActionKind, Mode
from oversight.domain.strictness import Provision, Strictest
from oversight.domain.use_status import Setting, StatusChange
from oversight.domain.word import Word

MOST_SIDES = 6


@dataclass(frozen=True)
class Owed:
    """A duty as a policy states it."""

    kind: DutyKind
    rule: str
    facts: DutyFacts
    source: str | None


@dataclass(frozen=True)
class Ruled:
    """One policy with its provisions and duties; `sources` are the keys of what it cites."""

    facts: PolicyFacts
    provisions: tuple[Provision, ...]
    duties: tuple[Owed, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Used:
    """One deployment with its dated history."""

    key: str
    agency: str
    setting: Setting
    mode: Mode | None
    vendor: str | None
    vendor_key: str | None
    product: str | None
    cost_usd: int | None
    cost_terms: str | None
    history: tuple[StatusChange, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """One letter, lawsuit, audit or report."""

    key: str
    kind: ActionKind
    date: str | None
    actors: tuple[str, ...]
    summary: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One place with its policies and those of the governments above; or one policy with those that change it."""

    key: str
    name: str
    policies: tuple[Ruled, ...] = ()
    above: tuple[PolicyFacts, ...] = ()
    changing: tuple[Ruled, ...] = ()
    uses: tuple[Used, ...] = ()
    actions: tuple[Done, ...] = ()


class Blank(Word):
    """Why a cell is blank."""

    UNKNOWN = "unknown", "Not researched"
    NONE = "none", "Looked for: none"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


class Difference(Word):
    """What a row says of its sides as a whole."""

    DIFFERS = "differs", "Differs"
    OPEN = "open", "Not known for all"
    SAME = "same", "Same"


class Home(NamedTuple):
    """Where a thing of the record stands in full: its noun, its key, and a place on its page."""

    noun: str
    key: str
    anchor: str | None = None


@dataclass(frozen=True)
class Entry:
    """One fact in a cell. `sign` is what sides are compared by: None where the fact does not tell."""

    words: str
    home: Home
    sign: str | None
    beside: str | None = None
    mark: Word | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """What a row says of one side: its facts, or why there are none."""

    entries: tuple[Entry, ...] = ()
    blank: Blank | None = None
    because: str | None = None
    home: Home | None = None
    sources: tuple[str, ...] = ()

    @property
    def signs(self) -> frozenset[str]:
        """What this side is compared by; empty where nothing is known."""
        if self.blank is Blank.NONE:
            return frozenset({Blank.NONE.value})
        return frozenset(entry.sign for entry in self.entries if entry.sign)


@dataclass(frozen=True)
class Row:
    """One question to every side. `code` is that of the vocabulary where it has one.

    `technologies` are those that it is asked about, where it is: several where all sides answer alike for each.
    """

    label: str
    cells: tuple[Cell, ...]
    code: str | None = None
    technologies: tuple[str, ...] = ()
    strictest: Strictest | None = None

    @property
    def is_silent(self) -> bool:
        """Whether no side has anything to say."""
        return all(cell.blank in (Blank.UNKNOWN, Blank.NOT_APPLICABLE) for cell in self.cells)

    @property
    def difference(self) -> Difference:
        """Whether what is known differs; a side to which the question does not apply is left out."""
        asked = [cell.signs for cell in self.cells if cell.blank is not Blank.NOT_APPLICABLE]
        known = [signs for signs in asked if signs]
        if len(set(known)) > 1:
            return Difference.DIFFERS
        return Difference.SAME if len(known) == len(asked) and len(known) > 1 else Difference.OPEN


@dataclass(frozen=True)
class Section:
    """Rows that belong together. `silent` are the questions to which no side has an answer."""

    key: str
    title: str
    rows: tuple[Row, ...]
    silent: tuple[Row, ...] = field(default=())


def section(key: str, title: str, rows: Sequence[Row]) -> Section:
    """A section with the silent rows apart."""
    told = tuple(row for row in rows if not row.is_silent)
    return Section(key, title, told, tuple(row for row in rows if row.is_silent))
