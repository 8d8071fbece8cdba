"""Tests of storage/sending.py: each message is taken by one sender, and nobody is told twice of the same."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, Executable, delete, select, update

from oversight.domain.alert import GIVE_UP_AFTER, HOLD, LEASE, MOST_A_DAY, AlertState, Ending
from oversight.domain.subscription import SubscriptionState
from oversight.storage.engine import Sessions, in_steps, open_sessions, reading
from oversight.storage.models import AlertRow, DeliveryRow, DigestRow, EventRow, SubscriptionRow
from oversight.storage.outbox import Route, claim, due_mails
from oversight.storage.sending import (
    Claim,
    Sendable,
    begin_attempt,
    end_attempt,
    expired,
    give_back,
    give_up_old,
    step,
)
from tests.factories import NOW, add_alert, add_digest, add_event, add_subscriber, add_subscription


def take(sessions: Sessions, *ids: int, row: Sendable = AlertRow, now=NOW) -> Claim | None:
    """Take the first of these that may be sent, and begin it."""
    with sessions.begin() as session:
        found = [one for one in due_mails(session, row, now=now, most=9) if one.id in ids]
        for taken in claim(session, row, found[:1], Route("test", str), now=now):
            assert begin_attempt(session, taken, now=now)
            return taken
    return None


def take_all(sessions: Sessions, row: Sendable = AlertRow) -> list[Claim]:
    """Take all that may be sent now."""
    with sessions.begin() as session:
        return claim(session, row, due_mails(session, row, now=NOW, most=9), Route("test", str), now=NOW)


def take_held(sessions: Sessions, alert_id: int) -> Claim:
    """Take this alert, and do not begin it."""
    (taken,) = take_all(sessions)
    assert taken.id == alert_id
    return taken


def begun(sessions: Sessions) -> list[datetime | None]:
    """When each attempt began."""
    with reading(sessions) as session:
        return list(session.scalars(select(DeliveryRow.started_at).order_by(DeliveryRow.id)))


def pending_alert(sessions: Sessions, **changes: object) -> int:
    with sessions.begin() as session:
        return add_alert(session, **changes).id


def alert_of(sessions: Sessions) -> AlertRow:
    with reading(sessions) as session:
        return session.scalars(select(AlertRow)).one()


def states(sessions: Sessions) -> list[str]:
    with reading(sessions) as session:
        return list(session.scalars(select(AlertRow.state).order_by(AlertRow.id)))


def twice(sessions: Sessions, **first: object) -> tuple[int, int]:
    """Two alerts of one event for two subscriptions of one subscriber."""
    with sessions.begin() as session:
        person, event = add_subscriber(session), add_event(session)
        queries = [add_subscription(session, subscriber_id=person.id, query=query) for query in ("one", "two")]
        told, other = (
            add_alert(session, subscription_id=query.id, event_id=event.id, **changes)
            for query, changes in zip(queries, (first, {}), strict=True)
        )
        return told.id, other.id


def test_an_alert_is_taken_once(sessions: Sessions) -> None:
    alert_id = pending_alert(sessions)
    first, second = take(sessions, alert_id), take(sessions, alert_id)
    assert first and (first.id, first.attempt, first.was_uncertain, second) == (alert_id, 1, False, None)
    assert alert_of(sessions).lease_until == NOW + HOLD


def test_an_alert_is_not_taken_before_it_is_due(sessions: Sessions) -> None:
    alert_id = pending_alert(sessions, due_at=NOW + timedelta(minutes=1))
    assert take(sessions, alert_id) is None


def test_an_uncertain_alert_that_was_tried_again_is_not_taken(sessions: Sessions) -> None:
    alert_id = pending_alert(sessions, state=AlertState.UNCERTAIN.value, attempts=2, ended_at=NOW)
    assert take(sessions, alert_id) is None


def test_an_alert_of_an_ended_subscription_is_cancelled_instead_of_taken(sessions: Sessions) -> None:
    with sessions.begin() as session:
        subscription = add_subscription(session, state=SubscriptionState.ENDED.value)
        alert_id = add_alert(session, subscription_id=subscription.id).id
    assert take(sessions, alert_id) is None
    assert (alert_of(sessions).state, alert_of(sessions).attempts) == ("cancelled", 0)


def test_an_attempt_is_on_record_before_anything_is_sent(sessions: Sessions) -> None:
    taken = take(sessions, pending_alert(sessions))
    with reading(sessions) as session:
        delivery = session.scalars(select(DeliveryRow)).one()
    assert (delivery.attempt, delivery.key, delivery.started_at, delivery.outcome) == (1, str(taken.id), NOW, None)


def test_the_longest_waiting_is_first(sessions: Sessions) -> None:
    late = pending_alert(sessions, due_at=NOW)
    early = pending_alert(sessions, due_at=NOW - timedelta(hours=1))
    pending_alert(sessions, due_at=NOW + timedelta(seconds=1))
    with sessions.begin() as session:
        assert [one.id for one in due_mails(session, AlertRow, now=NOW, most=9)] == [early, late]


def test_a_sent_alert_is_over(sessions: Sessions) -> None:
    taken = take(sessions, pending_alert(sessions))
    with sessions.begin() as session:
        end_attempt(session, taken, Ending(AlertState.SENT), now=NOW)
    alert = alert_of(sessions)
    assert (alert.state, alert.ended_at, alert.lease_until) == ("sent", NOW, None)


def test_a_sender_that_comes_late_does_not_undo_the_next_attempt(sessions: Sessions) -> None:
    alert_id = pending_alert(sessions)
    late = take(sessions, alert_id)
    with sessions.begin() as session:
        end_attempt(session, late, Ending(AlertState.UNCERTAIN, due_at=NOW), now=NOW)
    take(sessions, alert_id)
    with sessions.begin() as session:
        end_attempt(session, late, Ending(AlertState.PENDING, due_at=NOW), now=NOW)
    assert alert_of(sessions).state == "sending"


def test_a_sender_that_was_never_heard_of_again_is_found(sessions: Sessions) -> None:
    alert_id = pending_alert(sessions)
    taken = take(sessions, alert_id)
    with sessions.begin() as session:
        found = [expired(session, AlertRow, now=NOW + LEASE + timedelta(seconds=extra)) for extra in (-1, 1)]
    assert found == [[], [taken]]


def test_two_processes_do_not_both_recover_an_alert(postgresql_engine: Engine) -> None:
    sessions = open_sessions(postgresql_engine)
    take(sessions, pending_alert(sessions))
    later = NOW + LEASE + timedelta(seconds=1)
    seen: list[list[Claim]] = []

    def second() -> None:
        with sessions.begin() as session:
            seen.append(expired(session, AlertRow, now=later))

    with sessions.begin() as session:
        (taken,) = expired(session, AlertRow, now=later)
        other = threading.Thread(target=second)
        other.start()
        other.join(0.3)  # without a lock on the row the other has long read it
        end_attempt(session, taken, Ending(AlertState.UNCERTAIN, due_at=later), now=later)
    other.join()
    assert seen == [[]]


# Once for one subscriber


def test_what_a_subscriber_was_told_by_another_alert_is_covered(sessions: Sessions) -> None:
    first, second = twice(sessions)
    taken = take(sessions, first, second)
    with sessions.begin() as session:
        end_attempt(session, taken, Ending(AlertState.SENT), now=NOW)
    assert take(sessions, second) is None
    assert states(sessions) == ["sent", "covered"]


def test_what_is_being_told_waits_for_how_that_ends(sessions: Sessions) -> None:
    first, second = twice(sessions)
    taken = take(sessions, first)
    assert take(sessions, second) is None
    with sessions.begin() as session:
        end_attempt(session, taken, Ending(AlertState.FAILED), now=NOW)
    assert take(sessions, second, now=NOW + timedelta(minutes=1)) is not None


def test_of_two_alerts_of_one_event_only_one_is_taken(sessions: Sessions) -> None:
    first, second = twice(sessions)
    assert [one.id for one in take_all(sessions)] == [first]
    assert states(sessions) == ["sending", "pending"]
    assert first != second


# From one message to the next


def test_the_end_of_one_is_written_as_the_next_begins(sessions: Sessions) -> None:
    pending_alert(sessions)
    pending_alert(sessions)
    first, second = take_all(sessions)
    with in_steps(sessions) as steps:
        assert step(steps, None, first, now=NOW)
        assert (states(sessions), begun(sessions)) == (["sending", "sending"], [NOW, None])
        assert step(steps, (first, Ending(AlertState.SENT)), second, now=NOW + LEASE)
        assert (states(sessions), begun(sessions)) == (["sent", "sending"], [NOW, NOW + LEASE])
        assert not step(steps, (second, Ending(AlertState.PENDING, "busy", NOW + LEASE)), None, now=NOW)
    assert states(sessions) == ["sent", "pending"]


@pytest.mark.parametrize(
    "change",
    [
        update(SubscriptionRow).values(state=SubscriptionState.PAUSED.value),
        update(EventRow).values(withdrawn_at=NOW),
        delete(AlertRow),
    ],
    ids=["paused", "withdrawn", "erased"],
)
def test_what_is_not_wanted_any_more_does_not_begin(sessions: Sessions, change: Executable) -> None:
    pending_alert(sessions)
    (taken,) = take_all(sessions)
    with sessions.begin() as session:
        session.execute(change)
    with in_steps(sessions) as steps:
        assert not step(steps, None, taken, now=NOW)
    with sessions.begin() as session:
        give_back(session, [taken])
    assert take_all(sessions) == []


def test_what_has_not_begun_is_given_back_as_if_it_had_not_been_taken(sessions: Sessions) -> None:
    doubtful = pending_alert(sessions, due_at=NOW - LEASE)
    taken = take(sessions, doubtful)
    with sessions.begin() as session:
        end_attempt(session, taken, Ending(AlertState.UNCERTAIN, due_at=NOW), now=NOW)
    pending_alert(sessions, due_at=NOW - LEASE)
    pending_alert(sessions)
    first, *others = take_all(sessions)
    with sessions.begin() as session:
        begin_attempt(session, first, now=NOW)
        assert give_back(session, [first, *others]) == set(others)
        assert give_back(session, [first, *others]) == set()
    with reading(sessions) as session:
        rows = session.execute(select(AlertRow.state, AlertRow.attempts, AlertRow.lease_until).order_by(AlertRow.id))
        assert [tuple(row) for row in rows] == [
            ("uncertain", 1, None),
            ("sending", 1, NOW + HOLD),
            ("pending", 0, None),
        ]
    assert {one.was_uncertain for one in take_all(sessions)} == {True, False}


def test_a_number_that_was_given_back_and_used_anew_is_not_the_same_attempt(sessions: Sessions) -> None:
    late = take_held(sessions, pending_alert(sessions))
    with sessions.begin() as session:
        give_back(session, [late])
        session.execute(update(AlertRow).values(due_at=NOW + LEASE))
    mine = replace(take_held(sessions, pending_alert(sessions)), delivery_id=late.delivery_id)
    with sessions.begin() as session:
        session.execute(update(DeliveryRow).values(id=late.delivery_id))
    with in_steps(sessions) as steps:
        assert not step(steps, None, late, now=NOW)
        assert step(steps, None, mine, now=NOW)
        step(steps, (late, Ending(AlertState.SENT)), None, now=NOW)
    with reading(sessions) as session:
        assert session.scalars(select(DeliveryRow.outcome)).all() == [None]


def test_what_was_given_back_does_not_begin(sessions: Sessions) -> None:
    pending_alert(sessions)
    (taken,) = take_all(sessions)
    with sessions.begin() as session:
        give_back(session, [taken])
    with in_steps(sessions) as steps:
        assert not step(steps, None, taken, now=NOW)


def test_what_a_digest_tells_is_covered(sessions: Sessions) -> None:
    first, second = twice(sessions, state=AlertState.GATHERED.value, in_digest=True)
    assert take(sessions, second) is None
    assert states(sessions) == ["gathered", "covered"]
    assert first != second


def test_after_twenty_mails_a_day_the_rest_waits_for_a_digest(sessions: Sessions) -> None:
    with sessions.begin() as session:
        subscription = add_subscription(session, timezone="America/Los_Angeles", hour=6)
        for _ in range(MOST_A_DAY):
            add_alert(session, subscription_id=subscription.id, state=AlertState.SENT.value, ended_at=NOW)
        last = add_alert(session, subscription_id=subscription.id).id
    assert take(sessions, last) is None
    with reading(sessions) as session:
        row = session.get_one(AlertRow, last)
    assert (row.state, row.in_digest, row.due_at) == ("pending", True, NOW + timedelta(hours=2))


def test_the_day_after_mails_go_out_at_once_again(sessions: Sessions) -> None:
    with sessions.begin() as session:
        subscription = add_subscription(session)
        for _ in range(MOST_A_DAY):
            add_alert(session, subscription_id=subscription.id, state=AlertState.SENT.value, ended_at=NOW)
        last = add_alert(session, subscription_id=subscription.id).id
    assert take(sessions, last, now=NOW + timedelta(days=1)) is not None


# Digests


def test_a_digest_ends_what_it_gathered(sessions: Sessions) -> None:
    with sessions.begin() as session:
        digest = add_digest(session)
        subscription = add_subscription(session, subscriber_id=digest.subscriber_id)
        for _ in range(2):
            add_alert(session, subscription_id=subscription.id, state="gathered", in_digest=True, digest_id=digest.id)
        digest_id = digest.id
    taken = take(sessions, digest_id, row=DigestRow)
    with sessions.begin() as session:
        end_attempt(session, taken, Ending(AlertState.UNCERTAIN, due_at=NOW), now=NOW)
    assert states(sessions) == ["gathered", "gathered"]
    taken = take(sessions, digest_id, row=DigestRow)
    assert taken and taken.was_uncertain
    with sessions.begin() as session:
        end_attempt(session, taken, Ending(AlertState.SENT), now=NOW)
    assert states(sessions) == ["sent", "sent"]


def test_a_digest_whose_alerts_were_all_called_back_is_not_sent(sessions: Sessions) -> None:
    with sessions.begin() as session:
        digest = add_digest(session)
        subscription = add_subscription(session, subscriber_id=digest.subscriber_id)
        add_alert(session, subscription_id=subscription.id, state="gathered", in_digest=True, digest_id=digest.id)
        session.execute(update(SubscriptionRow).values(state=SubscriptionState.ENDED.value))
        digest_id = digest.id
    assert take(sessions, digest_id, row=DigestRow) is None
    with reading(sessions) as session:
        assert (session.get_one(DigestRow, digest_id).state, states(sessions)) == ("cancelled", ["cancelled"])


# Nobody takes messages


def test_what_waited_for_three_days_is_given_up(sessions: Sessions) -> None:
    long_ago = NOW - GIVE_UP_AFTER - timedelta(seconds=1)
    with sessions.begin() as session:
        add_alert(session, created_at=long_ago, due_at=long_ago)
        add_alert(session, created_at=NOW - GIVE_UP_AFTER, due_at=NOW)
        add_alert(session, created_at=long_ago, in_digest=True)
        assert give_up_old(session, AlertRow, now=NOW) == 1
    assert states(sessions) == ["failed", "pending", "pending"]


def test_domains_that_get_no_more_now_are_left_out(sessions: Sessions) -> None:
    pending_alert(sessions)
    with sessions.begin() as session:
        assert due_mails(session, AlertRow, now=NOW, most=9, without={"example.org"}) == []
        assert len(due_mails(session, AlertRow, now=NOW, most=9, without={"example.net"})) == 1
