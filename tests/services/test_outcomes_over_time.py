"""Tests of how outcomes are looked for after meetings, and of the three things that may be known of one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from oversight.domain.feed import Outcome
from oversight.domain.mention import MentionState
from oversight.domain.outcome_look import LOOKS, Finding, finding
from oversight.jobs.tools import Tools
from oversight.jobs.work import look_for_outcomes
from oversight.platforms import reader_of
from oversight.services.collect import collect
from oversight.settings import Settings
from oversight.storage.models import FeedRow, ItemRow, MeetingRow, MentionRow
from tests.factories import ALPR_TITLE, PLAIN_TITLE
from tests.services.townhall import Townhall, entry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEETING = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
CAMERAS, LIBRARY = entry(1, ALPR_TITLE), entry(2, PLAIN_TITLE)
PASSED = {"EventItemPassedFlagName": "Pass", "EventItemActionName": "Approved"}


class Watcher:
    """Runs the job that looks for outcomes, and then polls what it made due."""

    def __init__(self, townhall: Townhall, settings: Settings) -> None:
        self.townhall, self.settings = townhall, settings

    def look(self, moment: datetime) -> list[int]:
        """Whose agendas are asked for if the feed is due only because of the job."""
        poller = self.townhall.poller
        poller.clock.moment = moment
        with poller.sessions.begin() as session:
            session.execute(update(FeedRow).values(next_due_at=moment + DAY))
        settings = replace(self.settings, test_now=moment)
        look_for_outcomes(Tools(settings, poller.sessions.kw["bind"], poller.sessions), poller.collector)
        poller.web.forget()
        collect(poller.collector)
        return self.townhall.asked

    def days(self, last: int = 70) -> list[int]:
        """How many days after the meeting the agenda is asked for."""
        morning = MEETING.replace(hour=15)  # seven o'clock in Seattle
        return [day for day in range(last + 1) if self.look(morning + day * DAY)]

    @property
    def known(self) -> Finding:
        """What is known of the outcome of the first item."""
        item = self.townhall.item(1)
        records = reader_of("legistar").records_outcomes
        return finding(outcome=item.outcome, looked_at=item.outcome_looked_at, records_outcomes=records)


@pytest.fixture
def watcher(townhall: Townhall, settings: Settings) -> Watcher:
    """A council that has cameras on its agenda, which was polled before the meeting."""
    townhall.meet(1, "2026-12-01", CAMERAS, LIBRARY)
    townhall.poll()
    return Watcher(townhall, settings)


# The three things that may be known


def test_before_the_meeting_an_outcome_was_not_searched_however_often_the_agenda_is_read(watcher: Watcher) -> None:
    watcher.townhall.agenda(1, CAMERAS, LIBRARY, entry(3, "Parks"))
    watcher.townhall.poll()
    assert (watcher.townhall.asked, watcher.known) == ([1], Finding.NOT_SEARCHED)


def test_during_the_meeting_an_outcome_was_not_searched(watcher: Watcher) -> None:
    watcher.townhall.poll(MEETING - HOUR)
    assert (watcher.townhall.asked, watcher.known) == ([1], Finding.NOT_SEARCHED)


def test_after_a_look_without_one_it_is_not_recorded(watcher: Watcher) -> None:
    look = MEETING + 18 * HOUR
    assert watcher.look(look) == [1]
    assert (watcher.known, watcher.townhall.item(1).outcome_looked_at) == (Finding.NOT_RECORDED, look)


def test_an_outcome_that_appears_is_recorded(watcher: Watcher) -> None:
    watcher.look(MEETING + 18 * HOUR)
    watcher.townhall.amend(1, CAMERAS | PASSED, LIBRARY)
    assert watcher.look(MEETING + 3 * DAY) == [1]
    assert (watcher.known, watcher.townhall.item(1).outcome) == (Finding.RECORDED, "Pass")
    assert len(watcher.townhall.mentions) == 1


def test_a_look_that_fails_was_none(watcher: Watcher) -> None:
    watcher.townhall.poller.web.fail(watcher.townhall.agenda_address(1))
    assert watcher.look(MEETING + 18 * HOUR) == [1]
    assert watcher.known is Finding.NOT_SEARCHED


def test_a_system_without_outcomes_is_never_asked_again(watcher: Watcher) -> None:
    assert not reader_of("novusagenda").records_outcomes
    assert finding(outcome=None, looked_at=MEETING, records_outcomes=False) is Finding.NEVER_RECORDED


# When it is looked for


def test_the_agenda_is_asked_for_again_after_1_3_7_14_30_and_60_days(watcher: Watcher) -> None:
    assert watcher.days() == list(LOOKS)
    row = watcher.townhall.meeting(1)
    assert (row.outcome_looks, row.outcome_due_at) == (len(LOOKS), None)


def test_once_it_is_recorded_nothing_is_asked(watcher: Watcher) -> None:
    assert watcher.days(last=2) == [1]
    watcher.townhall.amend(1, CAMERAS | PASSED, LIBRARY)
    assert watcher.look(MEETING + 3 * DAY) == [1]
    assert [day for day in range(4, 70) if watcher.look(MEETING + day * DAY)] == []


def test_without_a_mention_nothing_is_asked(watcher: Watcher) -> None:
    with watcher.townhall.poller.sessions.begin() as session:
        session.delete(session.scalars(select(MentionRow)).one())
    assert watcher.days() == []


def test_for_a_dismissed_mention_nothing_is_asked(watcher: Watcher) -> None:
    with watcher.townhall.poller.sessions.begin() as session:
        session.execute(update(MentionRow).values(state=MentionState.DISMISSED.value))
    assert watcher.days() == []


def test_a_meeting_that_moved_is_looked_at_after_its_new_day(watcher: Watcher) -> None:
    watcher.townhall.meet(1, "2026-12-05")
    watcher.townhall.poll()
    assert watcher.days(last=20) == [4 + look for look in LOOKS if look < 16]
    assert watcher.known is Finding.NOT_RECORDED


def test_a_feed_that_fails_keeps_its_back_off(watcher: Watcher) -> None:
    watcher.townhall.is_open = False
    for url in (*watcher.townhall.poller.web.asked, watcher.townhall.agenda_address(1)):
        watcher.townhall.poller.web.fail(url)
    morning = MEETING + 18 * HOUR
    watcher.look(morning)
    assert watcher.townhall.poller.feed().failures == 1
    assert watcher.look(morning + HOUR / 2) == []
    assert watcher.townhall.poller.web.asked == []


def test_an_agenda_that_is_gone_is_looked_for_no_more_often_than_one_that_is_there(watcher: Watcher) -> None:
    watcher.townhall.poller.web.fail(watcher.townhall.agenda_address(1), Outcome.HTTP_ERROR)
    assert watcher.days() == list(LOOKS)
    assert watcher.known is Finding.NOT_SEARCHED


def test_a_disabled_feed_is_not_asked(watcher: Watcher) -> None:
    with watcher.townhall.poller.sessions.begin() as session:
        session.execute(update(FeedRow).values(is_enabled=False))
    assert watcher.days(last=8) == []


def test_a_look_does_not_make_the_agenda_be_asked_for_twice(watcher: Watcher) -> None:
    watcher.look(MEETING + 18 * HOUR)
    watcher.townhall.meet(2, "2026-12-15")
    watcher.townhall.poll()
    assert watcher.townhall.asked == [2]


def test_a_meeting_of_a_system_without_outcomes_has_no_look(watcher: Watcher) -> None:
    rows = watcher.townhall.rows(MeetingRow)
    assert [row.outcome_due_at for row in rows] == [datetime(2026, 12, 2, 14, tzinfo=UTC)]


def test_all_items_of_the_agenda_were_looked_at(watcher: Watcher) -> None:
    look = MEETING + 18 * HOUR
    watcher.look(look)
    assert {row.outcome_looked_at for row in watcher.townhall.rows(ItemRow)} == {look}
