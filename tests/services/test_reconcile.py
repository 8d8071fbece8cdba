"""Tests of services/reconcile.py: what should be in the ledger is put there, once, and the past stays silent."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from oversight.domain.alert import HOLD, LEASE
from oversight.services.reconcile import Mended, reconcile, take_up
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow
from oversight.storage.outbox import Route, claim, due_alert
from oversight.storage.sending import begin_attempt
from tests.factories import NOW, add_alert, add_event, add_subscription

LATER = NOW + timedelta(minutes=10)


def states(sessions: Sessions) -> list[str]:
    with reading(sessions) as session:
        return list(session.scalars(select(AlertRow.state).order_by(AlertRow.id)))


def test_a_missing_alert_is_written_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_event(session)
        add_subscription(session)
        add_subscription(session, query="tech:drones")
    assert reconcile(sessions, now=LATER) == Mended(0, 1, 0)
    assert reconcile(sessions, now=LATER) == Mended(0, 0, 0)
    assert states(sessions) == ["pending"]


@pytest.mark.parametrize(
    "changes",
    [
        {"consent_at": NOW + timedelta(seconds=1)},
        {"state": "paused"},
        {"paused_until": NOW + timedelta(minutes=1)},
        {"state": "ended"},
    ],
)
def test_who_did_not_follow_then_is_told_nothing(sessions: Sessions, changes: dict[str, object]) -> None:
    with sessions.begin() as session:
        add_event(session)
        add_subscription(session, **changes)
    assert reconcile(sessions, now=LATER).missing == 0


@pytest.mark.parametrize("event", [{"at": NOW - timedelta(days=2)}, {"withdrawn_at": NOW}, {"is_reviewed": False}])
def test_what_is_past_withdrawn_or_not_wanted_is_not_told(sessions: Sessions, event: dict[str, datetime]) -> None:
    with sessions.begin() as session:
        add_event(session, **event)
        add_subscription(session)
    assert reconcile(sessions, now=LATER).missing == 0


def test_an_event_that_nobody_can_read_does_not_keep_the_others_from_being_told(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_event(session, mention_id=None, kind="duty_due", subject="duty:1", told={}, about={})
        add_event(session)
        add_subscription(session)
    assert reconcile(sessions, now=LATER) == Mended(0, 1, 1)


def test_what_a_dead_sender_left_is_taken_up(sessions: Sessions) -> None:
    with sessions.begin() as session:
        waiting = [one for _ in range(2) for one in due_alert(session, add_alert(session).id, now=NOW)]
        begun, _ = claim(session, AlertRow, waiting, Route("smtp", str), now=NOW)
        begin_attempt(session, begun, now=NOW)
    assert take_up(sessions, now=NOW + HOLD) == 0
    assert take_up(sessions, now=NOW + HOLD + timedelta(seconds=1)) == 1
    assert states(sessions) == ["sending", "pending"]
    assert take_up(sessions, now=NOW + LEASE) == 0
    assert take_up(sessions, now=NOW + LEASE + timedelta(seconds=1)) == 1
    assert states(sessions) == ["uncertain", "pending"]
