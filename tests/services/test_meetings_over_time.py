"""Tests of what becomes of meetings from poll to poll, through the real collector."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oversight.domain.feed import Outcome
from oversight.services.visit import REQUESTS_PER_POLL
from oversight.storage.models import MeetingRow
from tests.factories import NOW
from tests.services.townhall import Townhall

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PARKS = {"EventBodyName": "Parks Board"}
CANCELLED = {"EventAgendaStatusName": "Cancelled"}
FINAL = {"EventAgendaStatusName": "Final"}


# What changes about a meeting


def test_a_meeting_that_is_read_again_has_not_changed(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.meet(2, "2026-12-03")
    townhall.poll()
    assert (townhall.changes(1), townhall.meeting(1).starts_at) == ([], datetime(2026, 12, 1, 22, tzinfo=UTC))


def test_a_meeting_that_moves_has_one_change_and_its_new_time(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.meet(1, "2026-12-08", EventTime="3:00 PM")
    townhall.poll()
    townhall.meet(2)
    townhall.poll()
    assert (townhall.changes(1), townhall.meeting(1).starts_at) == (["moved"], datetime(2026, 12, 8, 23, tzinfo=UTC))


def test_a_meeting_that_moves_to_a_day_without_an_hour_loses_its_old_hour(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.meet(1, "2026-12-08", EventTime="")
    townhall.poll()
    row = townhall.meeting(1)
    assert (townhall.changes(1), str(row.date), row.starts_at) == (["moved"], "2026-12-08", None)


def test_a_meeting_that_is_cancelled_stays_and_says_so(townhall: Townhall) -> None:
    townhall.meet(1, **FINAL)
    townhall.poll()
    townhall.meet(1, **CANCELLED)
    townhall.poll()
    townhall.meet(2)
    townhall.poll()
    assert (townhall.changes(1), townhall.meeting(1).status) == (["cancelled"], "cancelled")
    assert townhall.meeting(1).vanished_at is None


def test_a_meeting_that_takes_place_after_all_is_on_again(townhall: Townhall) -> None:
    townhall.meet(1, **CANCELLED)
    townhall.poll()
    townhall.meet(1, **FINAL)
    townhall.poll()
    assert (townhall.changes(1), townhall.meeting(1).status) == (["reinstated"], "confirmed")


def test_agenda_minutes_and_place_are_told_as_they_come(townhall: Townhall) -> None:
    townhall.meet(1, EventLocation="Chamber")
    townhall.poll()
    townhall.meet(1, EventLocation="Room 5", EventAgendaFile="https://example.org/a.pdf")
    townhall.poll()
    townhall.meet(1, EventMinutesFile="https://example.org/m.pdf")
    townhall.poll()
    assert townhall.changes(1) == ["place", "agenda", "minutes"]


# A meeting that is not listed any more


def test_a_meeting_to_come_that_is_not_listed_any_more_has_vanished_and_stays(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.meet(2)
    townhall.poll()
    townhall.drop(1)
    townhall.poll()
    townhall.meet(3)
    townhall.poll()
    assert (townhall.meeting(1).vanished_at, townhall.changes(1)) == (NOW + 2 * HOUR, ["vanished"])
    assert townhall.meeting(2).vanished_at is None


def test_a_meeting_that_is_listed_again_has_returned(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.meet(2)
    townhall.poll()
    event = townhall.events.pop(1)
    townhall.poll()
    townhall.events[1] = event
    townhall.poll()
    assert (townhall.meeting(1).vanished_at, townhall.changes(1)) == (None, ["vanished", "returned"])


def test_a_calendar_that_is_empty_all_at_once_makes_nothing_vanish(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.drop(1)
    townhall.poll()
    assert townhall.changes(1) == []


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.HTTP_ERROR, Outcome.EMPTY_BODY])
def test_a_calendar_that_did_not_come_makes_nothing_vanish(townhall: Townhall, outcome: Outcome) -> None:
    townhall.meet(1)
    townhall.meet(2)
    townhall.poll()
    townhall.drop(1)
    townhall.is_open = False
    for url in townhall.poller.web.asked:
        townhall.poller.web.fail(url, outcome)
    townhall.poll()
    assert townhall.changes(1) == []
    townhall.is_open = True
    townhall.poll()
    assert townhall.changes(1) == ["vanished"]


def test_nothing_vanishes_in_a_poll_that_ran_into_a_timeout(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.meet(2)
    townhall.poll()
    townhall.drop(1)
    townhall.meet(3)
    townhall.poller.web.fail(townhall.agenda_address(3))
    townhall.poll()
    assert townhall.changes(1) == []
    townhall.agenda(3)
    townhall.poll()
    assert townhall.changes(1) == ["vanished"]


def test_nothing_vanishes_while_questions_are_left(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.drop(1)
    for number in range(2, REQUESTS_PER_POLL + 5):
        townhall.meet(number)
    townhall.poll()
    assert townhall.changes(1) == []
    townhall.poll()
    assert townhall.changes(1) == ["vanished"]


def test_a_page_that_is_missing_behind_the_calendar_does_not_hide_what_vanished(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.meet(2)
    townhall.poll()
    townhall.drop(1)
    townhall.meet(3)
    townhall.poller.web.fail(townhall.agenda_address(3), Outcome.HTTP_ERROR)
    townhall.poll()
    assert townhall.changes(1) == ["vanished"]


def test_what_lies_beyond_the_days_that_were_asked_for_has_not_vanished(townhall: Townhall) -> None:
    townhall.meet(1, "2027-03-01", EventAgendaLastPublishedUTC="2026-11-19T00:00:00")
    townhall.meet(2)
    townhall.poll()
    townhall.drop(1)
    townhall.meet(3)
    townhall.poll()
    assert (str(townhall.meeting(1).date), townhall.changes(1)) == ("2027-03-01", [])


@pytest.mark.parametrize(
    ("day", "hour", "changes"),
    [
        ("2026-11-19", "2:00 PM", []),
        ("2026-11-20", "4:30 AM", []),
        ("2026-11-20", "", []),
        ("2026-11-20", "2:00 PM", ["vanished"]),
        ("2026-11-21", "", ["vanished"]),
    ],
    ids=["yesterday", "begun", "today", "later today", "tomorrow"],
)
def test_only_what_was_still_to_come_can_vanish(townhall: Townhall, day: str, hour: str, changes: list[str]) -> None:
    townhall.meet(1, day, EventTime=hour)
    townhall.meet(2)
    townhall.poll()
    townhall.drop(1)
    townhall.poll()
    assert townhall.changes(1) == changes


def test_tomorrow_is_told_by_the_clock_of_the_council(townhall: Townhall) -> None:
    evening = datetime(2026, 12, 2, 5, 0, tzinfo=UTC)  # the first of December in Seattle
    townhall.meet(1, "2026-12-02", EventTime="")
    townhall.meet(2, "2026-12-01", EventTime="")
    townhall.meet(3, "2026-12-09")
    townhall.poll(evening)
    townhall.drop(1)
    townhall.drop(2)
    townhall.poll()
    assert (townhall.changes(1), townhall.changes(2)) == (["vanished"], [])


# The meeting that took its place


def test_a_new_meeting_beside_a_cancelled_one_took_its_place(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.meet(9, "2026-12-15", **PARKS)
    townhall.poll()
    townhall.meet(1, **CANCELLED)
    townhall.meet(2, "2026-12-08")
    townhall.poll()
    assert townhall.twins() == {"event-1": "event-2"}


def test_a_new_meeting_in_place_of_a_vanished_one_took_its_place(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.meet(9, "2026-12-15", **PARKS)
    townhall.poll()
    townhall.drop(1)
    townhall.meet(2, "2026-12-08")
    townhall.poll()
    assert townhall.twins() == {"event-1": "event-2"}


def test_a_meeting_that_is_announced_days_after_the_other_was_called_off_took_its_place(townhall: Townhall) -> None:
    townhall.meet(1, **CANCELLED)
    townhall.meet(9, "2026-12-15", **PARKS)
    townhall.poll()
    townhall.poll(NOW + 3 * DAY)
    townhall.meet(2, "2026-12-08")
    townhall.poll(NOW + 4 * DAY)
    assert townhall.twins() == {"event-1": "event-2"}


def test_the_only_meeting_of_a_calendar_has_a_twin_too(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.meet(1, **CANCELLED)
    townhall.meet(2, "2026-12-08")
    townhall.poll()
    assert townhall.twins() == {"event-1": "event-2"}


def test_a_meeting_that_merely_came_into_the_window_took_nobody_s_place(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    townhall.meet(1, **CANCELLED)
    townhall.meet(2, "2026-12-22")  # the calendar ended on the 19th until now
    townhall.poll(NOW + 4 * DAY)
    assert (townhall.twins(), len(townhall.rows(MeetingRow))) == ({}, 2)


def test_in_the_first_calendar_of_all_no_meeting_took_another_s_place(townhall: Townhall) -> None:
    townhall.meet(1, **CANCELLED)
    townhall.meet(2, "2026-12-08")
    townhall.poll()
    assert townhall.twins() == {}


@pytest.mark.parametrize("changes", [PARKS, CANCELLED], ids=["another body", "called off itself"])
def test_not_every_new_meeting_took_a_place(townhall: Townhall, changes: dict[str, Any]) -> None:
    townhall.meet(1)
    townhall.meet(9, "2026-12-15")
    townhall.poll()
    townhall.meet(1, **CANCELLED)
    townhall.meet(2, "2026-12-08", **changes)
    townhall.poll()
    assert townhall.twins() == {}


def test_one_new_meeting_takes_the_place_of_one_the_nearest(townhall: Townhall) -> None:
    townhall.meet(1, "2026-11-25", **CANCELLED)
    townhall.meet(2, "2026-12-01")
    townhall.meet(9, "2026-12-15", **PARKS)
    townhall.poll()
    townhall.meet(2, "2026-12-01", **CANCELLED)
    townhall.meet(3, "2026-12-03")
    townhall.poll()
    assert townhall.twins() == {"event-2": "event-3"}


@pytest.mark.parametrize("is_listed", [True, False], ids=["cancelled", "vanished"])
def test_a_meeting_that_is_on_again_was_not_moved(townhall: Townhall, is_listed: bool) -> None:
    townhall.meet(1)
    townhall.meet(9, "2026-12-15", **PARKS)
    townhall.poll()
    event = townhall.events[1]
    if is_listed:
        townhall.meet(1, **CANCELLED)
    else:
        townhall.drop(1)
    townhall.meet(2, "2026-12-08")
    townhall.poll()
    assert townhall.twins() == {"event-1": "event-2"}
    townhall.events[1] = event | FINAL
    townhall.poll()
    assert townhall.twins() == {}
