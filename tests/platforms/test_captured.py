"""Answers captured from real sites, in ../shared/captured: every one is read, and reads as it did before.

What is committed here are facts only (counts, dates, ids), keyed by the sha256 of the answer. To accept new facts, run
`python -m tests.platforms.test_captured` and review the difference.
"""

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from oversight.domain.cleaning import clean_reading
from oversight.domain.reading import Reading
from oversight.errors import FeedError
from oversight.platforms import reader_of
from tests.factories import NOW, make_answer, make_council, make_feed

CAPTURED = Path(__file__).parents[3] / "shared" / "captured"
FACTS = Path(__file__).parents[1] / "data" / "captured.json"
KINDS = {"legistar_webapi": "legistar", "news_rss": "rss", "json_feed": "rss", "google_news_rss": "rss"}
FEEDPARSER_READS = {"news_rss", "google_news_rss"}


def captured() -> list[tuple[str, Path]]:
    """Kind and file of every captured answer that one of our platforms speaks; none where ../shared is not here."""
    if not (CAPTURED / "INDEX.json").is_file():
        return []
    index = json.loads((CAPTURED / "INDEX.json").read_text("utf-8"))
    return [(entry["kind"], CAPTURED / entry["file"]) for entry in index if entry["kind"] in KINDS]


FILES = captured()
XML_FEEDS = [(kind, file) for kind, file in FILES if kind in FEEDPARSER_READS]
each_file = pytest.mark.parametrize(("kind", "file"), FILES, ids=[file.name for _, file in FILES])


def read(kind: str, file: Path) -> Reading:
    platform = KINDS[kind]
    feed = make_council() if platform == "legistar" else make_feed()
    return reader_of(platform).read(feed, make_answer(file.read_bytes()))


def facts_of(kind: str, file: Path) -> dict[str, Any]:
    """What may be committed of an answer: no words of it."""
    try:
        reading = clean_reading(read(kind, file), now=NOW).reading
    except FeedError as error:
        return {"refused": str(error.outcome)}
    first = next(iter([*reading.items, *reading.meetings]), None)
    dates = [item.published for item in reading.items] + [meeting.starts_at for meeting in reading.meetings]
    return {
        "items": len(reading.items),
        "meetings": len(reading.meetings),
        "matters": len(reading.matters),
        "next": len(reading.next),
        "dated": sum(date is not None for date in dates),
        "first_date": dates[0].isoformat() if dates and dates[0] else None,
        "first_uid": first.uid if first else None,
    }


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_the_captured_answers_are_here(shared: Path) -> None:
    assert {kind for kind, _ in FILES} == set(KINDS)


@each_file
def test_a_captured_answer_reads_as_before(kind: str, file: Path) -> None:
    assert facts_of(kind, file) == json.loads(FACTS.read_text("utf-8"))[sha256(file)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "file"), XML_FEEDS, ids=[file.name for _, file in XML_FEEDS])
def test_no_entry_that_feedparser_finds_is_lost(kind: str, file: Path) -> None:
    assert len(read(kind, file).items) >= len(feedparser.parse(BytesIO(file.read_bytes())).entries)


if __name__ == "__main__":
    facts = {sha256(file): facts_of(kind, file) for kind, file in FILES}
    FACTS.write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n", "utf-8")
