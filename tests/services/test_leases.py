"""Tests of feeds' leases in a pass: each feed is asked once, a dead process's at once, and nothing late is kept."""

import os
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from oversight.domain.lease import LEASE, Lease
from oversight.errors import ConfigurationError
from oversight.services.collect import collect
from oversight.services.process import is_dead, new_lease, this_process
from oversight.services.visit import Collector
from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.leases import Wanted, claim
from oversight.storage.models import FeedRow, ItemRow, PollRow
from tests.factories import ALPR_TITLE, NEWS_URL, NOW, PLAIN_TITLE, add_feed, rss
from tests.fakes import FakeWeb, FixedClock, InlineChildren, run_in_process
from tests.services.poller import FIRST, Poller

HERE = this_process().split(" ")[0]
ELSEWHERE = Lease("another-host 17 100", "theirs")


@pytest.fixture
def news(sessions: Sessions) -> Poller:
    """A news feed with two stories."""
    with sessions.begin() as session:
        add_feed(session, key="news")
    poller = Poller(sessions)
    poller.web.answer(NEWS_URL, FIRST)
    return poller


def lease_to(sessions: Sessions, lease: Lease) -> None:
    with sessions.begin() as session:
        claim(session, Wanted(everything=True), lease, is_dead=lambda _: False, now=NOW)


def leases(sessions: Sessions) -> set[str | None]:
    with reading(sessions) as session:
        return set(session.scalars(select(FeedRow.lease_token)))


# Which process is gone


def test_this_process_lives() -> None:
    assert not is_dead(this_process())


def test_a_process_that_ended_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert is_dead(f"{HERE} {child.pid} 1")


def test_a_process_that_ended_and_was_not_missed_yet_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays as a zombie
    assert is_dead(f"{HERE} {child.pid} 1")
    child.wait()


def test_another_process_under_the_same_number_is_not_the_one_that_died() -> None:
    host, pid, _ = this_process().split(" ")
    assert is_dead(f"{host} {pid} 1")


@pytest.mark.parametrize("owner", [ELSEWHERE.owner, f"{HERE} x 1", "a b c d e"])
def test_of_what_cannot_be_told_nobody_says_that_it_is_dead(owner: str) -> None:
    assert not is_dead(owner)


def test_every_pass_has_a_token_of_its_own() -> None:
    assert new_lease().owner == new_lease().owner
    assert new_lease().token != new_lease().token


# One at a time


def test_what_another_process_polls_is_not_asked_and_counted_as_leased(news: Poller) -> None:
    lease_to(news.sessions, ELSEWHERE)
    assert collect(news.collector).outcomes == {"leased": 1}
    assert (news.web.asked, news.polls(), leases(news.sessions)) == ([], [], {"theirs"})


def test_a_named_feed_that_another_process_polls_is_there_all_the_same(news: Poller) -> None:
    lease_to(news.sessions, ELSEWHERE)
    assert collect(news.collector, Wanted(keys=["news"])).outcomes == {"leased": 1}


def test_when_the_lease_has_run_out_the_feed_is_polled(news: Poller) -> None:
    lease_to(news.sessions, ELSEWHERE)
    news.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert collect(news.collector).outcomes == {"ok": 1}


def claim_and_end(url: str) -> None:
    """What a process does that is killed in mid-poll."""
    lease_to(open_sessions(open_engine(url)), new_lease())


def test_the_feeds_of_a_process_that_died_are_polled_at_once(news: Poller) -> None:
    url = news.sessions.kw["bind"].url.render_as_string(hide_password=False)
    assert run_in_process(claim_and_end, url) == 0
    assert None not in leases(news.sessions)
    assert collect(news.collector).outcomes == {"ok": 1}


def test_after_a_pass_nothing_is_leased(news: Poller) -> None:
    news.poll()
    assert leases(news.sessions) == {None}


def test_after_a_pass_that_failed_nothing_is_leased(news: Poller) -> None:
    with news.sessions.begin() as session:
        add_feed(session, platform="nonsense")
    with pytest.raises(ConfigurationError):
        news.poll()
    assert leases(news.sessions) == {None}


def test_after_a_pass_that_was_to_stop_nothing_is_leased_and_the_feed_is_due(news: Poller) -> None:
    collector = news.collector
    collector.stop.set()
    collect(collector)
    assert (leases(news.sessions), news.feed().next_due_at) == ({None}, NOW)


def test_clocks_that_tick_together_ask_each_feed_once_a_slot(sessions: Sessions) -> None:
    web, clock = FakeWeb(), FixedClock(NOW)
    urls = [f"https://site-{number}.example.org/feed" for number in range(40)]
    with sessions.begin() as session:
        for url in urls:
            add_feed(session, url=url)
            web.answer(url, rss((url, PLAIN_TITLE)))
    collector = Collector(sessions, web, InlineChildren(), clock)  # type: ignore[arg-type]
    for slot in range(1, 4):
        tick_together(collector, clocks=4)
        assert Counter(web.asked) == dict.fromkeys(urls, slot)
        clock.advance(hours=2)
    with reading(sessions) as session:
        assert len(session.scalars(select(PollRow.id)).all()) == len(urls) * 3


def tick_together(collector: Collector, *, clocks: int) -> None:
    """What as many processes do at the same moment."""
    together = threading.Barrier(clocks)

    def tick() -> None:
        together.wait()
        collect(replace(collector))

    threads = [threading.Thread(target=tick) for _ in range(clocks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# Late writes


class OvertakenWeb(FakeWeb):
    """A web in which every answer comes after somebody else has taken the feed over."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__()
        self._sessions = sessions

    def fetch(self, *given, **named):
        with self._sessions.begin() as session:
            session.execute(update(FeedRow).values(lease_owner=ELSEWHERE.owner, lease_token=ELSEWHERE.token))
        return super().fetch(*given, **named)


def test_what_comes_after_the_feed_was_taken_over_is_dropped(news: Poller, caplog: pytest.LogCaptureFixture) -> None:
    news.web = OvertakenWeb(news.sessions)
    news.web.answer(NEWS_URL, FIRST)
    assert collect(news.collector).feeds == 0
    assert (news.counts(), news.polls(), news.feed().next_due_at) == ((0, 0), [], NOW)
    assert leases(news.sessions) == {"theirs"}
    assert "1 polls were overtaken by another process and are dropped" in caplog.messages


def test_a_failure_that_comes_too_late_is_dropped_like_any_other_answer(news: Poller) -> None:
    news.web = OvertakenWeb(news.sessions)
    news.web.fail(NEWS_URL)
    collect(news.collector)
    assert (news.polls(), news.feed().failures) == ([], 0)


class SuspendedWeb(FakeWeb):
    """A web whose answers wait until they are let go, as for a process that was suspended."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.may_answer = threading.Event(), threading.Event()

    def fetch(self, *given, **named):
        self.is_asked.set()
        assert self.may_answer.wait(60)
        return super().fetch(*given, **named)


def test_a_process_suspended_for_longer_than_its_lease_writes_nothing(news: Poller) -> None:
    suspended = SuspendedWeb()
    suspended.answer(NEWS_URL, rss(("1", ALPR_TITLE), ("2", "What was true then")))
    first = replace(news.collector, web=suspended)
    running = threading.Thread(target=collect, args=(first,))
    running.start()
    assert suspended.is_asked.wait(60)

    news.clock.advance(minutes=11)
    assert collect(news.collector).outcomes == {"ok": 1}
    suspended.may_answer.set()
    running.join()

    assert [poll.started_at for poll in news.polls()] == [NOW + timedelta(minutes=11)]
    with reading(news.sessions) as session:
        assert sorted(session.scalars(select(ItemRow.title))) == sorted([ALPR_TITLE, PLAIN_TITLE])
    assert leases(news.sessions) == {None}
