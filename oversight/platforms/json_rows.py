"""JSON answers as readers of platforms need them: a field of the wrong type is a missing field, never an error."""

import json
import re
from datetime import date, datetime, time
from typing import Any

from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Outcome
from oversight.domain.local_time import NO_DATE_BEFORE, day_in, hour_in
from oversight.errors import FeedError

Row = dict[str, Any]

CHALLENGE = re.compile(
    r"just a moment|cf-chl|challenge-platform|attention required|access denied|incapsula|are you (a )?human", re.I
)
COMPLAINTS = ("Message", "message", "error", "errors", "ExceptionMessage", "title")


def document_of(answer: Answer) -> str:
    """The text of an answer; raises FeedError where there is none, or only a page that keeps robots out."""
    said = decode_document(answer.body, answer.headers.get("content-type", "")).strip()
    if not said:
        raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
    if said.startswith("<") and len(said) < 100_000 and CHALLENGE.search(said):
        raise FeedError(Outcome.HTTP_ERROR, "the server answered with a page that keeps robots out")
    return said


def is_json(document: str) -> bool:
    """Whether a text means to be JSON."""
    return document.startswith(("{", "["))


def parse_json(document: str) -> Any:
    """The value that the text stands for; raises FeedError where it is cut off, or nested beyond reason."""
    try:
        return json.loads(document, strict=False)
    except (ValueError, RecursionError) as error:
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is not JSON: {error}"[:300]) from error


def refused(parsed: object, wanted: str) -> FeedError:
    """The error for JSON of another kind, with the platform's own complaint where it makes one."""
    said = next((text(parsed, name) for name in COMPLAINTS if text(parsed, name)), None)
    said = said or (text(parsed.get("error"), "message") if isinstance(parsed, dict) else None)
    reason = f"the platform complains: {said[:200]}" if said else f"the answer is JSON, but no {wanted}"
    return FeedError(Outcome.NOT_A_FEED, reason)


def rows(value: object) -> list[Row]:
    """The objects in a list; nothing where it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(row: object, *names: str) -> str | None:
    """The first of the fields that says something, without what no text may hold."""
    for name in names:
        value = row.get(name) if isinstance(row, dict) else None
        if isinstance(value, str) and value.strip():
            return value.encode("utf-8", "replace").decode("utf-8").strip()
    return None


def number(row: object, name: str) -> int | None:
    """A whole number that is more than nothing: platforms write 0 and -1 for what is not there."""
    value = row.get(name) if isinstance(row, dict) else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value.strip()):
        value = int(value)
    return value if type(value) is int and 0 < value < 10**18 else None


def wall_clock(written: str | None) -> tuple[date | None, time | None]:
    """Day and hour as the clock on the council's wall shows them, whatever zone is claimed; midnight is no hour."""
    if written is None:
        return None, None
    try:
        moment = datetime.fromisoformat(written.replace("/", "-"))
    except ValueError:
        return day_in(written), hour_in(written)
    if moment.year < NO_DATE_BEFORE:
        return None, None
    hour = moment.time().replace(microsecond=0)
    return moment.date(), hour if hour != time() else None
