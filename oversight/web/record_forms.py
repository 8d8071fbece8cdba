"""Between an entry of the record and the form that shows it: what was typed is kept as it was typed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oversight.domain.fact_lines import lines_of, pairs_of
from oversight.services.check_entry import Fault
from oversight.services.record_shape import Place
from oversight.web.record_fields import Field, Kind

Typed = dict[str, list[str]]
MOST_ROWS = 80
SPARE_ROWS = 2
MORE_ROWS = 5


@dataclass
class Reading:
    """What a form says: values for the entry, what could not be read, and which row each entry of a list was."""

    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)


def typed_of(fields: Sequence[Field], values: Mapping[str, Any]) -> Typed:
    """The form that shows these values."""
    typed: Typed = {}
    for one in fields:
        value: Any = values
        for name in one.path:
            value = value[name]
        if one.kind is Kind.ROWS:
            for number, row in enumerate(value):
                typed |= {f"{one.name}-{number}-{part.name}": _shown(part, row[part.name]) for part in one.columns}
        else:
            typed[one.name] = _shown(one, value)
    return typed


def _shown(one: Field, value: Any) -> list[str]:
    if one.kind in (Kind.CHECKS, Kind.CITED):
        return list(value)
    if one.kind is Kind.LINES:
        return ["\n".join(value)]
    if one.kind is Kind.FACTS:
        return [lines_of((fact["name"], fact["value"]) for fact in value)]
    if one.kind is Kind.NAMED:
        return [lines_of(value.items())]
    return ["" if value is None else str(value)]


def read_form(fields: Sequence[Field], typed: Typed, base: Mapping[str, Any]) -> Reading:
    """The values that a form says; what the form does not show stays as in the base."""
    reading = Reading({**base})
    for one in fields:
        owner = reading.values
        for name in one.path[:-1]:
            owner[name] = {**owner[name]}
            owner = owner[name]
        if one.kind is Kind.ROWS:
            owner[one.path[-1]] = _rows(one, typed, reading)
        else:
            _take(owner, one, typed.get(one.name, []), (one.path, reading))
    return reading


def _take(owner: dict[str, Any], one: Field, said: list[str], at: tuple[Place, Reading]) -> None:
    """Put what a field says into its owner, or note under its place that it cannot be read."""
    place, reading = at
    try:
        owner[one.path[-1]] = _value(one, said, owner.get(one.path[-1]))
    except ValueError as error:
        reading.faults.append((place, f"{str(error)[:1].upper()}{str(error)[1:]}."))


def _value(one: Field, typed: list[str], held: Any) -> Any:
    """What the field says; of a list that was there, what stays keeps its order."""
    said = [line for text in typed if (line := clean(text))]
    if one.kind in (Kind.CHECKS, Kind.CITED):
        return [*(code for code in held or () if code in said), *(code for code in said if code not in (held or ()))]
    text = said[0] if said else ""
    return READERS[one.kind](text) if one.kind in READERS else text or None


def _facts(text: str) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in pairs_of(text)]


def _named(text: str) -> dict[str, Any]:
    pairs = pairs_of(text)
    if len(dict(pairs)) < len(pairs):
        raise ValueError("two facts have the same name")
    return dict(pairs)


def _number(text: str) -> int | str | None:
    plain = re.sub(r"[\s,]", "", text)
    return int(plain) if re.fullmatch(r"\d{1,12}", plain) else text or None


READERS: Mapping[Kind, Callable[[str], Any]] = {
    Kind.LINES: lambda text: [line.strip() for line in text.split("\n") if line.strip()],
    Kind.FACTS: _facts,
    Kind.NAMED: _named,
    Kind.NUMBER: _number,
}


def _rows(one: Field, typed: Typed, reading: Reading) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in row_numbers(one.name, typed):
        cells = {part: typed.get(f"{one.name}-{number}-{part.name}", []) for part in one.columns}
        if first(typed, f"{one.name}-{number}-drop") or not any(
            clean(text) for said in cells.values() for text in said
        ):
            continue
        row: dict[str, Any] = {}
        for part, said in cells.items():
            _take(row, part, said, ((*one.path, len(found), part.name), reading))
        found.append(row)
        reading.rows.setdefault(one.name, []).append(number)
    return found


def row_numbers(name: str, typed: Typed) -> list[int]:
    """The rows of a list that a form has."""
    found = (re.match(rf"{name}-(\d{{1,2}})-", key) for key in typed)
    return sorted({int(one[1]) for one in found if one and int(one[1]) < MOST_ROWS})


def rows_to_show(name: str, typed: Typed) -> range:
    """The rows that a form shows: those that are filled in, and spare ones."""
    filled = [number for number in row_numbers(name, typed) if any(_row(name, number, typed))]
    spare = MORE_ROWS if "more" in typed else SPARE_ROWS
    return range(min((filled[-1] + 1 if filled else 0) + spare, MOST_ROWS))


def _row(name: str, number: int, typed: Typed) -> list[str]:
    return [text for key, said in typed.items() if key.startswith(f"{name}-{number}-") for text in said if text]


def faults_by_name(faults: Sequence[Fault], names: Sequence[str], rows: Mapping[str, list[int]]) -> dict[str, str]:
    """Each message under the name of its field in the form; under "" where it belongs to none."""
    found: dict[str, str] = {}
    for place, words in faults:
        found.setdefault(_name_of(place, names, rows), words)
    return found


def _name_of(place: Place, names: Sequence[str], rows: Mapping[str, list[int]]) -> str:
    parts = [str(part) for part in place]
    if len(parts) > 1 and parts[0] in rows:
        numbers = rows[parts[0]]
        parts[1] = str(numbers[int(parts[1])]) if int(parts[1]) < len(numbers) else parts[1]
        return "-".join(parts)
    joined = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in joined if name in names), "")


def first(typed: Typed, name: str) -> str:
    """What was typed into a field of one value."""
    return clean((typed.get(name) or [""])[0])


def clean(text: str) -> str:
    """What was typed, with the line ends of this house and without spaces around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
