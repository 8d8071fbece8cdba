"""What each job does; they know neither the clock nor the engine that runs them."""

import logging
import random

from oversight.domain.schedule import SPREAD, after_downtime
from oversight.jobs.tools import Tools
from oversight.services.check_links import check_links
from oversight.services.collect import collect
from oversight.services.deliver import deliver
from oversight.services.erase import forget_old_traces
from oversight.services.notify import notify
from oversight.services.read_documents import read_documents
from oversight.services.reconcile import reconcile
from oversight.services.tell_days import tell_days
from oversight.services.visit import Collector
from oversight.services.watch import watch_all
from oversight.storage.answers import drop_unasked
from oversight.storage.corrections import forget_senders
from oversight.storage.engine import cut_log
from oversight.storage.feeds import drop_old_polls, overdue_feeds
from oversight.storage.operator_events import drop_settled
from oversight.storage.outcome_looks import feeds_with_looks
from oversight.storage.pauses import drop_ended
from oversight.storage.signatures import drop_old_signatures

log = logging.getLogger(__name__)


def poll_due_feeds(tools: Tools, collector: Collector) -> None:
    """Poll whatever is due."""
    summary = collect(collector, is_lasting=True)
    if summary.feeds:
        log.info(
            "polled %s feeds: %s new items, %s new mentions",
            summary.feeds,
            summary.saved.items_new,
            summary.saved.mentions_new,
        )


def deliver_alerts(tools: Tools, collector: Collector) -> None:
    """Send the mailed links, alerts and digests that are due."""
    results = deliver(tools.courier())
    if results:
        log.info("delivered: %s", dict(results))


def tell_endpoints(tools: Tools, collector: Collector) -> None:
    """Tell webhooks and chat rooms what waits for them; nobody waits for them here."""
    notify(tools.herald())


def reconcile_alerts(tools: Tools, collector: Collector) -> None:
    """Mend what a crash or a fault left undone in the ledger."""
    mended = reconcile(tools.sessions, now=tools.settings.now())
    if mended.left or mended.missing:
        log.warning("ledger mended: %s left by dead senders, %s missing", mended.left, mended.missing)


def tidy(tools: Tools, collector: Collector) -> None:
    """Forget what is kept for a limited time only."""
    now = tools.settings.now()
    with tools.sessions.begin() as session:
        drop_old_polls(session, now=now)
        drop_unasked(session, now=now)
        drop_ended(session, now=now)
        drop_settled(session, now=now)
        drop_old_signatures(session, now=now)
        forget_senders(session, now=now)
        forget_old_traces(session, now=now)
    cut_log(tools.engine)


def watch_feeds(tools: Tools, collector: Collector) -> None:
    """Notice the feeds that fell silent, which no poll tells."""
    with tools.sessions.begin() as session:
        opened = watch_all(session, now=tools.settings.now())
    if opened:
        log.warning("%s feeds want an operator's attention; see the page of feeds", opened)


def tell_of_days(tools: Tools, collector: Collector) -> None:
    """Tell of duties that fall due or pass their day, and of rules whose own end has come."""
    with tools.sessions.begin() as session:
        told = tell_days(session, now=tools.settings.now())
    if told:
        log.info("%s events of duties and sunsets", told)


def look_for_outcomes(tools: Tools, collector: Collector) -> None:
    """Make due the feeds that have a meeting whose decisions should be looked for now."""
    now = tools.settings.now()
    with tools.sessions.begin() as session:
        for feed in feeds_with_looks(session, now=now):
            feed.next_due_at = min(feed.next_due_at, now)


def read_wanted_documents(tools: Tools, collector: Collector) -> None:
    """Fetch and read the documents behind items that may concern us."""
    count = read_documents(tools.librarian(collector))
    if count:
        log.info("read %s documents", count)


def check_due_links(tools: Tools, collector: Collector) -> None:
    """Look at a few addresses of sources that are due; none where the settings say so."""
    looked = check_links(collector, most=tools.settings.links_per_tick) if tools.settings.links_per_tick else []
    if looked:
        log.info("looked at the addresses of %s sources", len(looked))


def spread_overdue(tools: Tools) -> None:
    """After downtime, poll each overdue feed once within ten minutes instead of all at once (SAFETY A3)."""
    now = tools.settings.now()
    with tools.sessions.begin() as session:
        for feed in overdue_feeds(session, before=now - SPREAD):
            feed.next_due_at = after_downtime(now=now, chance=random.random())
            feed.late_polls += 1
