"""What an entry of the record says, in words: for the diff of two versions, and for two editors side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import url_for

from oversight.domain.record_diff import Fate, FieldChange, Form, changes
from oversight.storage.queries.sources import SourceLine
from oversight.vocabulary.labels import words
from oversight.web.presentation import partial, technology_label
from oversight.web.record_fields import Field, fields_of

NOTHING = "nothing"
Sources = Mapping[str, SourceLine]


@dataclass(frozen=True)
class Said:
    """One changed field in words; each piece with what became of it."""

    label: str
    form: Form
    pieces: tuple[tuple[Fate, str], ...]


@cache
def known_fields(noun: str) -> dict[tuple[str, ...], Field]:
    """The fields of a noun by their path."""
    return {one.path: one for one in fields_of(noun)}


def place_in_form(noun: str, change: FieldChange) -> int:
    """Where the changed field stands in the form; what the form does not show comes last."""
    paths = list(known_fields(noun))
    return next((at for at, path in enumerate(paths) if change.path[: len(path)] == path), len(paths))


def what_changed(noun: str, before: Mapping[str, Any] | None, after: Mapping[str, Any], sources: Sources) -> list[Said]:
    """Every field that differs, in words, in the order of the form."""
    made = sorted(changes(before, after), key=lambda change: place_in_form(noun, change))
    return [in_words(noun, change, sources) for change in made]


def in_words(noun: str, change: FieldChange, sources: Sources) -> Said:
    """A change as people read it."""
    pieces = (
        (piece.fate, piece.value if change.form is Form.WORDS else said(noun, change.path, piece.value, sources))
        for piece in change.pieces
    )
    return Said(label_of(noun, change.path), change.form, tuple(pieces))


def label_of(noun: str, path: tuple[str, ...]) -> str:
    """The name of a field: its label in the form, or its code as words."""
    field = known_fields(noun).get(path)
    return field.label if field else ": ".join(words(name) for name in path)


def said(noun: str, path: tuple[str, ...], value: Any, sources: Sources) -> str:
    """A value in words; of a list, all of its entries."""
    return _said(known_fields(noun).get(path), value, sources)


def _said(field: Field | None, value: Any, sources: Sources) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_said(field, one, sources) for one in value) or NOTHING
    if isinstance(value, dict):
        return _row(field, value, sources) if field and field.columns else _named(value, sources)
    if isinstance(value, str) and value in sources:
        return sources[value].title
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field and field.is_date:
        return partial(value)
    return dict(field.options).get(str(value), str(value)) if field else str(value)


def _row(field: Field, row: Mapping[str, Any], sources: Sources) -> str:
    """A dated step as "Adopted, 7 May 2019 (stated in the source)"; of other parts, each field with its name."""
    told = {part.name: _said(part, row.get(part.name), sources) for part in field.columns}
    if told.keys() == {"status", "date", "certainty"}:
        certainty = f" ({told['certainty'].lower()})" if row.get("certainty") else ""
        return f"{told['status']}, {partial(row.get('date'))}{certainty}"
    return ", ".join(f"{part.label}: {told[part.name]}" for part in field.columns if told[part.name] != NOTHING)


def _named(value: Mapping[str, Any], sources: Sources) -> str:
    """A fact as "Database size: 300000"; of anything else, each of its fields."""
    if value.keys() == {"name", "value"}:
        return f"{words(value['name'])}: {_said(None, value['value'], sources)}"
    told = {name: _said(None, one, sources) for name, one in value.items() if one is not None}
    return ", ".join(f"{words(name)}: {text}" for name, text in told.items()) or NOTHING


def title_of(noun: str, values: Mapping[str, Any]) -> str:
    """What people call a thing of the record."""
    if noun == "deployment":
        return f"{technology_label(values['technology'])}: {values['agency']['name']}"
    if noun == "action":
        return f"{', '.join(values['actors'])}, {partial(values['date'])}"
    return str(values.get("title") or values.get("name") or values["key"])


def page_of(noun: str, key: str) -> str | None:
    """The address of the page that shows a thing; a source has none of its own."""
    if noun in ("policy", "deployment", "jurisdiction"):
        endpoint = {"policy": "policies", "deployment": "deployments", "jurisdiction": "jurisdictions"}[noun]
        return url_for(f"{endpoint}.show", key=key)
    return url_for(f"{noun}s.index", _anchor=key) if noun in ("action", "vendor") else None
