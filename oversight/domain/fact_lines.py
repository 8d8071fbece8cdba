"""Named facts as lines of text that a person can edit, and back: `database_size: 300000`."""

import json
from collections.abc import Iterable
from typing import Any

Pair = tuple[str, Any]


def lines_of(pairs: Iterable[Pair]) -> str:
    """A line for each fact; a text is quoted only where it would be read as something else."""
    return "\n".join(f"{name}: {_written(value)}" for name, value in pairs)


def pairs_of(text: str) -> list[Pair]:
    """The facts in these lines; raises ValueError that names the line which is none."""
    pairs = []
    for number, line in enumerate(text.split("\n"), start=1):
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or not name.strip() or not value.strip():
            raise ValueError(f"line {number} is no fact: write it as name: value")
        pairs.append((name.strip(), _read(value.strip())))
    return pairs


def _written(value: Any) -> str:
    if isinstance(value, str) and value and value == _read(value) and value == value.strip() and "\n" not in value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _read(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=str)
    except (ValueError, RecursionError):
        return text
