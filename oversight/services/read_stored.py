"""Reads answers that were kept in files, as a poll would read them, without a network or a database."""

from dataclasses import dataclass
from datetime import datetime

from oversight.domain.cleaning import clean_line, clean_reading
from oversight.domain.feed import Answer, Feed, Outcome
from oversight.domain.reading import Reading
from oversight.errors import FeedError
from oversight.platforms import reader_of

COLUMNS = ("meetings", "items", "matters", "steps", "documents", "next", "warnings")


@dataclass(frozen=True)
class Row:
    """One answer's line in a table: how much it holds, or the outcome and the reason why it was refused."""

    file: str
    platform: str
    outcome: Outcome
    counts: tuple[int, ...]
    reason: str | None = None


def read_stored(feed: Feed, answer: Answer, *, now: datetime) -> Reading:
    """What the feed's reader makes of an answer; the error names the outcome that a poll would have had."""
    reader = reader_of(feed.platform)
    try:
        found = reader.read(feed, answer)
    except FeedError as error:
        raise FeedError(error.outcome, f"{feed.title}: {error.outcome}: {error}") from error
    except Exception as error:  # a parser may raise anything (SAFETY C2)
        outcome, cause = Outcome.PARSE_ERROR, type(error).__name__
        raise FeedError(outcome, f"{feed.title}: {outcome}: {cause}: {error}") from error
    return clean_reading(found, now=now).reading


def row_of(feed: Feed, answer: Answer, *, now: datetime) -> Row:
    """The answer's line in a table; never an error."""
    try:
        reading = read_stored(feed, answer, now=now)
    except FeedError as error:
        reason = clean_line(str(error).removeprefix(f"{feed.title}: {error.outcome}: "), 200)
        return Row(feed.title, feed.platform, Outcome(error.outcome), (0,) * len(COLUMNS), reason)
    counts = tuple(len(getattr(reading, name)) for name in COLUMNS)
    return Row(feed.title, feed.platform, Outcome.OK, counts)


def table_of(rows: list[Row]) -> list[str]:
    """The lines of a table, with a sum at its end."""
    width = max([len(row.file) for row in rows] + [4])
    names = max([len(row.platform) for row in rows] + [8])
    head = f"{'file':<{width}}  {'platform':<{names}}" + "".join(f" {name:>9}" for name in COLUMNS) + "  outcome"
    lines = [_line(row, width, names) for row in rows]
    sums = [sum(row.counts[place] for row in rows) for place in range(len(COLUMNS))]
    read = sum(row.outcome is Outcome.OK for row in rows)
    total = f"{'':<{width}}  {'':<{names}}" + "".join(f" {count:>9}" for count in sums)
    return [head, *lines, f"{total}  {read} of {len(rows)} files read, {len(rows) - read} refused"]


def _line(row: Row, width: int, names: int) -> str:
    counts = "".join(f" {count:>9}" for count in row.counts)
    told = row.outcome.value if row.reason is None else f"{row.outcome.value}: {row.reason}"
    return f"{row.file:<{width}}  {row.platform:<{names}}{counts}  {told}"
