"""One feed's poll while it runs: what it needs, what was asked, what came back, what is still to ask."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from oversight.children import ChildPool
from oversight.domain.feed import Feed, FeedState, Outcome, Request
from oversight.domain.local_time import local_hour_of
from oversight.outbound.client import Fetched
from oversight.outbound.exchange import NOTHING, Payload
from oversight.outbound.robots import RobotsCache
from oversight.platforms import reader_of
from oversight.services.examine import Examined
from oversight.services.feed_keys import keys_of
from oversight.storage.answers import Known
from oversight.storage.engine import Sessions
from oversight.storage.models import FeedRow

REQUESTS_PER_POLL = 60
TROUBLES_PER_POLL = 3
BYTES_PER_POLL = 20_000_000  # of decoded answers: all of them are held until the poll is written
# Failures that speak of the host: one page that is missing must not keep the others from being read, these may.
TROUBLE = {Outcome.TIMEOUT, Outcome.CONNECTION_ERROR, Outcome.TLS_ERROR, Outcome.RATE_LIMITED}
NIGHT_HOURS = range(5)
REREAD_HOURS = 20


class Web(Protocol):
    """The guarded client, or a test's stand-in for it."""

    def fetch(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
        payload: Payload = NOTHING,
    ) -> Fetched:
        """One answer; raises FetchError."""
        ...

    def slow_down(self, url: str, seconds: float) -> None:
        """From now on leave at least so many seconds between requests to the URL's site."""
        ...


@dataclass(frozen=True)
class Collector:
    """What a poll needs besides the feed: the database, the web, the children that read, the time, and when to stop.

    `keys` fill the `{NAME}` placeholders of feeds' addresses; `is_polite` is False where benchmarks ask one host
    for everything, and a host's wish to be left in peace then holds for the feed alone.
    """

    sessions: Sessions
    web: Web
    children: ChildPool
    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    host_connections: int = 1
    is_polite: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)
    robots: RobotsCache | None = None
    asks_robots_for_feeds: bool = False


@dataclass
class Visit:
    """One feed's poll while it runs: what was asked, what came back, what is still to ask.

    `row` is the feed as it was claimed. `main` counts the questions that the reader began with: their failure is the
    poll's, while a page behind them may be missing. `unchanged` are the known answers that still hold, `sought` the
    meetings whose outcome it looks for.
    """

    row: FeedRow
    feed: Feed
    waiting: list[Request]
    known: Mapping[str, Known]
    started_at: datetime
    is_reread: bool
    main: set[str]
    keys: Mapping[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    read_bytes: int = 0
    examined: list[Examined] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    parents: list[dict[str, Any]] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)
    sought: set[str] = field(default_factory=set)
    failures: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    hops: list[dict[str, Any]] = field(default_factory=list)
    troubles: int = 0
    requests: int = 0
    bytes: int = 0
    status: int | None = None
    moved_to: str | None = None
    led_to: str | None = None
    pause: datetime | None = None

    @property
    def may_go_on(self) -> bool:
        """Whether there is a question left, within what one poll may ask of a host that answers."""
        is_left = bool(self.waiting) and self.requests < REQUESTS_PER_POLL and self.read_bytes < BYTES_PER_POLL
        return is_left and self.troubles < TROUBLES_PER_POLL and self.pause is None

    @property
    def item_count(self) -> int:
        """How many items were read, known ones too."""
        return sum(len(examined.clean.reading.items) for examined in self.examined)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was to be asked was answered."""
        return not self.failures and not self.missing and not self.waiting


def begin(collector: Collector, row: FeedRow, known: Mapping[str, Known], extra: list[Request]) -> Visit:
    """What the feed's reader wants to ask, and what we know of earlier answers.

    `extra` are questions of ours, for meetings whose outcome is looked for.
    """
    now = collector.now()
    feed = Feed(
        row.key, row.platform, row.address, row.title, row.jurisdiction, row.timezone, row.every_minutes, row.is_enabled
    )
    questions = reader_of(row.platform).start(feed, FeedState(now=now, last_ok_at=row.last_ok_at))
    return Visit(
        row=row,
        feed=feed,
        waiting=[*questions, *extra],
        known=known,
        started_at=now,
        is_reread=is_time_to_reread(row, now),
        main={question.key for question in questions},
        keys=keys_of(row.url, questions, collector.keys),
        sought={question.meeting_uid for question in extra if question.meeting_uid},
    )


def begin_empty(collector: Collector, row: FeedRow) -> Visit:
    """A poll that asks nothing: to write down that it could not be made."""
    feed = Feed(row.key, row.platform, row.address, row.title, row.jurisdiction, row.timezone, row.every_minutes, True)
    return Visit(row, feed, waiting=[], known={}, started_at=collector.now(), is_reread=False, main=set())


def is_time_to_reread(row: FeedRow, now: datetime) -> bool:
    """Once a night, by the clock of the feed's own place, everything in its window is asked for again."""
    if row.timezone is None or row.last_ok_at is None:
        return False
    is_rested = row.reread_at is None or (now - row.reread_at).total_seconds() > REREAD_HOURS * 3600
    return is_rested and local_hour_of(now, row.timezone) in NIGHT_HOURS
