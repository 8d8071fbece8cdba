"""Tests of storage/alerts.py: who is alerted, and what is called back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from oversight.domain.alert import AlertState
from oversight.domain.event import EventKind
from oversight.domain.query import Filter
from oversight.domain.query_match import Subject
from oversight.domain.subscription import SubscriptionState
from oversight.storage.alerts import cancel_alerts, queue_alerts
from oversight.storage.engine import Sessions, reading
from oversight.storage.events import raise_mention, withdraw_event
from oversight.storage.models import AlertRow
from oversight.storage.outbox import due_mails
from tests import factories
from tests.factories import NOW, SEATTLE, add_alert, add_mention, add_subscription

IN_SEATTLE = Subject.of([(Filter.PLACE, SEATTLE), (Filter.TECHNOLOGY, "alpr")], ["Plate readers for Ballard"])


def alert_of(sessions: Sessions) -> AlertRow:
    with reading(sessions) as session:
        return session.scalars(select(AlertRow)).one()


def test_a_mention_raises_one_event_of_a_kind(sessions: Sessions) -> None:
    with sessions.begin() as session:
        mention = add_mention(session)
        first, second = (raise_mention(session, mention.id, is_reviewed=True, at=NOW) for _ in range(2))
    assert first == second


def test_withdrawing_calls_back_what_waits_and_counts_what_is_out(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        for state in AlertState:
            add_alert(session, event_id=event.id, state=state.value)
        recall = withdraw_event(session, EventKind.MENTION, event.subject, at=NOW)
    assert (recall.called_back, recall.sent) == (2, 3)
    with reading(sessions) as session:
        assert due_mails(session, AlertRow, now=NOW, most=9) == []


def test_an_event_that_was_withdrawn_is_raised_to_those_who_did_not_hear(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        sent, waiting = (add_alert(session, event_id=event.id, state=state) for state in ("sent", "pending"))
        withdraw_event(session, EventKind.MENTION, event.subject, at=NOW)
        raise_mention(session, event.mention_id, is_reviewed=True, at=NOW)
        expected, sent_id = [waiting.id], sent.id
    with reading(sessions) as session:
        assert [one.id for one in due_mails(session, AlertRow, now=NOW, most=9)] == expected
        assert session.get_one(AlertRow, sent_id).state == AlertState.SENT


def test_what_is_raised_anew_keeps_the_rhythm_of_who_follows_it(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        daily = factories.add_subscription(session, cadence="daily", hour=7, timezone="America/Los_Angeles")
        left = factories.add_subscription(session)
        gathered = {"state": "gathered", "in_digest": True, "digest_id": factories.add_digest(session).id}
        waits = add_alert(session, event_id=event.id, subscription_id=daily.id, **gathered)
        add_alert(session, event_id=event.id, subscription_id=left.id)
        withdraw_event(session, EventKind.MENTION, event.subject, at=NOW)
        left.state = SubscriptionState.PAUSED.value
        raise_mention(session, event.mention_id, is_reviewed=True, at=NOW)
        session.expire_all()
        assert (waits.state, waits.in_digest, waits.due_at) == ("pending", True, NOW + timedelta(hours=3))
        assert due_mails(session, AlertRow, now=NOW, most=9) == []


def test_queueing_twice_alerts_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session)
        counts = [queue_alerts(session, event.id, IN_SEATTLE, is_reviewed=True, at=NOW) for _ in range(2)]
    assert counts == [1, 0]


@pytest.mark.parametrize("state", [SubscriptionState.PENDING, SubscriptionState.ENDED])
def test_only_active_subscriptions_are_alerted(sessions: Sessions, state: SubscriptionState) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session, state=state.value)
        assert queue_alerts(session, event.id, IN_SEATTLE, is_reviewed=True, at=NOW) == 0


def test_an_event_about_nothing_in_particular_alerts_nobody(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session)
        assert queue_alerts(session, event.id, Subject.of([], []), is_reviewed=True, at=NOW) == 0


def test_a_subscription_to_something_else_is_left_alone(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session, query=f"tech:{SEATTLE}")
        assert queue_alerts(session, event.id, IN_SEATTLE, is_reviewed=True, at=NOW) == 0


@pytest.mark.parametrize(
    ("query", "is_told"),
    [
        ("tech:alpr state:WA", True),
        ("tech:alpr OR tech:drones", True),
        ("ballard", True),
        ("ballard -tech:alpr", False),
        (f"place:{SEATTLE} fremont", False),
        ("-fremont", False),
    ],
)
def test_whose_query_fits_is_alerted(sessions: Sessions, query: str, is_told: bool) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session, query=query)
        assert queue_alerts(session, event.id, IN_SEATTLE, is_reviewed=True, at=NOW) == is_told


def test_what_is_not_reviewed_goes_only_to_who_wants_it(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session)
        add_subscription(session, reviewed_only=False)
        assert queue_alerts(session, event.id, IN_SEATTLE, is_reviewed=False, at=NOW) == 1


def test_an_alert_is_due_at_the_hour_that_was_chosen(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = factories.add_event(session)
        add_subscription(session, cadence="daily", hour=6, timezone="America/Los_Angeles")
        queue_alerts(session, event.id, IN_SEATTLE, is_reviewed=True, at=NOW)
    due_at = alert_of(sessions).due_at.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (due_at.hour, due_at.minute, due_at > NOW, due_at < NOW + timedelta(days=1)) == (6, 0, True, True)


def test_the_database_allows_one_alert_for_an_event_and_a_subscription(sessions: Sessions) -> None:
    with pytest.raises(IntegrityError), sessions.begin() as session:
        alert = add_alert(session)
        add_alert(session, subscription_id=alert.subscription_id, event_id=alert.event_id)


def test_cancelling_leaves_what_was_sent(sessions: Sessions) -> None:
    with sessions.begin() as session:
        subscription = add_subscription(session)
        waiting = add_alert(session, subscription_id=subscription.id)
        sent = add_alert(session, subscription_id=subscription.id, state=AlertState.SENT.value, ended_at=NOW)
        cancel_alerts(session, subscription.id, now=NOW)
        session.expire_all()
        assert (waiting.state, sent.state) == ("cancelled", "sent")
