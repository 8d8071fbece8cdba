"""One poll of a feed as it is written and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Poll:
    """The columns of a poll (SAFETY B13): a plain value, because thousands of them are written in a second."""

    feed_id: int
    started_at: datetime
    ended_at: datetime
    outcome: str
    detail: str | None
    requests: int
    bytes: int
    hops: Sequence[Mapping[str, Any]]
    items_new: int
    items_changed: int
    items_dropped: int
    mentions_new: int
    warnings: Sequence[str]
