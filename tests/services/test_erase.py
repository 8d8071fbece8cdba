"""Tests of services/erase.py: who is erased while mails go out, and what is forgotten unasked (SAFETY F6)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from oversight.domain.endpoint import EndpointKind
from oversight.domain.message import Message
from oversight.services.deliver import deliver
from oversight.services.endpoints import add_endpoint, follow_too, prove
from oversight.services.erase import erase, forget_old_traces
from oversight.services.subscribe import unsubscribe
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import DeliveryRow, SubscriberRow, SubscriptionRow
from tests.factories import NOW, SECRET, add_alert, add_event, add_subscriber, add_subscription
from tests.fakes import FakeChannel, FixedClock
from tests.services.sender import make_courier
from tests.web.conftest import rows_of

ADDRESS = "reader@example.org"


class ErasingChannel(FakeChannel):
    """While it hands over its fifth mail, the person is erased."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__()
        self.sessions = sessions

    def send(self, address: str, message: Message) -> None:
        super().send(address, message)
        if len(self.sent) == 5:
            with self.sessions.begin() as session:
                person = session.scalars(select(SubscriberRow).where(SubscriberRow.email == ADDRESS)).one()
                erase(session, person, secret_key=SECRET, now=NOW)


def test_no_mail_goes_out_after_its_person_was_erased(sessions: Sessions) -> None:
    with sessions.begin() as session:
        row = add_subscription(session, subscriber_id=add_subscriber(session, email=ADDRESS).id)
        event = add_event(session)
        others = [add_subscription(session, query=f"tech:t{number}") for number in range(3)]
        for number in range(60):
            state = {} if number else {"in_digest": True}
            add_alert(session, subscription_id=row.id, event_id=add_event(session, mention_id=event.mention_id,
                      subject=f"x:{number}").id, **state)  # fmt: skip
        for other in others:
            add_alert(session, subscription_id=other.id, event_id=event.id, due_at=NOW + timedelta(seconds=1))
    channel = ErasingChannel(sessions)
    clock = FixedClock(NOW + timedelta(seconds=2))
    deliver(make_courier(sessions, channel, clock))
    assert channel.addresses.count(ADDRESS) <= 6  # a digest among them; the one that was under way went out
    assert len(channel.sent) == channel.addresses.count(ADDRESS) + 3
    clock.advance(days=2)
    deliver(make_courier(sessions, channel, clock))
    rows = rows_of(sessions)
    assert ADDRESS not in repr(rows)
    assert (len(rows["alerts"]), len(rows["subscriptions"])) == (3, 3)


@pytest.fixture
def people(sessions: Sessions) -> dict[str, str]:
    """Some who left long ago, lately, or not at all, and one whose webhook goes on; the token of each."""
    tokens = {}
    with sessions.begin() as session:
        for name, left in (("long", 91), ("lately", 80), ("never", None), ("machine", 91)):
            person = add_subscriber(session, email=f"{name}@example.org", created_at=NOW - timedelta(days=400))
            ended = {"state": "ended", "ended_at": NOW - timedelta(days=left)} if left else {}
            row = add_subscription(session, subscriber_id=person.id, note="why", consent_sender="h", **ended)
            row.consent_at = NOW - timedelta(days=left or 10)
            tokens[name] = row.unsubscribe_token
            if name == "machine":
                hook = add_endpoint(session, person, EndpointKind.SLACK, "https://hooks.example.org/x", now=NOW)
                prove(session, hook, str(hook.challenge), now=NOW)
                follow_too(session, hook, row, now=NOW)
        for days in (89, 91):
            alert = add_alert(session)
            moment = NOW - timedelta(days=days)
            session.add(DeliveryRow(alert_id=alert.id, attempt=1, channel="smtp", key="k" * 40, started_at=moment))
    return tokens


def test_who_follows_nothing_for_90_days_is_forgotten_but_for_the_way_out(
    sessions: Sessions, people: dict[str, str]
) -> None:
    with sessions.begin() as session:
        forget_old_traces(session, now=NOW)
    with reading(sessions) as session:
        kept = set(session.scalars(select(SubscriberRow.email).where(SubscriberRow.email.not_like("reader%"))))
        keys = list(session.scalars(select(DeliveryRow.key).order_by(DeliveryRow.started_at)))
        consents = list(session.scalars(select(SubscriptionRow.consent_sender).order_by(SubscriptionRow.id)))[:3]
    assert kept == {"lately@example.org", "never@example.org", "machine@example.org"}
    assert (keys, consents) == ([None, "k" * 40], [None, None, "h"])
    with sessions.begin() as session:
        assert unsubscribe(session, people["long"], everything=True, now=NOW)


def test_forgetting_twice_is_as_good_as_once(sessions: Sessions, people: dict[str, str]) -> None:
    seen = []
    for _ in range(2):
        with sessions.begin() as session:
            forget_old_traces(session, now=NOW)
        seen.append(rows_of(sessions))
    assert people
    assert seen[0] == seen[1]
