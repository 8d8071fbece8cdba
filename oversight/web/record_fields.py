"""The fields of each kind of record as an editor's form shows them, made from the form of its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from oversight.domain.word import Word
from oversight.services.check_entry import ENTRIES
from oversight.services.record_entries import Entry, SourceEntry
from oversight.services.record_parts import FactEntry
from oversight.services.record_shape import Shape, is_form, shapes
from oversight.vocabulary import load_vocabulary

Path = tuple[str, ...]


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    CHOICE = "choice"
    CHECKS = "checks"
    LINES = "lines"
    FACTS = "facts"  # a list of named facts
    NAMED = "named"  # facts by name
    ROWS = "rows"
    CITED = "cited"


@dataclass(frozen=True)
class Field:
    """One field; `path` leads to its value in the entry, `offers` names a list to choose a text from.

    `columns` are the fields of each row; `is_apart`: the rows have a form of their own; `said` is the hint without that
    of its kind.
    """

    path: Path
    label: str
    kind: Kind = Kind.TEXT
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    is_needed: bool = False
    is_date: bool = False
    columns: tuple["Field", ...] = ()
    is_apart: bool = False
    offers: str = ""
    said: str = ""

    @property
    def name(self) -> str:
        """Its name in the form."""
        return "-".join(self.path)


YES_OR_NO = (("False", "No"), ("True", "Yes"))
DATE_HINT = "2019, 2019-05 or 2019-05-21, as far as the source tells; empty where it is not known."
HINTS = {
    Kind.LINES: "One a line.",
    Kind.FACTS: "A line for each: name: value. Numbers, true and false are kept as such.",
    Kind.NAMED: "A line for each: name: value. Numbers, true and false are kept as such.",
    Kind.CITED: "Untick what does not support the entry.",
}
OFFERS = {"jurisdiction": "jurisdictions", "policy": "policies", "source": "sources"}
OF_NEW_SOURCE = ("title", "url", "publisher", "date", "tier")


@cache
def fields_of(noun: str) -> tuple[Field, ...]:
    """Every field of a noun, in the order of its form."""
    return tuple(_fields(ENTRIES[noun], ()))


def form_fields(noun: str, part: str = "") -> tuple[Field, ...]:
    """The fields that one form shows: those of a part with a form of its own, or all others."""
    return tuple(one for one in fields_of(noun) if (one.name == part if part else not one.is_apart))


def parts_of(noun: str) -> tuple[Field, ...]:
    """The parts that have a form of their own."""
    return tuple(one for one in fields_of(noun) if one.is_apart)


def new_source_fields() -> list[Field]:
    """The fields of a source that the record does not have yet."""
    return [one for one in _fields(SourceEntry, ("new_source",)) if one.path[-1] in OF_NEW_SOURCE]


def _fields(form: type[Entry], path: Path) -> Iterator[Field]:
    for shape in shapes(form):
        if is_form(shape.holds) and not shape.is_list:
            yield from _fields(shape.holds, (*path, shape.name))
        else:
            yield _field(shape, (*path, shape.name))


def _field(shape: Shape, path: Path) -> Field:
    kind = _kind(shape)
    columns = tuple(_fields(shape.holds, ())) if kind is Kind.ROWS else ()
    hints = (shape.hint, DATE_HINT if shape.is_date or any(one.is_date for one in columns) else "", HINTS.get(kind, ""))
    return Field(
        path=path,
        label=shape.label,
        kind=kind,
        options=_options(shape),
        hint=" ".join(hint for hint in hints if hint),
        is_needed=shape.is_needed and kind not in (Kind.CITED, Kind.FACTS, Kind.NAMED),
        is_date=shape.is_date,
        columns=columns,
        is_apart=shape.is_apart,
        said=shape.hint,
        offers=OFFERS.get(shape.names.noun, "") if shape.names and kind is Kind.TEXT else "",
    )


def _kind(shape: Shape) -> Kind:
    if shape.is_list:
        return _kind_of_list(shape)
    if shape.holds is dict:
        return Kind.NAMED
    if shape.holds is int:
        return Kind.NUMBER
    if _options(shape):
        return Kind.CHOICE
    return Kind.AREA if shape.is_prose else Kind.TEXT


def _kind_of_list(shape: Shape) -> Kind:
    if shape.holds is FactEntry:
        return Kind.FACTS
    if is_form(shape.holds):
        return Kind.ROWS
    if _options(shape):
        return Kind.CHECKS
    return Kind.CITED if shape.names else Kind.LINES


def _options(shape: Shape) -> tuple[tuple[str, str], ...]:
    """The codes of a closed list with their words."""
    if isinstance(shape.holds, type) and issubclass(shape.holds, Word):
        return tuple((word.value, word.label) for word in shape.holds)
    if shape.holds is bool:
        return YES_OR_NO
    if shape.names and shape.names.noun == "technology":
        return tuple(load_vocabulary().technology_labels.items())
    return ()
