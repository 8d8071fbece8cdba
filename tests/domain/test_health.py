"""Tests of domain/health.py: whether a feed's silence means nothing, or that nothing was checked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Outcome
from oversight.domain.health import Health, Pulse, Trouble, health_of, troubles_of, usual_gap
from tests.factories import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILURES = [outcome for outcome in Outcome if not outcome.is_healthy]


def pulse(**changes: Any) -> Pulse:
    """A feed that was just checked and had news an hour ago."""
    valid: dict[str, Any] = {
        "is_enabled": True,
        "note": None,
        "gone_at": None,
        "outcome": Outcome.OK,
        "status": 200,
        "detail": None,
        "failures": 0,
        "last_item_at": NOW - HOUR,
        "usual_gap": DAY,
        "empty_polls": 0,
        "moved_to": None,
    }
    return Pulse(**(valid | changes))


def health(**changes: Any) -> Health:
    return health_of(pulse(**changes), now=NOW).health


def reason(**changes: Any) -> str:
    return health_of(pulse(**changes), now=NOW).reason


def troubles(**changes: Any) -> set[Trouble]:
    return set(troubles_of(pulse(**changes), now=NOW))


# What keeps a feed from being checked


def test_a_feed_that_was_just_checked_and_has_news_is_healthy() -> None:
    assert health() is Health.HEALTHY
    assert reason() == "last news 1 hour ago"


def test_a_feed_that_was_never_polled_is_waiting() -> None:
    assert health(outcome=None, last_item_at=None) is Health.WAITING


@pytest.mark.parametrize(("note", "said"), [("asks for a key", "asks for a key"), (None, "switched off in feeds.toml")])
def test_a_disabled_feed_says_why(note: str | None, said: str) -> None:
    assert (health(is_enabled=False, note=note), reason(is_enabled=False, note=note)) == (Health.DISABLED, said)


def test_a_feed_that_is_gone_says_since_when() -> None:
    gone = {"is_enabled": False, "gone_at": datetime(2026, 11, 3, tzinfo=NOW.tzinfo)}
    assert (health(**gone), reason(**gone)) == (Health.DISABLED, "gone since 2026-11-03")


@pytest.mark.parametrize("outcome", FAILURES)
def test_no_failure_is_ever_healthy(outcome: Outcome) -> None:
    assert not health(outcome=outcome).is_checked


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        (Outcome.HTTP_ERROR, 403, Health.BLOCKED),
        (Outcome.HTTP_ERROR, 401, Health.BLOCKED),
        (Outcome.HTTP_ERROR, 451, Health.BLOCKED),
        (Outcome.HTTP_ERROR, 404, Health.FAILING),
        (Outcome.HTTP_ERROR, 500, Health.FAILING),
        (Outcome.ROBOTS_DISALLOWED, None, Health.BLOCKED),
        (Outcome.BLOCKED_ADDRESS, None, Health.BLOCKED),
        (Outcome.TIMEOUT, None, Health.FAILING),
        (Outcome.PARSE_ERROR, 200, Health.FAILING),
        (Outcome.EMPTY_BODY, 200, Health.EMPTY),
    ],
)
def test_a_failure_names_what_kind_of_silence_it_is(outcome: Outcome, status: int | None, state: Health) -> None:
    assert health(outcome=outcome, status=status) is state


def test_the_reason_is_what_the_poll_said_or_else_the_outcome_s_own_words() -> None:
    assert reason(outcome=Outcome.TIMEOUT, detail="30 seconds passed") == "30 seconds passed"
    assert reason(outcome=Outcome.TIMEOUT) == "Too slow"


def test_a_feed_that_answers_from_elsewhere_has_moved() -> None:
    moved = {"moved_to": "https://new.example.com/"}
    assert (health(**moved), reason(**moved)) == (Health.MOVED, "answers from https://new.example.com/")
    assert not Health.MOVED.is_checked


# How a checked feed sounds


@pytest.mark.parametrize(
    ("silence", "state"),
    [
        (2 * DAY, Health.HEALTHY),
        (2 * DAY + HOUR, Health.QUIET),
        (14 * DAY, Health.QUIET),
        (14 * DAY + HOUR, Health.SILENT),
    ],
)
def test_a_daily_feed_is_quiet_after_two_days_and_silent_after_two_weeks(silence: timedelta, state: Health) -> None:
    assert health(last_item_at=NOW - silence) is state


@pytest.mark.parametrize(
    ("silence", "state"), [(60 * DAY, Health.HEALTHY), (61 * DAY, Health.QUIET), (121 * DAY, Health.SILENT)]
)
def test_a_monthly_feed_may_be_silent_for_months(silence: timedelta, state: Health) -> None:
    assert health(last_item_at=NOW - silence, usual_gap=30 * DAY) is state


def test_where_no_usual_gap_is_known_a_week_is_assumed() -> None:
    assert health(last_item_at=NOW - 14 * DAY, usual_gap=None) is Health.HEALTHY
    assert health(last_item_at=NOW - 29 * DAY, usual_gap=None) is Health.SILENT


def test_silence_is_told_with_what_is_usual() -> None:
    assert reason(last_item_at=NOW - 20 * DAY) == "nothing new for 20 days; usually something every 24 hours"


def test_a_feed_that_never_published_anything_is_empty() -> None:
    assert health(last_item_at=None) is Health.EMPTY


@pytest.mark.parametrize(
    ("polls", "silence", "state"),
    [(2, 99 * HOUR, Health.QUIET), (3, 73 * HOUR, Health.EMPTY), (99, 72 * HOUR, Health.QUIET)],
    ids=["two", "three", "many in a short time"],
)
def test_three_calendars_in_three_days_without_anything_are_empty(
    polls: int, silence: timedelta, state: Health
) -> None:
    assert health(empty_polls=polls, last_item_at=NOW - silence) is state


def test_only_healthy_and_quiet_feeds_were_really_checked() -> None:
    assert {state for state in Health if state.is_checked} == {Health.HEALTHY, Health.QUIET}


# What operators should look at


def test_a_well_feed_is_no_trouble() -> None:
    assert troubles() == set()
    assert troubles(last_item_at=NOW - 3 * DAY) == set()


def test_one_failed_poll_is_no_trouble_yet_and_five_are() -> None:
    assert troubles(outcome=Outcome.TIMEOUT, failures=1) == set()
    assert troubles(outcome=Outcome.TIMEOUT, failures=4) == set()
    assert troubles(outcome=Outcome.TIMEOUT, failures=5) == {Trouble.FAILING}


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_is_not_there_any_more_is_missing(status: int) -> None:
    assert troubles(outcome=Outcome.HTTP_ERROR, status=status, failures=5) == {Trouble.MISSING}


def test_a_site_that_keeps_us_out_is_told_at_once() -> None:
    assert troubles(outcome=Outcome.HTTP_ERROR, status=403, failures=1) == {Trouble.BLOCKED}


def test_a_full_feed_gone_empty_is_told_and_one_that_was_always_empty_is_not() -> None:
    assert troubles(outcome=Outcome.EMPTY_BODY, failures=1) == {Trouble.EMPTIED}
    assert troubles(empty_polls=3, last_item_at=NOW - 4 * DAY) == {Trouble.EMPTIED}
    assert troubles(last_item_at=None) == set()


def test_silence_and_a_redirect_are_told() -> None:
    assert troubles(last_item_at=NOW - 99 * DAY) == {Trouble.SILENT}
    assert troubles(moved_to="https://new.example.com/") == {Trouble.MOVED}


def test_a_disabled_feed_is_no_trouble_unless_it_is_gone() -> None:
    broken = {"is_enabled": False, "outcome": Outcome.TIMEOUT, "failures": 99, "moved_to": "https://new.example.com/"}
    assert troubles(**broken) == set()
    assert troubles(**broken, gone_at=NOW) == {Trouble.GONE}


# The usual time between news


def test_the_first_gap_is_the_usual_one_and_the_newest_weighs_a_fifth() -> None:
    assert usual_gap(None, DAY) == DAY
    assert usual_gap(DAY, 6 * DAY) == 2 * DAY


hours = st.floats(0, 24 * 400).map(lambda count: timedelta(hours=count))


@given(hours, hours)
def test_the_usual_gap_lies_between_the_old_one_and_the_newest(before: timedelta, newest: timedelta) -> None:
    tick = timedelta(microseconds=2)
    assert min(before, newest) - tick <= usual_gap(before, newest) <= max(before, newest) + tick


moments = st.none() | hours.map(lambda span: NOW - span)


@given(
    st.builds(
        Pulse,
        is_enabled=st.booleans(),
        note=st.none() | st.just("a note"),
        gone_at=moments,
        outcome=st.none() | st.sampled_from(Outcome),
        status=st.none() | st.sampled_from([200, 304, 401, 403, 404, 410, 500]),
        detail=st.none() | st.just("a detail"),
        failures=st.integers(0, 40),
        last_item_at=moments,
        usual_gap=st.none() | hours,
        empty_polls=st.integers(0, 9),
        moved_to=st.none() | st.just("https://new.example.com/"),
    )
)
def test_every_feed_has_a_state_with_a_reason_and_no_silence_without_a_check(life: Pulse) -> None:
    finding = health_of(life, now=NOW)
    assert finding.reason
    if finding.health.is_checked:
        assert life.is_enabled
        assert life.outcome is not None
        assert life.outcome.is_healthy
    assert all(troubles_of(life, now=NOW).values())
