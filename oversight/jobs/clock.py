"""The clock: it only ticks. What is due lives in rows, so stopping and starting it loses nothing."""

import logging
import os
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from oversight.jobs.engine import EmbeddedEngine, Work
from oversight.jobs.tools import Tools
from oversight.jobs.work import (
    check_due_links,
    deliver_alerts,
    look_for_outcomes,
    poll_due_feeds,
    read_wanted_documents,
    reconcile_alerts,
    spread_overdue,
    tell_endpoints,
    tell_of_days,
    tidy,
    watch_feeds,
)
from oversight.services.readiness import notices

log = logging.getLogger(__name__)
GRACE_SECONDS = 6
HEARING_SECONDS = 1


@dataclass(frozen=True)
class Job:
    """One line of the table: what runs, how often."""

    work: Work
    every: timedelta

    @property
    def name(self) -> str:
        """The job's name, in the engine and in the counters."""
        return self.work.__name__


JOBS = (
    Job(poll_due_feeds, every=timedelta(seconds=30)),
    Job(deliver_alerts, every=timedelta(seconds=20)),
    Job(tell_endpoints, every=timedelta(seconds=10)),
    Job(reconcile_alerts, every=timedelta(minutes=5)),
    Job(read_wanted_documents, every=timedelta(minutes=1)),
    Job(check_due_links, every=timedelta(minutes=10)),
    Job(look_for_outcomes, every=timedelta(minutes=30)),
    Job(watch_feeds, every=timedelta(hours=1)),
    Job(tell_of_days, every=timedelta(hours=6)),  # places end their days at different hours
    Job(tidy, every=timedelta(hours=6)),
)


def run_clock(tools: Tools) -> None:
    """Tick until SIGTERM or SIGINT, then let what runs end at its next whole step, and leave after a few seconds."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    for notice in notices(tools.settings):
        log.warning(notice)
    spread_overdue(tools)
    with tools.collector() as collector:
        engine = EmbeddedEngine(tools, collector, {job.name: job.work for job in JOBS})
        # coalesce: after a pause a job runs once; the engine refuses to run one twice at a time, and counts it.
        scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        for job in JOBS:
            scheduler.add_job(
                engine.submit,
                "interval",
                args=[job.name],
                id=job.name,
                seconds=job.every.total_seconds(),
                next_run_time=datetime.now(UTC),
            )
        scheduler.start()
        log.info("the clock ticks")
        # Not for ever: a signal that comes just as a wait begins is heard only when that wait ends.
        while not ended.wait(HEARING_SECONDS):
            pass
        tools.stop.set()
        scheduler.shutdown(wait=False)
        closing = threading.Thread(target=engine.close, daemon=True)
        closing.start()
        closing.join(GRACE_SECONDS)
        if closing.is_alive():
            # A poll has written nothing yet and is due again; a mail in the midst of being handed over stays claimed,
            # and is taken up as uncertain when its lease ends (SAFETY G4).
            log.warning("a job did not end within %s s; it is left and will be due again", GRACE_SECONDS)
            collector.children.close()
            os._exit(0)
