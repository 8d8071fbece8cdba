"""A table as JSON: one object a row, under the names of its columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Any

from oversight.domain.table_cell import MOST_ROWS


def json_lines(about: Mapping[str, Any], names: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The text of one object: what is said about the table, then its `rows`, one a line; at most 100,000."""
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    between = "\n"
    for row in islice(rows, MOST_ROWS):
        yield between + json.dumps(dict(zip(names, map(data, row), strict=True)), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def data(value: Any) -> Any:
    """A value as JSON has it: the stored word for an enum, ISO 8601 for days and moments, lists as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [data(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(data(one) for one in value)
    return value
