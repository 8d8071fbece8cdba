"""Tests of storage/meetings.py: what is kept of a meeting, what changed about it, and what comes next."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.feed import Request
from oversight.domain.reading import Days, Meeting, MeetingStatus
from oversight.storage.engine import Sessions
from oversight.storage.meetings import (
    bodies_of,
    has_new_meeting,
    link_twins,
    meeting_ids,
    next_meeting,
    note_vanished,
    remember_questions,
    save_meetings,
)
from oversight.storage.models import FeedRow, MeetingChangeRow, MeetingMoveRow, MeetingRow
from tests.factories import NOW, SEATTLE, add_council, add_meeting, make_meeting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = Days(date(2026, 11, 13), date(2026, 12, 19))


def save(
    session: Session, feed: FeedRow, *meetings: Meeting, now: datetime = NOW, looks: bool = True
) -> dict[str, int]:
    return save_meetings(session, feed, meetings, looks_for_outcomes=looks, now=now)


def every(session: Session, entity: type[Any]) -> list[Any]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(entity)))


def kinds(session: Session) -> list[str]:
    return [row.kind for row in every(session, MeetingChangeRow)]


# What is kept


def test_all_that_is_said_of_a_meeting_is_kept(sessions: Sessions) -> None:
    said = make_meeting(how_to_comment="Write to the clerk.", video_url="https://example.org/v")
    with sessions.begin() as session:
        ids = save(session, add_council(session), said)
        (row,) = every(session, MeetingRow)
        assert ids == {"event-1": row.id}
        assert all(getattr(row, name) == getattr(said, name) for name in said.__dataclass_fields__)
        assert (row.jurisdiction, row.first_seen_at, row.vanished_at) == (SEATTLE, NOW, None)


def test_what_one_answer_does_not_tell_is_kept_from_the_other(sessions: Sessions) -> None:
    whole = make_meeting(agenda_url="https://example.org/a", how_to_comment="Write to the clerk.")
    bare = Meeting("event-1", None, None, None, None, MeetingStatus.CONFIRMED)
    with sessions.begin() as session:
        feed = add_council(session)
        for said in (whole, bare):
            save(session, feed, said)
        (row,) = every(session, MeetingRow)
        assert (row.body, row.starts_at, row.location) == (whole.body, whole.starts_at, whole.location)
        assert (row.agenda_url, row.how_to_comment, row.timezone) == (
            whole.agenda_url, whole.how_to_comment, whole.timezone,
        )  # fmt: skip
        assert kinds(session) == []


def test_the_same_uid_of_another_feed_is_another_meeting(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for key in ("a", "b"):
            save(session, add_council(session, key=key), make_meeting())
        assert len(every(session, MeetingRow)) == 2


def test_more_meetings_than_a_query_takes_at_once_are_all_known(sessions: Sessions) -> None:
    many = [make_meeting(uid=f"event-{number}") for number in range(1_001)]
    with sessions.begin() as session:
        feed = add_council(session)
        assert save(session, feed, *many) == save(session, feed, *many)
        assert len(meeting_ids(session, feed, [*(one.uid for one in many), "unknown"])) == 1_001


# When its outcome is looked for


def test_a_look_is_due_on_the_morning_after_in_the_place_s_own_time(sessions: Sessions) -> None:
    with sessions.begin() as session:
        save(session, add_council(session), make_meeting())
        assert every(session, MeetingRow)[0].outcome_due_at == datetime(2026, 12, 2, 14, tzinfo=UTC)


def test_where_outcomes_are_never_recorded_no_look_is_due(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, make_meeting(), looks=False)
        save(session, feed, make_meeting(starts_at=None, date=date(2026, 12, 9)), looks=False)
        assert every(session, MeetingRow)[0].outcome_due_at is None


def test_a_meeting_whose_day_is_told_later_has_a_look_then(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, make_meeting(date=None, starts_at=None))
        assert every(session, MeetingRow)[0].outcome_due_at is None
        save(session, feed, make_meeting())
        assert every(session, MeetingRow)[0].outcome_due_at == datetime(2026, 12, 2, 14, tzinfo=UTC)


# What vanished


@pytest.mark.parametrize("day", [date(2026, 12, 19), date(2026, 12, 20)], ids=["last day", "day after"])
def test_only_what_lies_in_the_days_of_the_calendar_can_be_missing(sessions: Sessions, day: date) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, make_meeting(date=day, starts_at=datetime(day.year, day.month, day.day, 22, tzinfo=UTC)))
        note_vanished(session, feed, [WINDOW], set(), now=NOW)
        assert (every(session, MeetingRow)[0].vanished_at is not None) == (day <= WINDOW.last)


def test_a_meeting_vanishes_once_also_where_calendars_overlap(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, make_meeting())
        note_vanished(session, feed, [WINDOW, WINDOW], set(), now=NOW)
        note_vanished(session, feed, [WINDOW], set(), now=NOW + HOUR)
        assert (kinds(session), every(session, MeetingRow)[0].vanished_at) == (["vanished"], NOW)


def test_meetings_of_other_feeds_do_not_vanish(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        add_meeting(session)
        note_vanished(session, feed, [WINDOW], set(), now=NOW)
        assert [row.vanished_at for row in every(session, MeetingRow)] == [None]


# What took its place


def test_a_twin_is_linked_once_and_twice_changes_nothing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session, last_ok_at=NOW)
        save(session, feed, make_meeting(status=MeetingStatus.CANCELLED))
        later = NOW + HOUR
        new = make_meeting(uid="event-2", date=date(2026, 12, 8), starts_at=None)
        ids = save(session, feed, new, make_meeting(status=MeetingStatus.CANCELLED), now=later)
        for _ in range(2):
            link_twins(session, feed, [WINDOW], now=later)
        (move,) = every(session, MeetingMoveRow)
        assert (move.meeting_id, move.moved_to_id, move.seen_at) == (ids["event-1"], ids["event-2"], later)


def test_without_the_days_of_a_calendar_a_new_meeting_counts_up_to_the_last_that_was_known(sessions: Sessions) -> None:
    for day, is_twin in ((date(2026, 12, 8), True), (date(2026, 12, 16), False)):
        with sessions() as session:
            feed = add_council(session, last_ok_at=NOW)
            known = make_meeting(uid="event-9", body="Parks Board", date=date(2026, 12, 15), starts_at=None)
            save(session, feed, make_meeting(status=MeetingStatus.CANCELLED), known)
            save(session, feed, make_meeting(uid="event-2", date=day, starts_at=None), now=NOW + HOUR)
            link_twins(session, feed, [], now=NOW + HOUR)
            assert bool(every(session, MeetingMoveRow)) is is_twin
            session.rollback()


def test_a_meeting_that_was_called_off_long_ago_is_not_linked_any_more(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session, last_ok_at=NOW)
        old = make_meeting(status=MeetingStatus.CANCELLED, date=date(2026, 10, 20), starts_at=None)
        save(session, feed, old)
        save(session, feed, make_meeting(uid="event-2", date=date(2026, 12, 1)), now=NOW + HOUR)
        link_twins(session, feed, [WINDOW], now=NOW + HOUR)
        assert every(session, MeetingMoveRow) == []


def test_a_vanished_meeting_that_returns_called_off_keeps_its_twin(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session, last_ok_at=NOW)
        save(session, feed, make_meeting())
        note_vanished(session, feed, [WINDOW], set(), now=NOW + HOUR)
        save(session, feed, make_meeting(uid="event-2", date=date(2026, 12, 8), starts_at=None), now=NOW + HOUR)
        link_twins(session, feed, [WINDOW], now=NOW + HOUR)
        save(session, feed, make_meeting(status=MeetingStatus.RESCHEDULED), now=NOW + 2 * HOUR)
        assert len(every(session, MeetingMoveRow)) == 1
        assert kinds(session) == ["vanished", "rescheduled", "returned"]


# What comes next


def test_the_next_meeting_is_the_first_that_is_still_to_come(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        for hours in (-1, 5, 48):
            save(session, feed, make_meeting(uid=f"event-{hours}", starts_at=NOW + hours * HOUR))
        assert next_meeting(session, feed, now=NOW) == NOW + 5 * HOUR


def test_a_meeting_of_unknown_hour_counts_from_the_start_of_its_day(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, make_meeting(starts_at=None, date=date(2026, 11, 22)))
        assert next_meeting(session, feed, now=NOW) == datetime(2026, 11, 22, tzinfo=UTC)


def test_what_vanished_and_what_is_over_is_not_next(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, make_meeting())
        note_vanished(session, feed, [WINDOW], set(), now=NOW)
        save(session, feed, make_meeting(uid="event-2", starts_at=NOW - HOUR))
        assert next_meeting(session, feed, now=NOW) is None


def test_only_the_poll_that_brought_a_meeting_has_a_new_one(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed, other = add_council(session), add_council(session, key="other")
        save(session, feed, make_meeting())
        save(session, feed, make_meeting(), now=NOW + HOUR)
        assert [has_new_meeting(session, one, now=NOW) for one in (feed, other)] == [True, False]
        assert not has_new_meeting(session, feed, now=NOW + HOUR)


def test_the_question_that_an_agenda_answers_is_remembered_whole(sessions: Sessions) -> None:
    question = Request("https://example.org/a", accept="text/html", meeting_uid="event-1", body="{}", revision="r",
                       headers=(("X-Ask", "1"),))  # fmt: skip
    with sessions.begin() as session:
        ids = save(session, add_council(session), make_meeting())
        remember_questions(session, ids, [question, replace(question, meeting_uid="unknown")])
        assert every(session, MeetingRow)[0].asked == {
            "url": "https://example.org/a", "accept": "text/html", "body": "{}",
            "content_type": "application/json; charset=utf-8", "headers": [["X-Ask", "1"]],
        }  # fmt: skip


def test_the_bodies_of_meetings_are_known_by_their_rows(sessions: Sessions) -> None:
    with sessions.begin() as session:
        ids = save(session, add_council(session), make_meeting(), make_meeting(uid="event-2", body=None))
        assert bodies_of(session, [*ids.values(), 0]) == {ids["event-1"]: "City Council"}
        assert bodies_of(session, []) == {}
