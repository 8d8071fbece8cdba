"""Values in the JSON of an API: words that may be numbers, moments with an offset, names that must be unique."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oversight.domain.feed import Answer, Outcome
from oversight.domain.fingerprint import digest
from oversight.errors import FeedError
from oversight.platforms.json_rows import Row, document_of, parse_json, text


def answered(answer: Answer) -> Any:
    """The JSON of an answer; raises FeedError where it is empty, a page, or no JSON."""
    document = document_of(answer)
    if document.startswith("<"):
        raise FeedError(Outcome.NOT_A_FEED, "the answer is a page, not JSON")
    parsed = parse_json(document)
    # Some services wrap the whole answer in a JSON string once more.
    return parse_json(parsed) if isinstance(parsed, str) and parsed[:1] in ("{", "[") else parsed


def said(row: Row, *names: str) -> str | None:
    """The first of the fields that says something; a whole number counts, as ids are often numbers."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value) if abs(value) < 10**18 else None
        words = text(row, name)
        if words:
            return words
    return None


def revision_of(row: Row) -> str:
    """What changes when anything in the row does."""
    try:
        return digest(json.dumps(row, sort_keys=True))
    except RecursionError:
        return digest(" ".join(sorted(row)))


def row_in(row: Row, name: str) -> Row:
    """A field that holds a row; an empty one where it holds none."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def paragraphs(parts: Iterable[str | None], *, without: str = "") -> str | None:
    """The parts that say something, each once, below each other; not those that only say `without` again."""
    return "\n\n".join(dict.fromkeys(part for part in parts if part and part != without)) or None


def once_each(names: Iterable[str]) -> list[str]:
    """The names in their order; one that was there before gets its count as an ending."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(f"{name}-{seen[name]}" if seen[name] > 1 else name)
    return unique


def moment_in(text: str | None) -> datetime | None:
    """The moment that an ISO 8601 text with an offset names; None for what is not one."""
    try:
        moment = datetime.fromisoformat(text or "")
        return moment.astimezone(UTC) if moment.tzinfo and moment.year > 1900 else None
    except (ValueError, OverflowError):
        return None


def in_local_time(moment: datetime | None, timezone: str | None) -> datetime | None:
    """The same moment on the clocks of a time zone; None where either is not known."""
    if moment is None or timezone is None:
        return None
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError, OverflowError):
        return None
