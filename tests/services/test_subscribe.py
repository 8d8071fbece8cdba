"""Tests of services/subscribe.py: ask, confirm by mail, stop; nothing is sent before it is confirmed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.fingerprint import digest
from oversight.domain.query_parser import parse
from oversight.domain.subscription import LINK_LIFE, Purpose, SubscriptionState, Wish
from oversight.errors import InvalidInput
from oversight.services.subscribe import (
    CONSENT_TEXT,
    awaiting_confirmation,
    confirm_subscriptions,
    forget_unconfirmed,
    sign_up,
    unsubscribe,
)
from oversight.storage.engine import Sessions, reading
from oversight.storage.mailed_links import claim_mailed_link, due_mailed_links, end_mailed_link
from oversight.storage.models import AlertRow, ConfirmationRow, SubscriberRow, SubscriptionRow
from tests.factories import NOW, SEATTLE, SECRET, add_alert, add_subscription

ADDRESS = "reader@example.org"
CONFIRMATION_LIFE = LINK_LIFE[Purpose.CONFIRM]
FOLLOWED = f"place:{SEATTLE}"
IN_SEATTLE = Wish(parse(f"place:{SEATTLE}"))
DRONES = Wish(parse("tech:drones"))


def count(session: Session, entity) -> int:
    return session.scalars(select(func.count()).select_from(entity)).one()


def ask(sessions: Sessions, followed: Wish = IN_SEATTLE, *, address: str = ADDRESS, now=NOW) -> None:
    with sessions.begin() as session:
        sign_up(session, address, followed, secret_key=SECRET, now=now)


def mail(sessions: Sessions, token: str = "token", *, now=NOW) -> int:
    """Send the confirmation mails that wait, with this token in the last; how many there were."""
    with sessions.begin() as session:
        waiting = due_mailed_links(session, now=now)
        for identifier in waiting:
            claim_mailed_link(session, identifier, token_hash=digest(token), key="k" * 40, now=now)
            end_mailed_link(session, identifier, sent_at=now, due_at=None)
    return len(waiting)


def press(sessions: Sessions, token: str = "token", *, now=NOW) -> list[str]:
    """Press the button of the confirmation page; the topics that are followed because of it."""
    with sessions.begin() as session:
        return [row.query.text for row in confirm_subscriptions(session, token, now=now)]


def states(sessions: Sessions) -> list[str]:
    with reading(sessions) as session:
        return list(session.scalars(select(SubscriptionRow.state).order_by(SubscriptionRow.id)))


def test_signing_up_waits_for_the_mail_to_be_confirmed(sessions: Sessions) -> None:
    ask(sessions)
    assert states(sessions) == ["pending"]
    with reading(sessions) as session:
        assert len(due_mailed_links(session, now=NOW)) == 1


def test_confirming_starts_the_subscription_and_keeps_the_proof(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions)
    assert press(sessions) == [FOLLOWED]
    with reading(sessions) as session:
        row = session.scalars(select(SubscriptionRow)).one()
    assert (row.state, row.consent_at, row.consent_text) == ("active", NOW, CONSENT_TEXT)


def test_only_the_hash_of_a_token_is_kept(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions, "token")
    with reading(sessions) as session:
        row = session.scalars(select(ConfirmationRow)).one()
    assert "token" not in {str(getattr(row, name)) for name in ConfirmationRow.__table__.columns.keys()}  # noqa: SIM118


def test_looking_at_the_page_confirms_nothing(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions)
    with sessions.begin() as session:
        assert [row.query.text for row in awaiting_confirmation(session, "token", now=NOW)] == [FOLLOWED]
    assert states(sessions) == ["pending"]


def test_a_link_works_once(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions)
    assert [press(sessions), press(sessions)] == [[FOLLOWED], []]


def test_a_link_works_for_48_hours(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions)
    assert press(sessions, now=NOW + CONFIRMATION_LIFE) == []
    assert press(sessions, now=NOW + CONFIRMATION_LIFE - timedelta(seconds=1)) == [FOLLOWED]


@pytest.mark.parametrize("token", ["", "other", "\x00", "\ud800", "t" * 10_000])
def test_an_unknown_token_does_nothing(sessions: Sessions, token: str) -> None:
    ask(sessions)
    mail(sessions)
    assert press(sessions, token) == []
    assert states(sessions) == ["pending"]


def test_asking_again_while_a_mail_is_under_way_sends_no_second_one(sessions: Sessions) -> None:
    ask(sessions)
    ask(sessions)
    assert mail(sessions) == 1
    ask(sessions)
    assert mail(sessions) == 0


def test_one_mail_confirms_all_that_was_asked_for(sessions: Sessions) -> None:
    ask(sessions)
    ask(sessions, DRONES)
    assert mail(sessions) == 1
    assert sorted(press(sessions)) == [FOLLOWED, "tech:drones"]


def test_asking_again_after_the_link_expired_sends_a_new_one(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions)
    later = NOW + CONFIRMATION_LIFE + timedelta(seconds=1)
    ask(sessions, now=later)
    assert mail(sessions, "second", now=later) == 1
    assert press(sessions, "second", now=later) == [FOLLOWED]


def test_asking_for_what_is_active_changes_and_sends_nothing(sessions: Sessions) -> None:
    ask(sessions)
    mail(sessions)
    press(sessions)
    later = NOW + timedelta(days=3)
    ask(sessions, now=later)
    assert (states(sessions), mail(sessions, now=later)) == (["active"], 0)


def test_who_left_can_come_back(sessions: Sessions) -> None:
    with sessions.begin() as session:
        row = add_subscription(session, state=SubscriptionState.ENDED.value, ended_at=NOW)
        address = session.get_one(SubscriberRow, row.subscriber_id).email
    ask(sessions, address=address)
    mail(sessions)
    assert press(sessions) == [FOLLOWED]
    with reading(sessions) as session:
        assert session.scalars(select(SubscriptionRow)).one().ended_at is None


@pytest.mark.parametrize("address", ["Reader@Example.ORG", " reader@example.org\n", "READER@EXAMPLE.ORG"])
def test_one_address_however_written_is_one_subscriber(sessions: Sessions, address: str) -> None:
    ask(sessions)
    ask(sessions, DRONES, address=address)
    with reading(sessions) as session:
        assert session.scalars(select(SubscriberRow.email)).all() == [ADDRESS]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "reader@",
        "@example.org",
        "reader@localhost",
        "reader@example.org, other@example.org",
        "reader@example.org\nBcc: other@example.org",
        "Reader <reader@example.org>",
        "r\u00e9ader@example.org",
        "a" * 300 + "@example.org",
    ],
)
def test_what_is_not_one_address_we_can_write_to_is_refused(sessions: Sessions, address: str) -> None:
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        ask(sessions, address=address)


def test_an_address_in_another_script_is_kept_as_servers_write_it(sessions: Sessions) -> None:
    ask(sessions, address="reader@b\u00fccher.example.org")
    with reading(sessions) as session:
        assert session.scalars(select(SubscriberRow.email)).one() == "reader@xn--bcher-kva.example.org"


def test_unsubscribing_ends_one_subscription_and_calls_its_mails_back(sessions: Sessions) -> None:
    with sessions.begin() as session:
        alert = add_alert(session)
        ended, other = session.get_one(SubscriptionRow, alert.subscription_id), add_subscription(session)
        assert unsubscribe(session, ended.unsubscribe_token, everything=False, now=NOW)
        session.flush()
        session.expire_all()
        assert (ended.state, ended.ended_at, other.state) == ("ended", NOW, "active")
        assert session.scalars(select(AlertRow.state)).one() == "cancelled"


def test_unsubscribing_from_everything_ends_all_of_one_persons_subscriptions(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = add_subscription(session)
        add_subscription(session, subscriber_id=first.subscriber_id, query="place:elsewhere")
        add_subscription(session)
        unsubscribe(session, first.unsubscribe_token, everything=True, now=NOW)
    assert states(sessions) == ["ended", "ended", "active"]


def test_unsubscribing_twice_is_as_good_as_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        row = add_subscription(session)
        for days in (0, 400):
            assert unsubscribe(session, row.unsubscribe_token, everything=False, now=NOW + timedelta(days=days))
        assert row.ended_at == NOW


@pytest.mark.parametrize("token", ["", "other", "\x00", "\ud800"])
def test_a_token_that_never_was_one_ends_nothing(sessions: Sessions, token: str) -> None:
    with sessions.begin() as session:
        add_subscription(session)
        assert not unsubscribe(session, token, everything=True, now=NOW)
    assert states(sessions) == ["active"]


def test_the_token_of_a_subscription_stays_the_same_when_its_owner_comes_back(sessions: Sessions) -> None:
    with sessions.begin() as session:
        row = add_subscription(session, state=SubscriptionState.ENDED.value)
        address, token = session.get_one(SubscriberRow, row.subscriber_id).email, row.unsubscribe_token
    ask(sessions, address=address)
    with reading(sessions) as session:
        assert session.scalars(select(SubscriptionRow.unsubscribe_token)).one() == token


def test_what_is_not_confirmed_is_forgotten_after_seven_days(sessions: Sessions) -> None:
    ask(sessions)
    with sessions.begin() as session:
        forget_unconfirmed(session, now=NOW + timedelta(days=7, seconds=1))
        assert [count(session, entity) for entity in (SubscriptionRow, SubscriberRow, ConfirmationRow)] == [0, 0, 0]


def test_asking_again_gives_seven_more_days(sessions: Sessions) -> None:
    ask(sessions)
    ask(sessions, now=NOW + timedelta(days=6))
    with sessions.begin() as session:
        forget_unconfirmed(session, now=NOW + timedelta(days=8))
    assert states(sessions) == ["pending"]


def test_what_is_confirmed_is_never_forgotten(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_subscription(session)
        forget_unconfirmed(session, now=NOW + timedelta(days=400))
    assert states(sessions) == ["active"]
