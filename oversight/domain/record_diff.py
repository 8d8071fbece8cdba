"""What changed between two versions of a thing, field by field, and how two edits of one version come together."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

MOST_PARTS = 2000  # the order of more words than this is not worth the time that comparing takes
Values = Mapping[str, Any]


class Fate(StrEnum):
    """What became of a piece."""

    KEPT = "kept"
    WENT = "went"
    CAME = "came"


class Form(StrEnum):
    """How the pieces of a field are put together: one value, words in a row, or entries of a list."""

    VALUE = "value"
    WORDS = "words"
    ENTRIES = "entries"


@dataclass(frozen=True)
class Piece:
    """A run of words, an entry of a list, or a whole value."""

    fate: Fate
    value: Any


@dataclass(frozen=True)
class FieldChange:
    """One field that differs; `path` leads to it, into what has fields itself."""

    path: tuple[str, ...]
    form: Form
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Merge:
    """Two edits of one version in one: in the fields that clash, both changed the same, and mine stand."""

    values: dict[str, Any]
    clashing: tuple[str, ...]
    theirs: tuple[str, ...]


def changes(before: Values | None, after: Values) -> tuple[FieldChange, ...]:
    """Every field that differs, in the order of the version after; a new thing had no fields before."""
    return tuple(_changes((), before or {}, after))


def applied(before: Values | None, made: Sequence[FieldChange]) -> dict[str, Any]:
    """What the changes make of a version."""
    after: dict[str, Any] = json.loads(json.dumps(before or {}))
    for change in made:
        owner = after
        for name in change.path[:-1]:
            owner = owner[name]
        stays = [piece.value for piece in change.pieces if piece.fate is not Fate.WENT]
        if change.form is Form.VALUE and not stays:
            del owner[change.path[-1]]
        else:
            owner[change.path[-1]] = _joined(change.form, stays)
    return after


def merged(base: Values, mine: Values, theirs: Values) -> Merge:
    """My edit and theirs of the same version; what only one of us touched is as that one left it."""
    values, clashing, taken = dict(mine), [], []
    for name in dict.fromkeys((*theirs, *base)):
        was, is_now, i_say = (_exact(version.get(name)) for version in (base, theirs, mine))
        if is_now in (was, i_say):
            continue
        if i_say == was:
            values[name] = theirs.get(name)
            taken.append(name)
        else:
            clashing.append(name)
    return Merge(values, tuple(clashing), tuple(taken))


def _changes(path: tuple[str, ...], before: Values, after: Values) -> Iterator[FieldChange]:
    for name in dict.fromkeys((*after, *before)):
        here = (*path, name)
        if name in before and name in after and isinstance(before[name], dict) and isinstance(after[name], dict):
            yield from _changes(here, before[name], after[name])
        elif name not in before:
            yield FieldChange(here, Form.VALUE, (Piece(Fate.CAME, after[name]),))
        elif name not in after:
            yield FieldChange(here, Form.VALUE, (Piece(Fate.WENT, before[name]),))
        elif _exact(before[name]) != _exact(after[name]):
            yield _change(here, before[name], after[name])


def _change(path: tuple[str, ...], old: Any, new: Any) -> FieldChange:
    if isinstance(old, list) and isinstance(new, list) and len(old) + len(new) < MOST_PARTS:
        return FieldChange(path, Form.ENTRIES, tuple(_pieces(old, new)))
    if isinstance(old, str) and isinstance(new, str):
        words, others = _words(old), _words(new)
        if 2 < len(words) + len(others) < MOST_PARTS:
            return FieldChange(path, Form.WORDS, tuple(_runs(_pieces(words, others))))
    return FieldChange(path, Form.VALUE, (Piece(Fate.WENT, old), Piece(Fate.CAME, new)))


def _pieces(old: list[Any], new: list[Any]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, [_exact(one) for one in old], [_exact(one) for one in new], autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            yield from (Piece(Fate.KEPT, one) for one in old[start:end])
        else:
            yield from (Piece(Fate.WENT, one) for one in old[start:end])
            yield from (Piece(Fate.CAME, one) for one in new[first:last])


def _runs(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Words of one fate that follow each other, in one piece."""
    run: list[str] = []
    fate = Fate.KEPT
    for piece in pieces:
        if piece.fate is not fate:
            if run:
                yield Piece(fate, "".join(run))
            run, fate = [], piece.fate
        run.append(piece.value)
    if run:
        yield Piece(fate, "".join(run))


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+|\s+$", text)


def _joined(form: Form, stays: list[Any]) -> Any:
    if form is Form.WORDS:
        return "".join(stays)
    return stays if form is Form.ENTRIES else stays[0]


def _exact(value: Any) -> str:
    """The same text for the same JSON: 1, 1.0 and true are three things."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
