"""Tests of storage/digests.py: one digest for a subscriber and local date, nothing twice in it, nothing lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from oversight.domain.alert import MOST_UNSAID, AlertState
from oversight.domain.digest import HEARTBEAT, next_digest_at, period_at
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.storage.digests import awaiting_digest, awaiting_heartbeat, beat, gather, leave_out
from oversight.storage.engine import Sessions, open_sessions, reading
from oversight.storage.letters import load_digest
from oversight.storage.models import AlertRow, DigestRow, SubscriberRow, SubscriptionRow
from tests.factories import NOW, add_alert, add_event, add_subscriber, add_subscription

ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Apia", "UTC")
SPRING, AUTUMN = datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)


def waiting(sessions: Sessions, count: int = 2, **subscription: object) -> int:
    """A subscriber for whom alerts of a daily subscription are due."""
    with sessions.begin() as session:
        row = add_subscription(session, cadence="daily", **subscription)
        for _ in range(count):
            add_alert(session, subscription_id=row.id, in_digest=True)
        return row.subscriber_id


def make(sessions: Sessions, subscriber_id: int, *, now: datetime = NOW) -> int | None:
    with sessions.begin() as session:
        return gather(session, subscriber_id, now=now)


def alerts(sessions: Sessions) -> list[AlertRow]:
    with reading(sessions) as session:
        return list(session.scalars(select(AlertRow).order_by(AlertRow.id)))


def test_all_that_is_due_is_gathered_once(sessions: Sessions) -> None:
    subscriber_id = waiting(sessions)
    with reading(sessions) as session:
        assert awaiting_digest(session, now=NOW) == [subscriber_id]
    digest_id = make(sessions, subscriber_id)
    assert {(one.state, one.digest_id) for one in alerts(sessions)} == {("gathered", digest_id)}
    assert make(sessions, subscriber_id) is None
    with reading(sessions) as session:
        digest, found = load_digest(session, digest_id or 0)
        assert (digest.period, digest.state, len(found)) == ("2026-11-20", "pending", 2)


def test_what_is_due_after_the_digest_of_the_day_waits_for_the_next(sessions: Sessions) -> None:
    subscriber_id = waiting(sessions, hour=7)
    make(sessions, subscriber_id)
    with sessions.begin() as session:
        subscription_id = session.scalars(select(SubscriptionRow.id)).one()
        late = add_alert(session, subscription_id=subscription_id, in_digest=True).id
    assert make(sessions, subscriber_id, now=NOW + timedelta(hours=1)) is None
    row = next(one for one in alerts(sessions) if one.id == late)
    assert (row.state, row.due_at) == ("pending", datetime(2026, 11, 21, 7, tzinfo=UTC))
    assert make(sessions, subscriber_id, now=row.due_at) is not None


def test_an_event_of_two_subscriptions_is_told_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        person, event = add_subscriber(session), add_event(session)
        for query in ("one", "two"):
            row = add_subscription(session, subscriber_id=person.id, cadence="daily", query=query)
            add_alert(session, subscription_id=row.id, event_id=event.id, in_digest=True)
        subscriber_id = person.id
    assert make(sessions, subscriber_id) is not None
    assert [one.state for one in alerts(sessions)] == ["gathered", "covered"]


def test_what_was_told_at_once_makes_no_digest(sessions: Sessions) -> None:
    with sessions.begin() as session:
        person, event = add_subscriber(session), add_event(session)
        for query, state in (("one", "sent"), ("two", "pending")):
            row = add_subscription(session, subscriber_id=person.id, query=query)
            add_alert(session, subscription_id=row.id, event_id=event.id, state=state, in_digest=state == "pending")
        subscriber_id = person.id
    assert make(sessions, subscriber_id) is None
    assert [one.state for one in alerts(sessions)] == ["sent", "covered"]


def test_what_nobody_follows_any_more_is_called_back(sessions: Sessions) -> None:
    subscriber_id = waiting(sessions, state=SubscriptionState.ENDED.value)
    assert make(sessions, subscriber_id) is None
    assert {one.state for one in alerts(sessions)} == {"cancelled"}


def test_what_cannot_be_said_waits_for_two_more_digests_and_is_given_up(sessions: Sessions) -> None:
    subscriber_id, now = waiting(sessions, count=1), NOW
    for _ in range(MOST_UNSAID):
        digest_id = make(sessions, subscriber_id, now=now)
        with sessions.begin() as session:
            leave_out(session, load_digest(session, digest_id or 0)[1][0], now=now)
        now += timedelta(days=1)
    assert [(one.state, one.attempts) for one in alerts(sessions)] == [("failed", 3)]


# Heartbeats


def quiet(sessions: Sessions, **changes: object) -> int:
    with sessions.begin() as session:
        return add_subscription(session, cadence="weekly", heartbeat_at=NOW, **changes).subscriber_id


def test_who_heard_nothing_gets_a_heartbeat_and_the_next_in_a_week(sessions: Sessions) -> None:
    subscriber_id = quiet(sessions, weekday=4, hour=12)
    with sessions.begin() as session:
        assert awaiting_heartbeat(session, now=NOW) == [subscriber_id]
        assert beat(session, subscriber_id, now=NOW) is not None
        assert awaiting_heartbeat(session, now=NOW) == []
    with reading(sessions) as session:
        assert session.scalars(select(DigestRow.period)).all() == [f"{HEARTBEAT}2026-11-20"]
        assert session.scalars(select(SubscriptionRow.heartbeat_at)).all() == [NOW + timedelta(days=7)]


@pytest.mark.parametrize(("state", "is_wanted"), [("sent", False), ("pending", False), ("cancelled", True)])
def test_who_heard_something_gets_none(sessions: Sessions, state: str, is_wanted: bool) -> None:
    subscriber_id = quiet(sessions)
    with sessions.begin() as session:
        add_alert(session, subscription_id=session.scalars(select(SubscriptionRow.id)).one(), state=state)
    with sessions.begin() as session:
        assert (beat(session, subscriber_id, now=NOW) is not None) is is_wanted


# Clocks


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([SPRING, AUTUMN]),
    moves=st.lists(st.tuples(st.sampled_from(ZONES), st.integers(0, 23)), min_size=1, max_size=3),
    gaps=st.lists(st.integers(1, 30), min_size=4, max_size=12),
)
def test_there_is_one_digest_for_a_local_date(sqlite_engine: Engine, start, moves, gaps) -> None:
    """Whoever is told something every few hours, moves, and lives through changes of the clock."""
    sessions = open_sessions(sqlite_engine)
    now = start
    with sessions.begin() as session:
        session.execute(delete(SubscriberRow))
        row = add_subscription(session, cadence="daily", timezone=moves[0][0], hour=moves[0][1])
        subscription_id, subscriber_id = row.id, row.subscriber_id
    for number, gap in enumerate(gaps):
        zone, hour = moves[number % len(moves)]
        rhythm = Rhythm(Cadence.DAILY, hour, 0, zone)
        with sessions.begin() as session:
            row = session.get_one(SubscriptionRow, subscription_id)
            row.timezone, row.hour = zone, hour
            add_alert(session, subscription_id=subscription_id, in_digest=True, due_at=rhythm.due_at(now))
        for _ in range(gap):
            now += timedelta(hours=1)
            make(sessions, subscriber_id, now=now)
    for _ in range(96):  # and then nothing is left
        now += timedelta(hours=1)
        make(sessions, subscriber_id, now=now)
    with reading(sessions) as session:
        periods = list(session.scalars(select(DigestRow.period)))
    assert len(periods) == len(set(periods))
    assert {one.state for one in alerts(sessions)} == {AlertState.GATHERED.value}


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_digest_is_on_the_next_local_date(zone: str, hour: int, now: datetime) -> None:
    due_at = next_digest_at(Rhythm(Cadence.DAILY, hour, 0, zone), now)
    days = due_at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()
    assert period_at(zone, due_at) != period_at(zone, now)
    assert days == timedelta(days=1)
