"""Records that hypothesis makes: every kind of entry from its own form, with keys that exist."""

import types
from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import Annotated, Any, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from oversight.services.record_kinds import record_kinds
from oversight.services.record_parts import PartialDate, ProvisionEntry
from oversight.vocabulary import load_vocabulary

CODES = sorted(load_vocabulary().technologies)
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(LETTERS, min_size=1, max_size=12)
DATES = st.one_of(st.dates().map(str), st.dates().map(lambda day: str(day)[:7]), st.integers(1000, 2200).map(str))
NUMBERS = st.integers(0, 2**31 - 1)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2), max_leaves=4
)
MOST = 3


@st.composite
def made_records(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """The rows of every file; each key is used once, and each that is mentioned exists."""
    keys = {kind.noun: draw(st.lists(TEXT, min_size=1, max_size=MOST, unique=True)) for kind in record_kinds()}
    return {kind.file: [draw(row_of(kind.form, key, keys)) for key in keys[kind.noun]] for kind in record_kinds()}


def row_of(form: type[BaseModel], key: str, keys: Mapping[str, list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    """One row with this key."""
    return fields_of(form, keys).map(lambda row: {**row, "key": key, **unique_in_its_table(form, key)})


def unique_in_its_table(form: type[BaseModel], key: str) -> dict[str, Any]:
    """What no two rows may share beside the key."""
    if "ocd_id" in form.model_fields:
        return {"ocd_id": key}
    return {"name": key} if form.__name__ == "VendorEntry" else {}


def fields_of(form: type[BaseModel], keys: Mapping[str, list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    """Values for every field of a form."""
    return st.fixed_dictionaries(
        {name: field_of(name, field, keys) for name, field in form.model_fields.items() if name != "key"}
    )


def field_of(name: str, field: Any, keys: Mapping[str, list[str]]) -> st.SearchStrategy[Any]:
    """Values for one field: by what it names, else by its type."""
    if name == "products":  # names of products are unique in their vendor
        return st.lists(type_of(get_args(field.annotation)[0], keys), max_size=2, unique_by=lambda row: row["name"])
    if name == "provisions":  # a policy has each provision once
        one = type_of(ProvisionEntry, keys)
        return st.lists(one, max_size=2, unique_by=lambda row: row["code"])
    if name == "followed_because":  # at most one claim of a field may be followed
        return st.none()
    names = mentioned(name, keys)
    if names is None:
        return type_of(field.rebuild_annotation(), keys)
    choice = st.sampled_from(names)
    annotation = str(field.annotation)
    if "tuple" in annotation:
        return st.lists(choice, min_size=1, max_size=3)
    return st.none() | choice if "None" in annotation else choice


def mentioned(name: str, keys: Mapping[str, list[str]]) -> list[str] | None:
    """The keys that a field of this name may hold; None where it holds none."""
    owners = {"technology": CODES, "technologies": CODES, "sources": keys["source"], "amends_key": keys["policy"]}
    owners |= {f"{noun}_key": found for noun, found in keys.items()}
    return owners.get(name)


def type_of(annotation: Any, keys: Mapping[str, list[str]]) -> st.SearchStrategy[Any]:
    """Values of a type, as they stand in a file."""
    if annotation == PartialDate:
        return DATES
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return (
            st.lists(type_of(get_args(inside[0])[0], keys), min_size=1, max_size=2)
            if get_origin(inside[0]) is tuple
            else type_of(inside[0], keys)
        )
    if origin in (types.UnionType, Union):
        return st.one_of([type_of(one, keys) for one in inside])
    if origin is tuple:
        return st.lists(type_of(inside[0], keys), max_size=2)
    if origin is dict:
        return st.dictionaries(TEXT, VALUES, max_size=2)
    return plain_type(annotation, keys)


def is_in_form(form: type[BaseModel], row: dict[str, Any]) -> bool:
    """Whether a row keeps to what its form says of several fields together."""
    try:
        form.model_validate(row)
    except ValidationError:
        return False
    return True


def plain_type(annotation: Any, keys: Mapping[str, list[str]]) -> st.SearchStrategy[Any]:
    """Values of a type without parts."""
    if annotation is Any:
        return VALUES
    if annotation is type(None):
        return st.none()
    if issubclass(annotation, Enum):
        return st.sampled_from([one.value for one in annotation])
    if issubclass(annotation, BaseModel):
        return fields_of(annotation, keys).filter(partial(is_in_form, annotation))
    return {str: TEXT, int: NUMBERS, bool: st.booleans(), float: st.floats(-180, 180)}[annotation]
