"""Fetch, read, match, drop what we know, save: one poll of each feed that is due."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.domain.cleaning import clean_line
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.schedule import is_late, next_due
from oversight.errors import ConfigurationError, FeedError
from oversight.outbound.client import Fetched
from oversight.platforms import reader_of
from oversight.services.examine import Examined, Refused, examine
from oversight.storage.engine import Sessions, reading
from oversight.storage.feeds import answers_of, due_feeds, enabled_feeds, save_answers, touch_answers
from oversight.storage.items import Saved, save_reading
from oversight.storage.models import AnswerRow, FeedRow, PollRow

REQUESTS_PER_POLL = 60
FAILURES_PER_POLL = 3
FULL_FETCH_DAYS = 7
THREADS = 16
DETAIL_LENGTH = 500


class Web(Protocol):
    """The guarded client, or a test's stand-in for it."""

    def fetch(self, url: str, *, accept: str, etag: str | None, last_modified: str | None) -> Fetched:
        """One answer; raises FeedError."""
        ...


@dataclass(frozen=True)
class Collector:
    """What a poll needs besides the feed: the database, the web, the children that read, the time, and when to stop."""

    sessions: Sessions
    web: Web
    children: ChildPool
    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)


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


@dataclass
class Visit:
    """One feed's poll while it runs: what was asked, what came back, what is still to ask."""

    feed: Feed
    waiting: list[Request]
    known: dict[str, AnswerRow]
    started_at: datetime
    examined: list[Examined] = field(default_factory=list)
    answers: list[AnswerRow] = field(default_factory=list)
    parents: list[AnswerRow] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    hops: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    bytes: int = 0


def collect(
    collector: Collector,
    *,
    keys: Sequence[str] = (),
    everything: bool = False,
    on_poll: Callable[[PollRow], None] | None = None,
) -> Summary:
    """Poll what is due, or every enabled feed, or the feeds of these keys; one bad feed never stops the others.

    `on_poll` is called in this thread after each poll. An unexpected error is raised after all feeds had their turn.
    """
    with reading(collector.sessions) as session:
        rows = enabled_feeds(session, keys) if keys or everything else due_feeds(session, now=collector.now())
    missing = set(keys) - {row.key for row in rows}
    if missing:
        raise ConfigurationError(f"no such feed: {', '.join(sorted(missing))}; `flask feeds list` shows them")
    summary = Summary()
    broken: list[BaseException] = []
    with ThreadPoolExecutor(THREADS, thread_name_prefix="poll") as threads:
        for done in as_completed([threads.submit(poll, collector, row) for row in rows]):
            error = done.exception()
            if error is not None:
                broken.append(error)
                continue
            result = done.result()
            if result is not None:
                summary.add(result)
                if on_poll:
                    on_poll(result)
    if broken:
        raise broken[0]
    return summary


def poll(collector: Collector, row: FeedRow) -> PollRow | None:
    """Poll one feed: read what we know, ask without a transaction, write once.

    None where the process is to stop: then nothing is written and the feed stays due.
    """
    visit = begin(collector, row)
    while visit.waiting and visit.requests < REQUESTS_PER_POLL and len(visit.failures) < FAILURES_PER_POLL:
        if collector.stop.is_set():
            return None
        ask(collector, visit, visit.waiting.pop(0))
    with collector.sessions.begin() as session:
        return save(session, collector, visit, session.get_one(FeedRow, row.id))


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


def begin(collector: Collector, row: FeedRow) -> Visit:
    """What the feed's reader wants to ask, and what we know of earlier answers."""
    now = collector.now()
    feed = Feed(
        row.key, row.platform, row.url, row.title, row.jurisdiction, row.timezone, row.every_minutes, row.is_enabled
    )
    with reading(collector.sessions) as session:
        known = answers_of(session, row.id)
    state = FeedState(now=now, last_ok_at=row.last_ok_at)
    return Visit(feed=feed, waiting=reader_of(row.platform).start(feed, state), known=known, started_at=now)


def ask(collector: Collector, visit: Visit, request: Request) -> None:
    """Ask one question and note what came of it; a question that was answered before is not asked."""
    known = visit.known.get(request.url)
    if known is not None and request.revision is not None and known.revision == request.revision:
        return
    is_stale = known is not None and (visit.started_at - known.full_at).days >= FULL_FETCH_DAYS
    validators = known if known is not None and not is_stale else None
    visit.requests += 1
    try:
        fetched = collector.web.fetch(
            request.url,
            accept=request.accept,
            etag=validators.etag if validators else None,
            last_modified=validators.last_modified if validators else None,
        )
    except FeedError as error:
        visit.failures.append((error.outcome, str(error)))
        visit.bytes += getattr(error, "wire_bytes", 0)
        visit.hops += [{"url": url, "status": status} for url, status in getattr(error, "hops", ())]
        return
    visit.hops += [{"url": url, "status": status} for url, status in fetched.hops]
    visit.bytes += fetched.wire_bytes
    if fetched.is_not_modified and (known is None or known.revision == request.revision):
        visit.unchanged.append(request.url)
    elif known is not None and (fetched.is_not_modified or known.body_hash == digest(fetched.body)):
        visit.answers.append(answer_row(visit, request, fetched, known))
    else:
        read(collector, visit, request, fetched)


def answer_row(visit: Visit, request: Request, fetched: Fetched, known: AnswerRow | None = None) -> AnswerRow:
    """What to keep of an answer; `known` is the same body's earlier row, where there is one."""
    return AnswerRow(
        url=request.url,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=known.body_hash if known else digest(fetched.body),
        revision=request.revision,
        answered_at=visit.started_at,
        full_at=known.full_at if known and fetched.is_not_modified else visit.started_at,
    )


def read(collector: Collector, visit: Visit, request: Request, fetched: Fetched) -> None:
    """Have a child read one answer; keep its validators only if it could be read (SAFETY B9)."""
    answer = Answer(fetched.url, fetched.headers, fetched.body)
    try:
        result = collector.children.run(examine, visit.feed, answer, visit.started_at)
    except ChildTimeout as error:
        result = Refused(Outcome.PARSE_TIMEOUT, str(error))
    except ChildOutOfMemory as error:
        result = Refused(Outcome.PARSE_OOM, str(error))
    except ChildFailed as error:
        result = Refused(Outcome.PARSE_ERROR, str(error))
    if isinstance(result, Refused):
        visit.failures.append((result.outcome, result.message))
        return
    row = answer_row(visit, request, fetched)
    visit.examined.append(result)
    following = result.clean.reading.next
    (visit.parents if following else visit.answers).append(row)
    visit.waiting.extend(following)


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
