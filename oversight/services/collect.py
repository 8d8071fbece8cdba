"""Fetch, read, match, drop what we know, save: one poll of each feed that is due."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from oversight.domain.cleaning import clean_line
from oversight.domain.feed import Outcome
from oversight.domain.schedule import is_late, next_due
from oversight.errors import ConfigurationError
from oversight.platforms import reader_of
from oversight.services.visit import Collector, Visit, ask, begin
from oversight.storage.engine import reading
from oversight.storage.feeds import due_feeds, enabled_feeds, save_answers, touch_answers
from oversight.storage.items import Saved, save_reading
from oversight.storage.models import FeedRow, PollRow

THREADS = 16
WRITES = 3
TRY_AGAIN = ("40001", "40P01")  # PostgreSQL: could not serialise, deadlock (SAFETY I1)
DETAIL_LENGTH = 500


@dataclass
class Summary:
    """What one pass did (`contracts/poll`)."""

    feeds: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    saved: Saved = field(default_factory=Saved)
    requests: int = 0
    bytes: int = 0

    def add(self, poll: PollRow) -> None:
        """Count one poll."""
        self.feeds += 1
        self.outcomes[poll.outcome] += 1
        self.saved += Saved(poll.items_new, poll.items_changed, poll.mentions_new)
        self.requests += poll.requests
        self.bytes += poll.bytes


def collect(
    collector: Collector,
    *,
    keys: Sequence[str] = (),
    everything: bool = False,
    among: Collection[str] | None = None,
    on_poll: Callable[[PollRow], None] | None = None,
) -> Summary:
    """Poll what is due, or every enabled feed, or the feeds of these keys; one bad feed never stops the others.

    `among` leaves out feeds of other keys. `on_poll` is called in this thread after each poll. An unexpected error is
    raised after all feeds had their turn.
    """
    rows = feeds_to_poll(collector, keys=keys, everything=everything, among=among)
    missing = set(keys) - {row.key for row in rows}
    if missing:
        raise ConfigurationError(f"no such feed: {', '.join(sorted(missing))}; `flask feeds list` shows them")
    summary = Summary()
    broken: list[BaseException] = []
    with ThreadPoolExecutor(THREADS, thread_name_prefix="poll") as threads:
        for done in as_completed(spread(threads, collector, rows)):
            error = done.exception()
            if error is not None:
                broken.append(error)
            elif (result := done.result()) is not None:
                summary.add(result)
                if on_poll:
                    on_poll(result)
    if broken:
        raise broken[0]
    return summary


def feeds_to_poll(
    collector: Collector, *, keys: Sequence[str] = (), everything: bool = False, among: Collection[str] | None = None
) -> list[FeedRow]:
    """The feeds that `collect` would poll now."""
    with reading(collector.sessions) as session:
        rows = enabled_feeds(session, keys) if keys or everything else due_feeds(session, now=collector.now())
    return [row for row in rows if among is None or row.key in among]


def spread(threads: ThreadPoolExecutor, collector: Collector, rows: Sequence[FeedRow]) -> list[Future[PollRow | None]]:
    """A poll for each feed. The feeds of one host wait for each other, and so hold no worker that others could use."""
    hosts: defaultdict[str, list[tuple[FeedRow, Future[PollRow | None]]]] = defaultdict(list)
    waiting = [(row, Future[PollRow | None]()) for row in rows]
    for place, (row, future) in enumerate(waiting):
        turn = place % collector.host_connections
        hosts[f"{urlsplit(row.url).hostname} {turn}"].append((row, future))
    for chain in hosts.values():
        threads.submit(in_turn, collector, chain)
    return [future for _, future in waiting]


def in_turn(collector: Collector, chain: Sequence[tuple[FeedRow, Future[PollRow | None]]]) -> None:
    """Poll one feed after the other, and tell each one's end."""
    for row, future in chain:
        try:
            future.set_result(poll(collector, row))
        except Exception as error:  # noqa: BLE001 - told to whoever waits, who raises it when all feeds had their turn
            future.set_exception(error)


def poll(collector: Collector, row: FeedRow) -> PollRow | None:
    """Poll one feed: read what we know, ask without a transaction, write once.

    None where the process is to stop: then nothing is written and the feed stays due.
    """
    visit = begin(collector, row)
    while visit.may_go_on:
        if collector.stop.is_set():
            return None
        ask(collector, visit, visit.waiting.pop(0))
    for attempt in range(1, WRITES + 1):
        try:
            with collector.sessions.begin() as session:
                return save(session, collector, visit, session.get_one(FeedRow, row.id))
        except OperationalError as error:
            if attempt == WRITES or getattr(error.orig, "sqlstate", None) not in TRY_AGAIN:
                raise
    return None


def save(session: Session, collector: Collector, visit: Visit, feed: FeedRow) -> PollRow:
    """Write all that one poll found, and the poll itself."""
    result = finish(collector, visit, feed)
    saved = Saved()
    for examined in visit.examined:
        saved += save_reading(session, feed, examined.clean.reading, examined.detections, now=visit.started_at)
    result.items_new, result.items_changed = saved.items_new, saved.items_changed
    result.mentions_new = saved.mentions_new
    if saved.items_new:
        feed.last_item_at = visit.started_at
    # Pages whose follow-up questions were not all answered are read again next time, and so is an answer that is empty
    # where there was something before; the others are known.
    is_whole = not visit.failures and not visit.waiting
    if result.outcome != Outcome.EMPTY_BODY:
        save_answers(session, visit.answers + (visit.parents if is_whole else []))
    touch_answers(session, feed.id, visit.unchanged, now=visit.started_at)
    session.add(result)
    return result


def finish(collector: Collector, visit: Visit, row: FeedRow) -> PollRow:
    """Decide the poll's one outcome, and write it on the feed with the next due time."""
    outcome, detail = outcome_of(visit, had_items=row.last_item_at is not None)
    for answer in (*visit.answers, *visit.parents):
        answer.feed_id = row.id
    now = visit.started_at
    row.late_polls += is_late(due_at=row.next_due_at, now=now)
    row.last_polled_at = now
    row.last_outcome, row.last_detail = outcome.value, detail
    row.failures = 0 if outcome.is_healthy else row.failures + 1
    if outcome.is_healthy and not visit.waiting:  # its reader asks only for what is newer than this
        row.last_ok_at = now
    row.next_due_at = next_due(now=now, every_minutes=row.every_minutes, chance=random.random())
    warnings = [warning for examined in visit.examined for warning in examined.clean.reading.warnings]
    if visit.waiting:
        warnings.append(f"{len(visit.waiting)} questions are left for the next poll")
    return PollRow(
        feed_id=row.id,
        started_at=now,
        ended_at=max(now, collector.now()),
        outcome=outcome.value,
        detail=detail,
        requests=visit.requests,
        bytes=visit.bytes,
        hops=visit.hops,
        items_new=0,
        items_changed=0,
        items_dropped=sum(examined.clean.dropped for examined in visit.examined),
        mentions_new=0,
        warnings=list(dict.fromkeys(warnings))[:20],
    )


def outcome_of(visit: Visit, *, had_items: bool) -> tuple[Outcome, str | None]:
    """The first failure decides; an answer with nothing in it, where there was something before, is a failure too."""
    if visit.failures:
        outcome, message = visit.failures[0]
        return Outcome(outcome), clean_line(message, DETAIL_LENGTH)
    if not visit.examined:
        return Outcome.NOT_MODIFIED, None
    is_empty = not any(examined.clean.reading.items or examined.clean.reading.meetings for examined in visit.examined)
    if is_empty and had_items and not reader_of(visit.feed.platform).may_be_empty:
        return Outcome.EMPTY_BODY, "the feed used to have items, and this answer has none"
    return Outcome.OK, None
