"""Answers captured from real sites, in ../shared/captured: every one is read, and reads as it did before.

What is committed here are facts only (counts, dates, ids), keyed by the sha256 of the answer. To accept new facts, run
`python -m tests.platforms.test_captured` and review the difference.
"""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from oversight.errors import FeedError
from oversight.platforms import readers
from tests.platforms.captured import CAPTURED, captured_files, read_captured, sha256

FACTS = Path(__file__).parents[1] / "data" / "captured-facts.json"

FILES = captured_files()
XML_FEEDS = [(platform, file) for platform, file in FILES if file.parent.name in ("news_rss", "google_news_rss")]
each_file = pytest.mark.parametrize(("platform", "file"), FILES, ids=[file.name for _, file in FILES])


def facts_of(platform: str, file: Path) -> dict[str, Any]:
    """What may be committed of an answer: no words of it."""
    try:
        reading = read_captured(platform, file)
    except FeedError as error:
        return {"refused": str(error.outcome)}
    first = next(iter([*reading.items, *reading.meetings]), None)
    dates = [item.published for item in reading.items] + [meeting.starts_at for meeting in reading.meetings]
    return {
        "items": len(reading.items),
        "meetings": len(reading.meetings),
        "matters": len(reading.matters),
        "steps": len(reading.steps),
        "documents": len(reading.documents),
        "next": len(reading.next),
        "warnings": len(reading.warnings),
        "dated": sum(date is not None for date in dates),
        "first_date": next((date.isoformat() for date in dates if date), None),
        "first_uid": first.uid if first else None,
    }


def test_the_captured_answers_are_here(shared: Path) -> None:
    assert {platform for platform, _ in FILES} <= set(readers.names())
    assert len(FILES) > 200


@each_file
def test_a_captured_answer_reads_as_before(platform: str, file: Path) -> None:
    known = json.loads(FACTS.read_text("utf-8"))[sha256(file)]
    assert facts_of(platform, file) == {name: value for name, value in known.items() if name != "file"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("platform", "file"), XML_FEEDS, ids=[file.name for _, file in XML_FEEDS])
def test_no_entry_that_feedparser_finds_is_lost(platform: str, file: Path) -> None:
    found = read_captured(platform, file).items
    assert len(found) >= len(feedparser.parse(BytesIO(file.read_bytes())).entries)


if __name__ == "__main__":
    facts = {sha256(file): {"file": file.relative_to(CAPTURED).as_posix()} | facts_of(platform, file)
             for platform, file in FILES}  # fmt: skip
    FACTS.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", "utf-8")
