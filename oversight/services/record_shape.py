"""What each field of an entry holds, read off its form: for whoever shows, fills in or checks it."""

import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from oversight.services.record_parts import Apart, Entry, InProse, Names, checked_date

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Shape:
    """One field: `holds` is what one value of it is, a plain type, a closed list or the form of a part.

    `is_needed`: neither nothing nor an empty list will do.
    """

    name: str
    label: str
    hint: str
    holds: Any
    is_list: bool
    is_needed: bool
    names: Names | None
    is_date: bool
    is_prose: bool
    is_apart: bool


@cache
def shapes(form: type[Entry]) -> tuple[Shape, ...]:
    """Every field of a form but its key, in order."""
    return tuple(_shape(name, field) for name, field in form.model_fields.items() if name != "key")


def _shape(name: str, field: FieldInfo) -> Shape:
    marks: list[Any] = list(field.metadata)
    holds, is_list, may_be_none = _unwrapped(field.annotation, marks)
    return Shape(
        name=name,
        label=field.title or name,
        hint=field.description or "",
        holds=holds,
        is_list=is_list,
        is_needed=any(getattr(mark, "min_length", 0) for mark in field.metadata) if is_list else not may_be_none,
        names=next((mark for mark in marks if isinstance(mark, Names)), None),
        is_date=any(isinstance(mark, AfterValidator) and mark.func is checked_date for mark in marks),
        is_prose=any(isinstance(mark, InProse) for mark in marks),
        is_apart=any(isinstance(mark, Apart) for mark in marks),
    )


def _unwrapped(annotation: Any, marks: list[Any]) -> tuple[Any, bool, bool]:
    """The type inside an annotation, whether many of it are meant, and whether none will do; its marks are added."""
    is_list = may_be_none = False
    while origin := get_origin(annotation):
        inside = get_args(annotation)
        if origin is dict:
            return dict, is_list, may_be_none
        if origin is Annotated:
            marks += inside[1:]
        is_list = is_list or origin is tuple
        may_be_none = may_be_none or origin in (types.UnionType, Union)
        annotation = next(one for one in inside if one is not types.NoneType)
    return annotation, is_list, may_be_none


@cache
def _pointing(form: type[Entry]) -> tuple[Shape, ...]:
    return tuple(shape for shape in shapes(form) if shape.names or is_form(shape.holds))


def is_form(holds: Any) -> bool:
    """Whether a field holds parts with fields of their own."""
    return isinstance(holds, type) and issubclass(holds, Entry)


def with_sources(form: type[Entry], values: dict[str, Any], key_of: Callable[[str], str]) -> dict[str, Any]:
    """The values with each source of a part given by its key, where a person wrote its address."""
    told = dict(values)
    for shape in _pointing(form):
        value = values.get(shape.name)
        if is_form(shape.holds) and shape.is_list:
            told[shape.name] = [with_sources(shape.holds, part, key_of) for part in value or ()]
        elif isinstance(value, str) and shape.names and shape.names.noun == "source":
            told[shape.name] = key_of(value)
    return told


def keys_in(entry: Entry, place: Place = ()) -> Iterator[tuple[Place, Names, str]]:
    """Every key that an entry gives of something else, with where it stands."""
    for shape in _pointing(type(entry)):
        value = getattr(entry, shape.name)
        parts = enumerate(value) if shape.is_list else ((None, value),)
        for position, part in parts:
            where = (*place, shape.name) if position is None else (*place, shape.name, position)
            if isinstance(part, Entry):
                yield from keys_in(part, where)
            elif part is not None and shape.names:
                yield where, shape.names, part
