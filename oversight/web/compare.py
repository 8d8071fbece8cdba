"""Comparison: two to six places, or policies, side by side, at an address that holds all of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.compared import MOST_SIDES, Cell, Difference, Section, Side
from oversight.domain.comparison import compare_places, compare_policies
from oversight.domain.likeness import Place, matching, similar
from oversight.errors import InvalidInput
from oversight.storage.queries.comparison import places, policy_names, sides_of_places, sides_of_policies
from oversight.storage.queries.sources import SourceLine, sources_by_key
from oversight.vocabulary.places import fold_name
from oversight.web.as_of import asked_day, dated
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("compare", __name__, url_prefix="/compare")
MOST_CHOICES = 8
MOST_CITED = 3  # in a cell; the page of the thing has all
MOST_WORDS = 60  # letters of a name that is looked for


@dataclass(frozen=True)
class Asked:
    """What the address asks to compare. `left_out` are the sides beyond the most that fit."""

    noun: str
    keys: tuple[str, ...]
    left_out: int
    as_of: date
    only_differences: bool
    find: str

    def fields(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """What a form or an address says for a choice of sides, with the same day and the same rows."""
        day = {"as_of": [request.args["as_of"]]} if request.args.get("as_of") else {}
        return {self.noun: list(keys)} | day | ({"differences": ["1"]} if self.only_differences else {})

    def toggled(self) -> str:
        """The address of the same comparison with differences only, or with every row."""
        fields = replace(self, only_differences=not self.only_differences).fields(self.keys)
        return f"{request.path}?{urlencode(fields, doseq=True)}"


@dataclass(frozen=True)
class Choice:
    """Something that can be added, with what tells it from its namesakes or why it is offered."""

    key: str
    name: str
    why: str


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """The comparison that the address asks for, and the means to change it."""
    asked = asked_sides()
    with reading() as session:
        known = places(session)
        sides = sides_of(session, asked)
        sections = sections_of(sides, asked)
        shown = [narrowed(one) for one in sections] if asked.only_differences else list(sections)
        sources = sources_by_key(session, cited(shown))
        found = found_choices(session, asked, known) if asked.find else None
    return render_template(
        "compare.html",
        asked=asked,
        sides=sides,
        sections=shown,
        hidden=sum(len(one.rows) for one in sections) - sum(len(one.rows) for one in shown),
        notes=numbered(shown, sources),
        found=found,
        offered=offered(asked, known),
        most=MOST_SIDES,
        most_cited=MOST_CITED,
        Difference=Difference,
    )


def asked_sides() -> Asked:
    """What the address asks for, each side once; raises InvalidInput where it mixes places and policies."""
    keys, policies = (dict.fromkeys(filter(None, request.args.getlist(noun))) for noun in ("place", "policy"))
    if keys and policies:
        raise InvalidInput("Compare places with places, or policies with policies.")
    chosen = tuple(policies or keys)
    return Asked(
        noun="policy" if policies else "place",
        keys=chosen[:MOST_SIDES],
        left_out=max(len(chosen) - MOST_SIDES, 0),
        as_of=asked_day(),
        only_differences=request.args.get("differences") == "1",
        find=request.args.get("find", "").strip()[:MOST_WORDS],
    )


def sides_of(session: Session, asked: Asked) -> list[Side]:
    """The sides with their rows; raises NotFound."""
    if not asked.keys:
        return []
    load = sides_of_policies if asked.noun == "policy" else sides_of_places
    return load(session, asked.keys)


def sections_of(sides: Sequence[Side], asked: Asked) -> tuple[Section, ...]:
    """The table; nothing for fewer than two sides."""
    if len(sides) < 2:
        return ()
    compare = compare_policies if asked.noun == "policy" else compare_places
    return compare(sides, asked.as_of)


def narrowed(section: Section) -> Section:
    """The rows of a section that differ."""
    rows = tuple(row for row in section.rows if row.difference is Difference.DIFFERS)
    return replace(section, rows=rows, silent=())


def cells_of(sections: Iterable[Section]) -> list[Cell]:
    """Every cell that is shown, in the order of reading."""
    return [cell for one in sections for row in one.rows for cell in row.cells]


def cited(sections: Iterable[Section]) -> dict[str, None]:
    """The keys of the sources that stand beside what is shown, in the order of reading."""
    return dict.fromkeys(key for keys in sourced(sections) for key in keys[:MOST_CITED])


def sourced(sections: Iterable[Section]) -> Iterator[tuple[str, ...]]:
    """All sources of each fact that is shown, the nearest to the act itself first."""
    for cell in cells_of(sections):
        yield from (entry.sources for entry in cell.entries)
        yield cell.sources


def numbered(sections: Iterable[Section], sources: Mapping[str, SourceLine]) -> dict[str, tuple[int, SourceLine]]:
    """The sources with their numbers, in the order of reading."""
    keys = [key for key in cited(sections) if key in sources]
    return {key: (number, sources[key]) for number, key in enumerate(keys, start=1)}


def found_choices(session: Session, asked: Asked, known: Mapping[str, Place]) -> list[Choice]:
    """What the record calls by the words that were typed: places, or policies where policies are compared."""
    words = fold_name(asked.find)
    if asked.noun == "policy":
        names = policy_names(session)
        keys = matching(words, folded(names), taken=asked.keys, most=MOST_CHOICES)
        return [Choice(key, names[key], "policy") for key in keys]
    keys = matching(words, folded({key: one.name for key, one in known.items()}), taken=asked.keys, most=MOST_CHOICES)
    return [Choice(key, known[key].name, known[key].kind.label) for key in keys]


def folded(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names as they are looked for."""
    return [(key, fold_name(name)) for key, name in names.items()]


def offered(asked: Asked, known: Mapping[str, Place]) -> list[Choice]:
    """Places like those compared, while there is room for more."""
    if asked.noun == "policy" or len(asked.keys) >= MOST_SIDES:
        return []
    compared = [known[key] for key in asked.keys]
    return [
        Choice(one.place.key, one.place.name, "; ".join(one.reasons))
        for one in similar(compared, known.values(), most=MOST_CHOICES)
    ]
