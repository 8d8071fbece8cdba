"""Tests of services/check_links.py: polite looks, few at a time, and nothing that one look alone could say."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from oversight.domain.feed import Outcome
from oversight.outbound.robots import RobotsCache
from oversight.services.check_links import check_links
from oversight.services.record import load_record
from oversight.services.record_kinds import RecordFiles
from oversight.services.visit import Collector
from oversight.storage.engine import Sessions, reading
from oversight.storage.links import LEASE, claim_links
from oversight.storage.models import RevisionRow, SourceRow
from oversight.storage.pauses import paused_hosts
from tests.factories import NOW, add_feed
from tests.fakes import FixedClock, InlineChildren
from tests.services.rude_web import RudeWeb
from tests.web.record import make_source

SITE = "https://acts.example.org"
ACT, BILL, CLOSED = f"{SITE}/act", "https://bills.example.net/bill", f"{SITE}/closed/x"
PAGE = "<html><body><p>Be it ordained.</p></body></html>"


class Desk:
    """Sources, a web that can be rude, and somebody who looks at their addresses."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions, self.web, self.clock = sessions, RudeWeb(), FixedClock(NOW)
        self.web.answer(f"{SITE}/robots.txt", "User-agent: *\nDisallow: /closed/\n")
        self.web.answer("https://bills.example.net/robots.txt", "User-agent: *\nDisallow:\n")
        robots = RobotsCache(self.web.fetch, clock=lambda: self.clock().timestamp())
        self.collector = Collector(sessions, self.web, InlineChildren(), self.clock, robots=robots)  # type: ignore[arg-type]

    def add(self, *urls: str | None) -> None:
        with self.sessions.begin() as session:
            session.add_all(SourceRow(key=f"src-{number}", title="Act", url=url) for number, url in enumerate(urls))

    def look(self, most: int = 20) -> list[str]:
        """The addresses that were looked at."""
        self.web.forget()
        return [one.due.url for one in check_links(self.collector, most=most)]

    def state(self, url: str) -> str | None:
        return self.row(url).link_state

    def row(self, url: str) -> SourceRow:
        with reading(self.sessions) as session:
            return session.scalars(select(SourceRow).where(SourceRow.url == url)).one()


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    """A desk without a source."""
    return Desk(sessions)


def test_a_look_is_noted_and_the_next_is_in_a_month(desk: Desk) -> None:
    desk.add(ACT, None)
    desk.web.answer(ACT, PAGE, headers={"content-type": "text/html"})
    assert (desk.look(), desk.look()) == ([ACT], [])
    row = desk.row(ACT)
    assert (row.link_state, row.link_checked_at, row.link_text_looks) == ("live", NOW, 1)
    desk.clock.advance(days=34)
    desk.web.answer(ACT, PAGE.replace("<p>", "<p class='other'>"), headers={"content-type": "text/html"})
    assert desk.look() == [ACT]
    assert desk.row(ACT).link_text_looks == 2


def test_a_look_wants_a_short_answer_and_none_of_a_private_host(desk: Desk) -> None:
    desk.add(ACT)
    desk.look()
    (payload,) = desk.web.payloads[ACT]
    assert (payload.most_bytes, payload.is_strangers) == (1_000_000, True)


def test_never_more_than_asked_for_and_those_first_that_nobody_looked_at(desk: Desk) -> None:
    desk.add(*(f"{SITE}/{number}" for number in range(5)))
    assert [len(desk.look(most=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_page_that_is_not_there_is_dead_after_days_and_not_before(desk: Desk) -> None:
    desk.add(ACT)
    desk.web.refuse(ACT, 404)
    states = []
    for _ in range(12):
        desk.look()
        states.append(desk.state(ACT))
        desk.clock.advance(days=1)
    assert set(states[:5]) == {"failing"}
    assert states[-1] == "dead"
    assert desk.row(ACT).link_failing_since == NOW


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_site_that_refuses_us_is_not_dead(desk: Desk, status: int) -> None:
    desk.add(ACT)
    desk.web.refuse(ACT, status)
    for _ in range(10):
        desk.look()
        desk.clock.advance(days=40)
    assert desk.state(ACT) == "closed"


def test_a_site_that_asks_us_to_wait_is_left_in_peace_by_everyone(desk: Desk) -> None:
    desk.add(ACT)
    desk.web.refuse(ACT, 429, "3600")
    desk.look()
    with reading(desk.sessions) as session:
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + timedelta(hours=1)}
    with desk.sessions.begin() as session:
        session.add(SourceRow(key="src-later", title="Act", url=f"{SITE}/later"))
    assert desk.look() == []
    assert desk.web.asked == []
    assert desk.row(f"{SITE}/later").link_due_at == NOW + timedelta(hours=1)


def test_what_robots_txt_closes_is_not_asked_for(desk: Desk) -> None:
    desk.add(CLOSED)
    desk.look()
    assert CLOSED not in desk.web.asked
    assert (desk.state(CLOSED), desk.row(CLOSED).link_reason) == ("closed", "robots.txt: robots.txt forbids it")


def test_an_address_that_is_none_is_not_asked_for(desk: Desk) -> None:
    desk.add("javascript:alert(1)", "see the file")
    desk.look()
    assert desk.web.asked == []
    assert desk.state("see the file") == "closed"


def test_silence_says_nothing_where_our_own_network_may_be_down(desk: Desk) -> None:
    desk.add(BILL)
    desk.web.fail(BILL, Outcome.CONNECTION_ERROR)
    assert desk.look() == []
    assert (desk.state(BILL), desk.row(BILL).link_due_at) == (None, NOW + timedelta(hours=1))
    with desk.sessions.begin() as session:
        add_feed(session, last_ok_at=NOW)
    desk.clock.advance(hours=1)
    assert desk.look() == [BILL]
    assert desk.state(BILL) == "failing"


def test_silence_counts_where_somebody_else_answers(desk: Desk) -> None:
    desk.add(ACT, BILL)
    desk.web.answer(ACT, PAGE)
    desk.web.fail(BILL, Outcome.CONNECTION_ERROR)
    desk.look()
    assert (desk.state(ACT), desk.state(BILL)) == ("live", "failing")


def test_another_address_was_not_looked_at(desk: Desk) -> None:
    desk.add(ACT)
    desk.web.refuse(ACT, 404)
    desk.look()
    with desk.sessions.begin() as session:
        moved = RecordFiles(sources=(make_source("src-0", url=BILL),))
        load_record(session, moved, actor="ann@example.org", reason="it moved", now=NOW)
    desk.web.answer(BILL, PAGE)
    desk.look()
    assert (desk.state(BILL), desk.row(BILL).link_failures) == ("live", 0)


def test_two_that_look_at_once_do_not_share_a_source(desk: Desk) -> None:
    desk.add(ACT, BILL)
    with desk.sessions.begin() as session:
        assert len(claim_links(session, now=NOW, most=1)) == 1
    with desk.sessions.begin() as session:
        assert len(claim_links(session, now=NOW, most=5)) == 1
    with desk.sessions.begin() as session:
        assert claim_links(session, now=NOW, most=5) == []
        assert len(claim_links(session, now=NOW + LEASE, most=5)) == 2


def test_a_look_is_no_change_of_the_record(desk: Desk) -> None:
    desk.add(ACT)
    desk.look()
    with reading(desk.sessions) as session:
        assert session.scalars(select(RevisionRow)).all() == []
