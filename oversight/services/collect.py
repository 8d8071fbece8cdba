"""Claim, fetch, read, match, drop what we know, save: one pass over the feeds that are due."""

import logging
import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError

from oversight.domain.feed import Outcome, Request
from oversight.domain.hosts import site_of
from oversight.domain.lease import Lease
from oversight.domain.poll import Poll
from oversight.errors import ConfigurationError
from oversight.services.ask import ask
from oversight.services.process import is_dead, new_lease
from oversight.services.save import Written, save_all
from oversight.services.summary import Summary
from oversight.services.turns import MOST_THREADS, Turns
from oversight.services.visit import Collector, Visit, begin, begin_empty
from oversight.storage.answers import Known, answers_of
from oversight.storage.leases import Claim, Wanted, claim, postpone, pull_in, release, renew
from oversight.storage.models import FeedRow
from oversight.storage.outcome_looks import due_looks
from oversight.storage.pauses import paused_hosts

log = logging.getLogger(__name__)
BATCH = 100  # polls a transaction, and so many items: others wait for it (SAFETY I1)
ITEMS_A_WRITE = 1_000
RENEW_SECONDS = 60
CLAIM_SECONDS = 15
LASTING_SECONDS = 600
GATHER_SECONDS, NAP_SECONDS = 0.25, 0.02


@dataclass(frozen=True)
class Ended:
    """One feed's turn as it ended: a poll to write, none (the process is to stop), or an unexpected error."""

    row: FeedRow
    visit: Visit | None
    error: Exception | None = None


def collect(
    collector: Collector,
    wanted: Wanted | None = None,
    *,
    on_poll: Callable[[Poll], None] | None = None,
    is_lasting: bool = False,
) -> Summary:
    """Poll the wanted feeds (what is due, unless told otherwise); one bad feed never stops the others.

    `on_poll` is called in this thread after each poll is written. A lasting pass also takes what becomes due while it
    runs. An unexpected error is raised after all feeds had their turn.
    """
    wanted = wanted or Wanted()
    with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="poll") as threads:
        return Pass(collector, wanted, threads, on_poll or (lambda _: None)).run(is_lasting=is_lasting)


class Pass:
    """One pass while it runs."""

    def __init__(
        self, collector: Collector, wanted: Wanted, threads: ThreadPoolExecutor, on_poll: Callable[[Poll], None]
    ) -> None:
        self._collector, self._wanted, self._on_poll = collector, wanted, on_poll
        self._lease: Lease = new_lease()
        self._ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        self._turns = Turns(threads, self._poll)
        self._known: dict[int, dict[str, Known]] = {}
        self._looks: dict[int, list[Request]] = {}
        self._running = 0
        self._summary = Summary()
        self._broken: list[Exception] = []
        self._pauses: dict[str, datetime] = {}

    def run(self, *, is_lasting: bool) -> Summary:
        """Claim, and write what ends, until nothing is left."""
        self._take()
        try:
            self._go_on(time.monotonic() + (LASTING_SECONDS if is_lasting else 0))
        finally:
            # Also where the database failed in between: what was not polled must not wait for the lease's end.
            with self._collector.sessions.begin() as session:
                release(session, self._lease)
        if self._broken:
            raise self._broken[0]
        return self._summary

    def _go_on(self, claims_until: float) -> None:
        renewed = claimed = time.monotonic()
        while self._running:
            self._write(self._next_ended())
            now = time.monotonic()
            if now - renewed > RENEW_SECONDS:
                renewed = now
                with self._collector.sessions.begin() as session:
                    renew(session, self._lease, now=self._collector.now())
            if now < claims_until and now - claimed > CLAIM_SECONDS and not self._collector.stop.is_set():
                claimed = now
                self._take()

    def _take(self) -> None:
        """Claim what is wanted, put off what lies at a paused host, and start the rest."""
        now = self._collector.now()
        with self._collector.sessions.begin() as session:
            pull_in(session, now=now)
            self._pauses |= paused_hosts(session, now=now)
            taken = claim(session, self._wanted, self._lease, is_dead=is_dead, now=now)
            require_all(self._wanted, taken)
            resting = {row.id: until for row in taken.rows if (until := self._pause(row))}
            postpone(session, self._lease, resting)
            ids = [row.id for row in taken.rows if row.id not in resting]
            self._looks |= due_looks(session, ids, now=now)
            self._known |= answers_of(session, ids)
        self._summary.skip("leased", len(taken.leased))
        self._summary.skip("not_due", len(resting))
        self._start([row for row in taken.rows if row.id not in resting])

    def _site(self, row: FeedRow) -> str:
        """What a host's wish for peace holds for: its site, or this feed alone where politeness is switched off."""
        return site_of(row.address) if self._collector.is_polite else f"feed {row.key}"

    def _pause(self, row: FeedRow) -> datetime | None:
        """Until when the feed's host is left in peace, if that is not over: a lasting pass outlives pauses."""
        until = self._pauses.get(self._site(row))
        return until if until is not None and until > self._collector.now() else None

    def _start(self, rows: Sequence[FeedRow]) -> None:
        """Append the feeds to the chains of their sites: as many for each as it may have connections."""
        self._running += len(rows)
        places = self._collector.host_connections
        self._turns.append((f"{site_of(row.address)} {place % places}", row) for place, row in enumerate(rows))

    def _poll(self, row: FeedRow) -> None:
        """Poll one feed, and tell how it ended; called in a thread."""
        try:
            self._ended.put(Ended(row, self._visit(row)))
        except Exception as error:  # noqa: BLE001 - told to the pass, which writes it down and raises it at its end
            self._ended.put(Ended(row, None, error))

    def _visit(self, row: FeedRow) -> Visit | None:
        """Poll one feed up to the writing; None where the process is to stop or the host is to be left in peace."""
        if self._collector.stop.is_set() or self._pause(row):
            return None
        visit = begin(self._collector, row, self._known.get(row.id, {}), self._looks.get(row.id, []))
        while visit.may_go_on:
            if self._collector.stop.is_set():
                return None
            ask(self._collector, visit, visit.waiting.pop(0))
        if visit.pause is not None:
            self._pauses[self._site(row)] = visit.pause
        return visit

    def _next_ended(self) -> list[Ended]:
        """What has ended: a batch, or what there is after a moment. Few large writes cost far less than many small."""
        ended: list[Ended] = []
        items = 0
        until = time.monotonic() + GATHER_SECONDS
        while len(ended) < min(BATCH, self._running) and items < ITEMS_A_WRITE:
            try:
                ended.append(self._ended.get(block=not ended, timeout=NAP_SECONDS))
                items += ended[-1].visit.item_count if ended[-1].visit else 0
            except queue.Empty:
                if time.monotonic() > until:
                    break
                time.sleep(NAP_SECONDS)  # woken for every single one, this thread would be in the others' way
                self._turns.hurry(self._ended.qsize())
        return ended

    def _write(self, ended: list[Ended]) -> None:
        self._running -= len(ended)
        for one in ended:
            if one.error is not None:
                self._broken.append(one.error)
                log.critical("the poll of %s failed", one.row.key, exc_info=one.error)
        visits = [one.visit or failed(self._collector, one) for one in ended if one.visit or one.error]
        resting = {one.row.id: self._pauses[self._site(one.row)] for one in ended
                   if not (one.visit or one.error) and self._site(one.row) in self._pauses}  # fmt: skip
        if resting:
            self._summary.skip("not_due", len(resting))
            with self._collector.sessions.begin() as session:
                postpone(session, self._lease, resting)
        if visits:
            self._note(self._saved(visits))

    def _saved(self, visits: list[Visit]) -> list[Written]:
        """Write them together; where that fails unexpectedly, each alone, so that one cannot take the others along."""
        try:
            return save_all(self._collector, self._lease, visits, self._site)
        except OperationalError as error:
            # The database's failure and not these feeds': nothing is written, and they stay due.
            log.critical("the database did not take %s polls: %s", len(visits), error.orig)
            self._broken.append(error)
            return []
        except Exception as error:
            log.critical("writing %s polls failed", len(visits), exc_info=True)
            if len(visits) > 1:
                return [written for visit in visits for written in self._saved([visit])]
            self._broken.append(error)
            emptied = failed(self._collector, Ended(visits[0].row, None, error))
            return save_all(self._collector, self._lease, [emptied], self._site)

    def _note(self, written: list[Written]) -> None:
        for one in written:
            self._summary.add(one.poll)
            self._on_poll(one.poll)


def require_all(wanted: Wanted, taken: Claim) -> None:
    """Raise ConfigurationError where a feed was named that is not there."""
    missing = set(wanted.keys) - {row.key for row in taken.rows} - set(taken.leased)
    if missing:
        raise ConfigurationError(f"no such feed: {', '.join(sorted(missing))}; `flask feeds list` shows them")


def failed(collector: Collector, ended: Ended) -> Visit:
    """A poll of which nothing is kept but that it failed, for a reason nobody expected."""
    visit = begin_empty(collector, ended.row)
    visit.failures.append((Outcome.PARSE_ERROR, f"unexpected: {type(ended.error).__name__}: {ended.error}"))
    return visit
