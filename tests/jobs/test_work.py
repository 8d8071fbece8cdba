"""Tests of jobs/work.py and of the table in jobs/clock.py: what each job does, and what is due after downtime."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from oversight.domain.schedule import SPREAD
from oversight.jobs.clock import JOBS, Job
from oversight.jobs.tools import Tools
from oversight.jobs.work import deliver_alerts, poll_due_feeds, spread_overdue, tidy
from oversight.services.collect import Collector
from oversight.storage.engine import reading
from oversight.storage.models import CorrectionRow, FeedRow, PollRow
from tests.factories import ALPR_TITLE, NEWS_URL, NOW, add_alert, add_correction, add_feed, rss
from tests.fakes import FakeWeb

LONG_AGO = NOW - timedelta(hours=9)


def at(tools: Tools, moment: datetime) -> None:
    """Set the clock of the tools."""
    tools.settings = replace(tools.settings, test_now=moment)


def feeds(tools: Tools) -> list[FeedRow]:
    with reading(tools.sessions) as session:
        return list(session.scalars(select(FeedRow).order_by(FeedRow.id)))


def polls(tools: Tools) -> list[PollRow]:
    with reading(tools.sessions) as session:
        return list(session.scalars(select(PollRow).order_by(PollRow.id)))


def web_of(collector: Collector) -> FakeWeb:
    web = collector.web
    assert isinstance(web, FakeWeb)
    return web


# The table


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_every_job_of_the_table_runs_on_an_empty_database(tools: Tools, collector: Collector, job: Job) -> None:
    assert job.name == job.work.__name__ != "<lambda>"
    assert job.every > timedelta(0)
    job.work(tools, collector)


def test_no_two_jobs_have_a_name(tools: Tools) -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)


def test_the_table_polls_and_delivers_often_enough() -> None:
    every = {job.work: job.every for job in JOBS}
    assert every[poll_due_feeds] <= timedelta(minutes=1)
    assert every[deliver_alerts] <= timedelta(minutes=1)


# Polling


def test_what_is_due_is_polled_and_what_is_not_is_left(tools: Tools, collector: Collector) -> None:
    with tools.sessions.begin() as session:
        due = add_feed(session).id
        add_feed(session, next_due_at=NOW + timedelta(minutes=1))
    poll_due_feeds(tools, collector)
    assert [poll.feed_id for poll in polls(tools)] == [due]


def test_a_poll_that_is_to_stop_writes_nothing_and_the_feed_stays_due(tools: Tools, collector: Collector) -> None:
    with tools.sessions.begin() as session:
        add_feed(session)
    tools.stop.set()
    poll_due_feeds(tools, collector)
    assert (polls(tools), web_of(collector).asked) == ([], [])
    assert feeds(tools)[0].next_due_at <= NOW


def test_alerts_that_are_due_go_out_once(tools: Tools, collector: Collector) -> None:
    with tools.sessions.begin() as session:
        add_alert(session)
    deliver_alerts(tools, collector)
    deliver_alerts(tools, collector)
    assert len(list((tools.settings.instance / "outbox").glob("*.eml"))) == 1


def test_polls_are_forgotten_after_thirty_days(tools: Tools, collector: Collector) -> None:
    with tools.sessions.begin() as session:
        add_feed(session)
    web_of(collector).answer(NEWS_URL, rss(("1", ALPR_TITLE)))
    poll_due_feeds(tools, collector)
    at(tools, NOW + timedelta(days=29))
    tidy(tools, collector)
    assert len(polls(tools)) == 1
    at(tools, NOW + timedelta(days=31))
    tidy(tools, collector)
    assert polls(tools) == []


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (timedelta(hours=23), {"text", "source_url", "email", "sender", "network"}),
        (timedelta(days=1), {"text", "source_url", "email"}),
        (timedelta(days=30), {"email"}),
        (timedelta(days=90), set()),
    ],
)
def test_what_names_who_reported_an_error_is_forgotten(
    tools: Tools, collector: Collector, age: timedelta, kept: set[str]
) -> None:
    with tools.sessions.begin() as session:
        told = {"text": "Buy", "source_url": "https://example.org/", "sender": "1", "network": "2"}
        add_correction(session, **told, state="spam", decided_at=NOW)
        add_correction(session, email="reader@example.org")
    at(tools, NOW + age)
    tidy(tools, collector)
    with reading(tools.sessions) as session:
        spam, waiting = session.scalars(select(CorrectionRow).order_by(CorrectionRow.id))
    values = {name: getattr(spam, name) for name in told} | {"email": waiting.email}
    assert {name for name, value in values.items() if value} == kept
    assert waiting.text


# After downtime (SAFETY A3)


def test_overdue_feeds_are_spread_over_ten_minutes_and_counted_late(tools: Tools) -> None:
    with tools.sessions.begin() as session:
        for _ in range(200):
            add_feed(session, next_due_at=LONG_AGO)
    spread_overdue(tools)
    due = sorted(feed.next_due_at for feed in feeds(tools))
    assert NOW <= due[0] <= due[-1] <= NOW + SPREAD
    assert due[0] < NOW + SPREAD / 4
    assert due[-1] > NOW + SPREAD * 3 / 4
    assert {feed.late_polls for feed in feeds(tools)} == {1}


@pytest.mark.parametrize(
    "changes",
    [{"next_due_at": NOW - SPREAD}, {"next_due_at": NOW + SPREAD}, {"next_due_at": LONG_AGO, "is_enabled": False}],
    ids=["hardly late", "not due", "disabled"],
)
def test_a_feed_that_is_not_overdue_is_left_alone(tools: Tools, changes: dict[str, object]) -> None:
    with tools.sessions.begin() as session:
        add_feed(session, **changes)
    spread_overdue(tools)
    (feed,) = feeds(tools)
    assert (feed.next_due_at, feed.late_polls) == (changes["next_due_at"], 0)


def test_starting_twice_counts_a_feed_late_once(tools: Tools) -> None:
    with tools.sessions.begin() as session:
        add_feed(session, next_due_at=LONG_AGO)
    spread_overdue(tools)
    due = feeds(tools)[0].next_due_at
    spread_overdue(tools)
    assert (feeds(tools)[0].next_due_at, feeds(tools)[0].late_polls) == (due, 1)


def test_after_downtime_each_feed_is_polled_once(tools: Tools, collector: Collector) -> None:
    with tools.sessions.begin() as session:
        for _ in range(12):
            add_feed(session, next_due_at=LONG_AGO)
    for feed in feeds(tools):
        collector.web.answer(feed.url, rss(("1", "A story")))  # type: ignore[attr-defined]
    spread_overdue(tools)
    for minutes in range(13):
        at(tools, NOW + timedelta(minutes=minutes))
        poll_due_feeds(tools, collector)
    assert sorted(poll.feed_id for poll in polls(tools)) == [feed.id for feed in feeds(tools)]
    assert {feed.late_polls for feed in feeds(tools)} == {1}
    assert len({poll.started_at for poll in polls(tools)}) > 1
