"""What each job does; they know neither the clock nor the engine that runs them."""

import logging
import random

from oversight.domain.schedule import SPREAD, after_downtime
from oversight.jobs.tools import Tools
from oversight.services.collect import collect
from oversight.services.deliver import deliver
from oversight.services.visit import Collector
from oversight.storage.feeds import drop_old, overdue_feeds

log = logging.getLogger(__name__)


def poll_due_feeds(tools: Tools, collector: Collector) -> None:
    """Poll whatever is due."""
    summary = collect(collector)
    if summary.feeds:
        log.info(
            "polled %s feeds: %s new items, %s new mentions",
            summary.feeds,
            summary.saved.items_new,
            summary.saved.mentions_new,
        )


def deliver_alerts(tools: Tools, collector: Collector) -> None:
    """Send confirmations and alerts that are due."""
    results = deliver(tools.courier())
    if results:
        log.info("delivered: %s", dict(results))


def tidy(tools: Tools, collector: Collector) -> None:
    """Forget what is kept for a limited time only."""
    with tools.sessions.begin() as session:
        drop_old(session, now=tools.settings.now())


def spread_overdue(tools: Tools) -> None:
    """After downtime, poll each overdue feed once within ten minutes instead of all at once (SAFETY A3)."""
    now = tools.settings.now()
    with tools.sessions.begin() as session:
        for feed in overdue_feeds(session, before=now - SPREAD):
            feed.next_due_at = after_downtime(now=now, chance=random.random())
            feed.late_polls += 1
