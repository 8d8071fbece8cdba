"""Tests of services/bounce.py: who is dead or unwilling is left alone, and nobody else (SAFETY F8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from oversight.channels import Channel, open_channel
from oversight.domain.query_parser import parse
from oversight.domain.sign_up import address_hash
from oversight.domain.subscription import Purpose, Wish
from oversight.domain.suppression import Suppression
from oversight.services.bounce import take_bounce, write_again
from oversight.services.deliver import deliver
from oversight.services.subscribe import sign_up
from oversight.settings import Settings
from oversight.storage.engine import Sessions, reading
from oversight.storage.mailed_links import add_mailed_link, due_mailed_links
from oversight.storage.models import (
    AlertRow,
    ConfirmationRow,
    DeliveryRow,
    SubscriberRow,
    SubscriptionRow,
    SuppressionRow,
)
from oversight.storage.suppressions import add_suppression
from tests.domain.test_bounce import KEY, dsn, report
from tests.factories import NOW, SECRET, add_alert, add_subscriber, add_subscription
from tests.fakes import FakeChannel, FixedClock
from tests.mailserver import MailServer
from tests.services.sender import make_courier

ADDRESS = "reader@example.org"


@pytest.fixture(autouse=True)
def sent(sessions: Sessions) -> None:
    """A mail that went out under KEY, another alert of the same person that waits, and one of another person."""
    with sessions.begin() as session:
        person = add_subscriber(session, email=ADDRESS)
        followed = add_subscription(session, subscriber_id=person.id)
        alert = add_alert(session, subscription_id=followed.id, state="sent", ended_at=NOW)
        row = {"alert_id": alert.id, "attempt": 1, "channel": "smtp", "key": KEY, "started_at": NOW, "outcome": "sent"}
        session.add(DeliveryRow(**row))
        add_alert(session, subscription_id=followed.id)
        add_alert(session)


def come_back(sessions: Sessions, raw: bytes, *, days: int = 0) -> str:
    with sessions.begin() as session:
        return str(take_bounce(session, raw, secret_key=SECRET, now=NOW + timedelta(days=days)))


def standing(sessions: Sessions) -> tuple[list[str], list[str], list[str]]:
    """The reasons of suppressions, the states of subscriptions and of alerts."""
    with reading(sessions) as session:
        return (
            list(session.scalars(select(SuppressionRow.reason).order_by(SuppressionRow.at))),
            list(session.scalars(select(SubscriptionRow.state).order_by(SubscriptionRow.id))),
            list(session.scalars(select(AlertRow.state).order_by(AlertRow.id))),
        )


UNTOUCHED = ([], ["active", "active"], ["sent", "pending", "pending"])


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(dsn("5.1.1"), "bounced"), (report("feedback-report", "Feedback-Type: abuse\n"), "complaint")],
)
def test_a_dead_address_and_a_complaint_end_it_at_once(sessions: Sessions, raw: bytes, reason: str) -> None:
    come_back(sessions, raw)
    assert standing(sessions) == ([reason], ["ended", "active"], ["sent", "cancelled", "pending"])


def test_a_refusal_for_what_we_wrote_is_an_alarm_and_no_fault_of_the_address(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    assert come_back(sessions, dsn("5.7.1")) == "ours"
    assert standing(sessions) == UNTOUCHED
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]
    assert ADDRESS not in caplog.text


def test_an_address_that_is_not_reached_on_five_days_of_thirty_is_given_up(sessions: Sessions) -> None:
    for day in (0, 0, 1, 2, 3, 31, 32):  # never five days within thirty
        come_back(sessions, dsn("4.4.7"), days=day)
    assert standing(sessions) == UNTOUCHED
    come_back(sessions, dsn("4.2.2"), days=33)
    come_back(sessions, dsn("4.2.2"), days=34)
    assert standing(sessions)[0] == []
    come_back(sessions, dsn("4.4.7"), days=35)
    assert standing(sessions)[0] == ["soft"]


def test_a_report_about_no_mail_of_ours_changes_nothing(sessions: Sessions) -> None:
    assert come_back(sessions, dsn("5.1.1", original=f"X-Alert-Key: {'f' * 40}\n")) == "None"
    assert standing(sessions) == UNTOUCHED


def test_a_mail_that_asks_to_stop_stops_what_its_token_names(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.scalars(select(SubscriptionRow).order_by(SubscriptionRow.id)).all()[1].unsubscribe_token = "t" * 43
    for token in ("u" * 43, "t" * 43):
        come_back(sessions, f"From: a@b.example\nSubject: unsubscribe {token}\n\n".encode())
    assert standing(sessions)[1] == ["active", "ended"]


def test_a_link_that_came_back_is_found(sessions: Sessions) -> None:
    with sessions.begin() as session:
        person = add_subscriber(session)
        link = {"subscriber_id": person.id, "requested_at": NOW, "sent_at": NOW, "attempts": 1}
        session.add(ConfirmationRow(**link, key="a" * 40))
    assert come_back(sessions, dsn("5.1.1", original=f"Message-ID: <{'a' * 40}@x>\n")) == "dead"


def test_who_bounced_gets_no_mail_by_signing_up_until_it_is_lifted(sessions: Sessions) -> None:
    come_back(sessions, dsn("5.1.1"))
    queued = []
    for is_lifted in (False, True):
        with sessions.begin() as session:
            if is_lifted:
                assert write_again(session, ADDRESS.upper(), secret_key=SECRET) == "bounced"
            sign_up(session, ADDRESS, Wish(parse("tech:drones")), secret_key=SECRET, now=NOW)
            queued.append(len(due_mailed_links(session, now=NOW)))
    assert queued == [0, 1]


@pytest.fixture
def channel(mail_server: MailServer, settings: Settings) -> Channel:
    """A connection to a real mail server."""
    return open_channel(replace(settings, mail=mail_server.url))


REFUSALS = {
    ("550 5.1.1 no such user", "250 OK"): (["bounced"], False),
    ("550 no such user", "250 OK"): (["bounced"], False),
    ("552 5.2.2 mailbox full", "250 OK"): ([], False),
    ("550 5.7.1 we do not like you", "250 OK"): ([], True),
    ("250 OK", "554 5.7.1 we do not like this"): ([], True),
}


@pytest.mark.enable_socket
@pytest.mark.parametrize("replies", REFUSALS)
def test_what_a_server_refuses_while_we_send(
    sessions: Sessions, mail_server: MailServer, channel: Channel, caplog: pytest.LogCaptureFixture, replies
) -> None:
    with sessions.begin() as session:
        session.delete(session.scalars(select(AlertRow).order_by(AlertRow.id.desc())).first())
    mail_server.at_rcpt, mail_server.at_data = replies
    deliver(make_courier(sessions, channel, FixedClock(NOW)))
    alarms = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert (standing(sessions)[0], bool(alarms)) == REFUSALS[replies]


def test_no_link_is_mailed_to_who_is_written_to_no_more(sessions: Sessions) -> None:
    channel = FakeChannel()
    with sessions.begin() as session:
        person = session.scalars(select(SubscriberRow).where(SubscriberRow.email == ADDRESS)).one()
        add_mailed_link(session, person.id, Purpose.SWITCHED_OFF, due_at=NOW, now=NOW)
        add_suppression(session, address_hash(ADDRESS, secret=SECRET), Suppression.COMPLAINT, now=NOW)
    for _ in range(2):
        assert deliver(make_courier(sessions, channel, FixedClock(NOW + timedelta(hours=1))))["mailed links"] == 0
    assert ADDRESS not in channel.addresses


def test_what_an_older_copy_of_the_data_would_send_is_called_back(sessions: Sessions) -> None:
    channel = FakeChannel()
    with sessions.begin() as session:
        add_suppression(session, address_hash(ADDRESS, secret=SECRET), Suppression.ERASED, now=NOW)
    assert deliver(make_courier(sessions, channel, FixedClock(NOW)))["sent"] == 1
    assert ADDRESS not in channel.addresses
    assert standing(sessions)[1:] == (["ended", "active"], ["sent", "cancelled", "sent"])
