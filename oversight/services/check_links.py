"""Looks at the addresses of sources that are due: politely, few at a time, and slow to call one dead."""

import logging
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.children import ChildFailed, ChildOutOfMemory, ChildTimeout
from oversight.domain.cleaning import FAILURE_LENGTH, clean_line, clean_link
from oversight.domain.feed import Outcome
from oversight.domain.hosts import site_of
from oversight.domain.link_check import Link, Look, after_look, look_at_answer, look_at_failure, next_look
from oversight.domain.record import LinkState
from oversight.domain.schedule import retry_after
from oversight.errors import FeedError
from oversight.outbound.client import Fetched
from oversight.outbound.exchange import Payload
from oversight.outbound.failure import FetchError
from oversight.services.ask import ClosedForNow, heed_robots
from oversight.services.link_text import link_text_hash
from oversight.services.visit import Collector
from oversight.storage.engine import reading
from oversight.storage.feeds import was_answered_since
from oversight.storage.links import DueLink, claim_links, keep_link, put_off
from oversight.storage.models import SourceRow
from oversight.storage.pauses import pause_host, paused_hosts

log = logging.getLogger(__name__)
THREADS = 4
SHORT = Payload(most_bytes=1_000_000, is_strangers=True)  # what is longer is there as well
OFFLINE_AGAIN, OFFLINE_AFTER = timedelta(hours=1), timedelta(hours=2)
NOT_AN_ADDRESS = Look(state=LinkState.CLOSED, reason="it is no address that can be asked")


@dataclass(frozen=True)
class Looked:
    """One address, what is known of it now, and until when its site wants to be left in peace."""

    due: DueLink
    link: Link
    look: Look
    pause: datetime | None = None


def check_links(collector: Collector, *, most: int) -> list[Looked]:
    """Look at so many addresses that are due, at most; what was found, written. One bad never stops the others.

    Where nobody at all answers, and no feed did lately, our own network is down: nothing is noted, and all of them are
    due again in an hour.
    """
    with collector.sessions.begin() as session:
        due = claim_links(session, now=collector.now(), most=most)
        paused = paused_hosts(session, now=collector.now())
    with ThreadPoolExecutor(THREADS, thread_name_prefix="links") as threads:
        looks = list(threads.map(lambda one: look_at(collector, one, paused), due))
    looked = [one for one in looks if one is not None]
    if looked and is_offline(collector, looked):
        log.warning("no address answered: the network seems to be down, so nothing is said of %s links", len(looked))
        with collector.sessions.begin() as session:
            ids = [one.due.source_id for one in looked]
            put_off(session, SourceRow.id.in_(ids), until=collector.now() + OFFLINE_AGAIN)
        return []
    for one in looked:
        keep(collector, one)
    return looked


def look_at(collector: Collector, due: DueLink, paused: dict[str, datetime]) -> Looked | None:
    """One look; None where the process is to stop, or the site wants to be left in peace: then it is due later."""
    site = site_of(due.url)
    if collector.stop.is_set():
        return None
    if site in paused:
        with collector.sessions.begin() as session:
            put_off(session, SourceRow.id == due.source_id, until=paused[site])
        return None
    found, pause = NOT_AN_ADDRESS, None
    if clean_link(due.url) is not None:
        try:
            heed_robots(collector.robots, collector.web, due.url)
            found = look_of(collector, due, collector.web.fetch(due.url, payload=SHORT))
        except FeedError as error:
            found, pause = refusal(collector, error)
    if pause is not None:
        paused[site] = pause
    return Looked(due, after_look(due.link, found, now=collector.now()), found, pause)


def look_of(collector: Collector, due: DueLink, fetched: Fetched) -> Look:
    """What an answer says; a body that cannot be read has no hash, and the link works all the same."""
    try:
        media_type = fetched.headers.get("content-type", "")
        text_hash = collector.children.run(link_text_hash, fetched.body, media_type, due.url)
    except (ChildTimeout, ChildOutOfMemory, ChildFailed):
        text_hash = None
    return look_at_answer(due.url, fetched.hops, text_hash=text_hash)


def refusal(collector: Collector, error: FeedError) -> tuple[Look, datetime | None]:
    """What a failure says, and until when the site wants to be left in peace, where it says so."""
    reason = clean_line(str(error), FAILURE_LENGTH)
    outcome = Outcome(error.outcome)
    if isinstance(error, ClosedForNow) and error.is_silent:
        return Look(state=LinkState.FAILING, reason=reason, is_silent=True), None
    if not isinstance(error, FetchError):
        return look_at_failure(outcome, None, reason), None
    pause = None
    if outcome is Outcome.RATE_LIMITED:
        pause = collector.now() + retry_after(error.headers.get("retry-after"), now=collector.now())
    return look_at_failure(outcome, error.status, reason), pause


def is_offline(collector: Collector, looked: Sequence[Looked]) -> bool:
    """Whether silence says nothing of the others, because it is our own."""
    if not all(one.look.is_silent for one in looked):
        return False
    with reading(collector.sessions) as session:
        return not was_answered_since(session, collector.now() - OFFLINE_AFTER)


def keep(collector: Collector, one: Looked) -> None:
    """Write what one look found."""
    now = collector.now()
    with collector.sessions.begin() as session:
        due_at = next_look(one.link, now=now, chance=random.random())
        keep_link(session, one.due, one.link, now=now, due_at=due_at)
        if one.pause is not None:
            pause_host(session, site_of(one.due.url), until=one.pause, reason=one.look.reason or "")
