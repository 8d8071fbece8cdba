"""Tests of domain/meeting_change.py: what changed about a meeting, and which one took its place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.meeting_change import (
    TWIN_DAYS,
    Changed,
    Dated,
    MeetingChange,
    changes,
    completed,
    is_still_to_come,
    twin_of,
    twins,
)
from oversight.domain.reading import MeetingStatus
from tests.factories import make_meeting

BEFORE = make_meeting()
DAY = date(2026, 12, 1)
SEATTLE_TIME = ZoneInfo("America/Los_Angeles")


def kinds(**now: Any) -> list[MeetingChange]:
    return [changed.kind for changed in changes(BEFORE, replace(BEFORE, **now))]


def test_the_same_meeting_again_is_no_change() -> None:
    assert changes(BEFORE, BEFORE) == []


def test_another_hour_is_a_move_with_both_hours() -> None:
    (changed,) = changes(BEFORE, replace(BEFORE, starts_at=datetime(2026, 12, 1, 23, 30, tzinfo=UTC)))
    assert changed == Changed(MeetingChange.MOVED, "2026-12-01T22:00:00+00:00", "2026-12-01T23:30:00+00:00")


def test_the_same_moment_in_another_zone_is_no_move() -> None:
    assert kinds(starts_at=BEFORE.starts_at.astimezone(SEATTLE_TIME)) == []


def test_an_hour_is_told_in_the_meeting_s_own_zone() -> None:
    local = replace(BEFORE, starts_at=datetime(2026, 12, 1, 15, 0, tzinfo=SEATTLE_TIME))
    (changed,) = changes(BEFORE, local)
    assert datetime.fromisoformat(changed.after or "") == local.starts_at


def test_another_day_is_a_move_although_no_hour_is_told() -> None:
    (changed,) = changes(replace(BEFORE, starts_at=None), replace(BEFORE, starts_at=None, date=date(2026, 12, 8)))
    assert changed == Changed(MeetingChange.MOVED, "2026-12-01", "2026-12-08")


def test_an_hour_that_one_of_two_answers_does_not_tell_is_no_move() -> None:
    without = replace(BEFORE, starts_at=None)
    assert changes(BEFORE, without) == []
    assert changes(without, BEFORE) == []


def test_another_day_of_which_the_hour_is_not_told_is_a_move() -> None:
    assert kinds(starts_at=None, date=date(2026, 12, 8)) == [MeetingChange.MOVED]


def test_a_meeting_without_a_day_has_not_moved() -> None:
    assert kinds(starts_at=None, date=None) == []


def test_a_place_that_is_not_told_any_more_has_not_changed() -> None:
    assert kinds(location=None) == []
    assert changes(replace(BEFORE, location=None), BEFORE) == []
    assert kinds(location="Room 5") == [MeetingChange.PLACE]


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("confirmed", "cancelled", MeetingChange.CANCELLED),
        ("tentative", "rescheduled", MeetingChange.RESCHEDULED),
        ("rescheduled", "cancelled", MeetingChange.CANCELLED),
        ("cancelled", "confirmed", MeetingChange.REINSTATED),
        ("rescheduled", "tentative", MeetingChange.REINSTATED),
    ],
)
def test_a_status_that_calls_it_off_or_on_again_is_a_change(was: str, now: str, kind: MeetingChange) -> None:
    (changed,) = changes(replace(BEFORE, status=MeetingStatus(was)), replace(BEFORE, status=MeetingStatus(now)))
    assert changed == Changed(kind, was, now)


@pytest.mark.parametrize("now", ["tentative", "passed", "unknown", "confirmed"])
def test_another_status_is_no_news(now: str) -> None:
    assert kinds(status=MeetingStatus(now)) == []


@pytest.mark.parametrize(
    ("name", "kind"), [("agenda_url", MeetingChange.AGENDA), ("minutes_url", MeetingChange.MINUTES)]
)
def test_an_agenda_or_minutes_are_published_once(name: str, kind: MeetingChange) -> None:
    first, second = "https://example.org/1.pdf", "https://example.org/2.pdf"
    published = replace(BEFORE, **{name: first})
    assert changes(BEFORE, published) == [Changed(kind, None, first)]
    assert changes(published, replace(BEFORE, **{name: second})) == []
    assert changes(published, BEFORE) == []


@pytest.mark.parametrize(("minutes", "lies_ahead"), [(1, True), (0, False), (-1, False)])
def test_a_meeting_of_known_hour_lies_ahead_until_it_begins(minutes: int, lies_ahead: bool) -> None:
    now = BEFORE.starts_at - timedelta(minutes=minutes)
    assert is_still_to_come(BEFORE, now=now, today=DAY) is lies_ahead


@pytest.mark.parametrize(
    ("today", "lies_ahead"), [(date(2026, 11, 30), True), (DAY, False), (date(2026, 12, 2), False)]
)
def test_a_meeting_of_unknown_hour_lies_ahead_until_its_day(today: date, lies_ahead: bool) -> None:
    sitting = replace(BEFORE, starts_at=None)
    assert is_still_to_come(sitting, now=datetime(2026, 11, 1, tzinfo=UTC), today=today) is lies_ahead


def test_a_meeting_without_a_day_does_not_lie_ahead() -> None:
    sitting = replace(BEFORE, starts_at=None, date=None)
    assert not is_still_to_come(sitting, now=datetime(2026, 11, 1, tzinfo=UTC), today=DAY)


def on(identifier: int, days: int | None, body: str | None = "City Council") -> Dated:
    return identifier, body, DAY + timedelta(days=days) if days is not None else None


@pytest.mark.parametrize(
    ("new", "twin"),
    [
        ([on(1, 7)], 1),
        ([on(1, -2)], 1),
        ([on(1, 7), on(2, 3)], 2),
        ([on(1, 45)], 1),
        ([on(1, 46)], None),
        ([on(1, 7), on(2, -7)], None),
        ([on(1, 7), on(2, 7)], None),
        ([on(1, 3, "Parks Board")], None),
        ([on(1, 3, None)], None),
        ([on(1, None)], None),
        ([], None),
    ],
    ids=[
        "later", "earlier", "nearest", "at the limit", "too far", "as near before", "the same day", "another body",
        "no body", "no day", "none",
    ],
)  # fmt: skip
def test_the_nearest_new_meeting_of_the_body_takes_the_place(new: list[Dated], twin: int | None) -> None:
    assert twin_of(("City Council", DAY), new) == twin


@pytest.mark.parametrize("gone", [(None, DAY), ("City Council", None)])
def test_a_meeting_without_body_or_day_has_no_twin(gone: tuple[str | None, date | None]) -> None:
    assert twin_of(gone, [on(1, 0), (2, None, DAY)]) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["a", "b"]), st.dates() | st.none()), max_size=6))
def test_a_twin_is_of_the_same_body_and_near(new: list[Dated]) -> None:
    twin = twin_of(("a", DAY), new)
    named = [(body, day) for identifier, body, day in new if identifier == twin]
    assert twin is None or any(body == "a" and day and abs(day - DAY) <= TWIN_DAYS for body, day in named)


def test_a_new_meeting_takes_one_place_only_the_nearest() -> None:
    assert twins([on(1, -6), on(2, 0), on(3, 40)], [on(7, 2)]) == {2: 7}
    assert twins([on(1, -6), on(2, 0)], [on(7, 1), on(8, -7)]) == {1: 8, 2: 7}


def test_of_two_that_are_equally_near_the_first_has_the_twin() -> None:
    assert twins([on(2, 4), on(1, 0)], [on(7, 2)]) == {1: 7}


def test_no_meeting_takes_its_own_place() -> None:
    assert twins([on(1, 0)], [on(1, 0)]) == {}
    assert twins([on(1, 0)], [on(1, 0), on(2, 3)]) == {1: 2}


# Two answers of one poll


def test_what_the_first_answer_told_stands_and_the_later_one_fills_in_the_rest() -> None:
    later = make_meeting(
        location="Chamber, 2nd floor", status=MeetingStatus.TENTATIVE, video_url="https://example.org/v"
    )
    both = completed(BEFORE, later)
    assert both == replace(BEFORE, video_url="https://example.org/v")
    assert changes(BEFORE, both) == []


def test_a_status_that_the_first_answer_did_not_know_is_told_by_the_later_one() -> None:
    unknown, cancelled = (replace(BEFORE, status=MeetingStatus(word)) for word in ("unknown", "cancelled"))
    assert completed(unknown, cancelled).status is MeetingStatus.CANCELLED
    assert completed(cancelled, unknown).status is MeetingStatus.CANCELLED


def test_the_hour_of_another_day_is_not_filled_in() -> None:
    first = replace(BEFORE, date=date(2026, 12, 8), starts_at=None)
    assert completed(first, BEFORE).starts_at is None
    assert completed(replace(BEFORE, starts_at=None), BEFORE).starts_at == BEFORE.starts_at
