"""One feed's poll while it runs: ask a question, read the answer in a child, note what is to be kept."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.errors import FeedError
from oversight.outbound.client import Fetched
from oversight.platforms import reader_of
from oversight.services.examine import Examined, Refused, examine
from oversight.storage.engine import Sessions, reading
from oversight.storage.feeds import answers_of
from oversight.storage.models import AnswerRow, FeedRow

REQUESTS_PER_POLL = 60
TROUBLES_PER_POLL = 3
# Failures that speak of the host: one page that is missing must not keep the others from being read, these may.
TROUBLE = {Outcome.TIMEOUT, Outcome.CONNECTION_ERROR, Outcome.TLS_ERROR, Outcome.RATE_LIMITED}
FULL_FETCH_DAYS = 7


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
    host_connections: int = 1


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

    @property
    def may_go_on(self) -> bool:
        """Whether there is a question left, within what one poll may ask of a host that answers."""
        troubles = sum(outcome in TROUBLE for outcome, _ in self.failures)
        return bool(self.waiting) and self.requests < REQUESTS_PER_POLL and troubles < TROUBLES_PER_POLL


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
