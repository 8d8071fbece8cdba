"""python -m bench.fanout [URL of an empty database]: one mention told to 20,000 of 100,000 subscriptions.

Without an address it is a SQLite file of its own. Half of those who are told share one query, half have each their own.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from oversight.domain.query_parser import parse
from oversight.domain.topic import is_settled_by_topic, topics_of
from oversight.services.tell import tell_mention
from oversight.storage.engine import open_engine, open_sessions
from oversight.storage.models import (
    AlertRow,
    FeedRow,
    ItemRow,
    MentionRow,
    MentionTechnologyRow,
    QueryRow,
    QueryTopicRow,
    SubscriberRow,
    SubscriptionRow,
)
from oversight.storage.schema import upgrade

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PEOPLE, TOLD = 100_000, 20_000
PLACE = "ocd-division/country:us/state:wa/place:seattle"
WORDS = 5_000


def main() -> None:
    """Print how long the event and its alerts took."""
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'fanout.sqlite3'}"
        engine = open_engine(url)
        upgrade(engine)
        sessions = open_sessions(engine)
        with sessions.begin() as session:
            fill(session)
        wall, cpu = time.perf_counter(), time.process_time()
        with sessions.begin() as session:
            tell_mention(session, 1, at=NOW)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        with sessions() as session:
            rows = session.scalar(select(func.count()).select_from(AlertRow))
        engine.dispose()
    Console().print(
        f"{engine.dialect.name}: {rows} of {PEOPLE} subscriptions told, "
        f"{wall:.2f} s wall, {cpu:.2f} s CPU of the process"
    )


def queries() -> Iterator[str]:
    """What people follow: the first 20,000 fit the mention, and every second of them is like no other."""
    for number in range(PEOPLE):
        if number >= TOLD:
            yield f"place:elsewhere-{number % 5_000}" if number % 2 else f"tech:drones -word{number}"
        else:
            yield "tech:alpr" if number % 2 else f'place:{PLACE} word{number % WORDS} -"not there {number}"'


def fill(session: Session) -> None:
    """A mention with a text of 5,000 words, and the subscriptions."""
    at = {"first_seen_at": NOW}
    feed: Mapping[str, Any] = {"key": "f", "platform": "rss", "url": "https://f.example", "title": "F"}
    session.execute(insert(FeedRow), [{**feed, "id": 1, "every_minutes": 60, "is_enabled": True, "next_due_at": NOW}])
    item = {"id": 1, "feed_id": 1, "identity": "i", "uid": "i", "kind": "news", "title": "T", "excerpt": "E"}
    session.execute(insert(ItemRow), [item | at | {"content_hash": "h"}])
    lists: dict[str, Any] = {name: [] for name in ("vendors", "products", "agencies", "badges", "evidence")}
    mention = {"id": 1, "item_id": 1, "state": "confirmed", "score": 0.9, "detector": "d", "title": "Plate readers"}
    mention |= {"text": " ".join(f"word{number}" for number in range(WORDS)), "first_matched_at": NOW}
    session.execute(insert(MentionRow), [mention | lists | {"places": [{"name": "Seattle, WA", "ocd_id": PLACE}]}])
    session.execute(insert(MentionTechnologyRow), [{"mention_id": 1, "technology": "alpr"}])
    ids = {text: number for number, text in enumerate(dict.fromkeys(queries()), 1)}
    session.execute(insert(QueryRow), [query_row(number, text) for text, number in ids.items()])
    topics = [(topic, number) for text, number in ids.items() for topic in topics_of(parse(text)) or ()]
    session.execute(insert(QueryTopicRow), [{"name": t.name, "key": t.key, "query_id": number} for t, number in topics])
    people = [{"id": number, "email": f"{number}@example.org", "created_at": NOW} for number in range(PEOPLE)]
    session.execute(insert(SubscriberRow), people)
    wish = {"state": "active", "created_at": NOW}
    rows = [
        wish | {"subscriber_id": number, "query_id": ids[text], "unsubscribe_token": str(number)}
        for number, text in enumerate(queries())
    ]
    session.execute(insert(SubscriptionRow), rows)


def query_row(number: int, text: str) -> dict[str, Any]:
    """A stored query."""
    return {"id": number, "text": text, "is_settled_by_topic": is_settled_by_topic(parse(text))}


if __name__ == "__main__":
    main()
