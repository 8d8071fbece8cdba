"""What the last revision of a thing says that was taken out of the record: its key, and why. Its history stays."""

from collections.abc import Mapping
from typing import Any

WITHDRAWN = "withdrawn"


def withdrawal(key: str, reason: str) -> dict[str, Any]:
    """What is left of a thing."""
    return {"key": key, WITHDRAWN: reason}


def is_withdrawn(said: Mapping[str, Any] | None) -> bool:
    """Whether a revision says that the thing was taken out; no kind of entry has a field of that name."""
    return said is not None and WITHDRAWN in said
