"""Prints the table of every captured answer in ../shared/captured: `python -m tests.platforms.captured_table`.

The code is that of `flask feeds read FOLDER`; which platform reads which file stands in captured.py. Beneath the table
stand the files that no reader of ours reads, by their kind.
"""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from oversight.domain.feed import Answer
from oversight.services.read_stored import Row, row_of, table_of
from tests.factories import NOW
from tests.platforms.captured import CAPTURED, address_of, captured_files, feed_for


def captured_row(platform: str, file: Path) -> Row:
    """The line of one captured answer."""
    feed = replace(feed_for(platform, file), title=file.relative_to(CAPTURED).as_posix())
    return row_of(feed, Answer(address_of(file), {}, file.read_bytes()), now=NOW)


def captured_table() -> list[str]:
    """A line for every captured answer that a reader of ours reads, and how many files of which kind are left."""
    files = captured_files()
    read = {file.relative_to(CAPTURED).as_posix() for _, file in files}
    rows = json.loads((CAPTURED / "INDEX.json").read_text("utf-8")) if files else []
    left = Counter(row["kind"] for row in rows if row["file"] not in read)
    told = [f"no answers of a feed, or of no reader of ours: {count} {kind}" for kind, count in sorted(left.items())]
    return [*table_of([captured_row(platform, file) for platform, file in files]), *told]


if __name__ == "__main__":
    print("\n".join(captured_table()))
