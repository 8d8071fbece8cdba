"""Long lists piece by piece, so that nobody holds all of it at once, and no statement names too much."""

from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")
BATCH = 500


def in_batches(all_of_them: Sequence[One], size: int = BATCH) -> list[Sequence[One]]:
    """Ids, keys or lines, some hundred at a time."""
    return [all_of_them[start : start + size] for start in range(0, len(all_of_them), size)]
