"""Tests of services/notify.py and endpoints.py over real HTTP: signed, once, tried again, switched off (SAFETY H)."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from oversight.channels.webhook import Webhooks, body_of, signature
from oversight.domain.endpoint import EndpointKind, Note
from oversight.domain.event import Told
from oversight.errors import InvalidInput
from oversight.services.deliver import deliver
from oversight.services.endpoints import add_endpoint, change_secret, checked_url, follow_too, prove
from oversight.services.notify import Herald, notify
from oversight.settings import Settings
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow, DeliveryRow, EndpointRow, SubscriberRow, SubscriptionRow
from tests.factories import ALPR_TITLE, NOW, SECRET, add_alert, add_subscriber, add_subscription
from tests.fakes import FakeChannel, FixedClock
from tests.receiver import Receiver, receiving
from tests.services.sender import make_courier

pytestmark = pytest.mark.enable_socket
ADDRESS = "owner@example.org"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def herald(sessions: Sessions, settings: Settings, receiver: Receiver, clock: FixedClock) -> Herald:
    webhooks = Webhooks(replace(settings, webhook_http=True), allow_hosts=[("127.0.0.1", receiver.port)])
    return Herald(sessions, webhooks, "https://oversight.example.org", SECRET, clock)


@pytest.fixture
def endpoint(sessions: Sessions, receiver: Receiver) -> int:
    """An active webhook whose owner follows the same by mail; its id."""
    return added(sessions, receiver.url)


def added(sessions: Sessions, url: str, kind: EndpointKind = EndpointKind.WEBHOOK) -> int:
    with sessions.begin() as session:
        owner = session.scalars(select(SubscriberRow).where(SubscriberRow.email == ADDRESS)).one_or_none()
        owner = owner or add_subscriber(session, email=ADDRESS)
        row = add_endpoint(session, owner, kind, url, now=NOW)
        assert prove(session, row, str(row.challenge), now=NOW)
        row.asked_at = None
        followed = add_subscription(session, subscriber_id=owner.id, query=f"tech:t{row.subscriber_id}")
        follow_too(session, row, followed, now=NOW)
        return row.subscriber_id


def wait_for(sessions: Sessions, endpoint_id: int, count: int = 1) -> None:
    """Let so many events wait for an endpoint."""
    with sessions.begin() as session:
        row = session.scalars(select(SubscriptionRow).where(SubscriptionRow.subscriber_id == endpoint_id)).one()
        for _ in range(count):
            add_alert(session, subscription_id=row.id)


def clock_of(herald: Herald) -> FixedClock:
    assert isinstance(herald.now, FixedClock)
    return herald.now


def tell(herald: Herald, **wait: float) -> list[str]:
    """Make one pass after a while and wait for its lanes; the states of all alerts."""
    clock_of(herald).advance(**wait)
    notify(herald)
    herald.lanes.wait()
    with reading(herald.sessions) as session:
        return list(session.scalars(select(AlertRow.state).order_by(AlertRow.id)))


def row_of(sessions: Sessions, endpoint_id: int) -> EndpointRow:
    with reading(sessions) as session:
        return session.get_one(EndpointRow, endpoint_id)


def test_an_event_is_told_once_signed_and_says_nothing_of_the_subscriber(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    wait_for(sessions, endpoint)
    assert [tell(herald), tell(herald, minutes=5)] == [["sent"], ["sent"]]
    ((headers, body),) = receiver.received
    stamp, secret = headers["webhook-timestamp"], row_of(sessions, endpoint).secret
    assert stamp == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == "v1," + signature(secret, headers["webhook-id"], stamp, body)
    said = receiver.bodies[0]
    assert (said["type"], said["data"]["title"], said["data"]["reviewed"]) == ("mention", ALPR_TITLE, True)
    assert said["data"]["url"].startswith("https://oversight.example.org/mentions/")
    assert ADDRESS not in body + str(headers)
    with reading(sessions) as session:
        assert session.scalars(select(DeliveryRow.channel)).all() == ["webhook"]


def test_facts_of_one_name_are_one_text_of_several_lines() -> None:
    told = Told("Revised", "Seattle, WA", (("Added", "Cameras"), ("File", "CB 1"), ("Added", "Drones")), "/meetings/1")
    note = Note("key", "agenda_revised", "Agenda revised", NOW, told, True, "https://o.example/meetings/1")
    assert json.loads(json.dumps(body_of(EndpointKind.WEBHOOK, note)))["data"]["facts"] == {
        "Added": "Cameras\nDrones",
        "File": "CB 1",
    }


def test_the_signature_is_that_of_the_standard() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", '{"test": 2432232314}')
    assert found == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_while_one_takes_the_others_place(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    with sessions.begin() as session:
        change_secret(session.get_one(EndpointRow, endpoint), now=NOW)
    counts = []
    for hours in (0, 25):
        wait_for(sessions, endpoint)
        tell(herald, hours=hours)
        counts.append(len(receiver.received[-1][0]["webhook-signature"].split()))
    assert counts == [2, 1]


def test_what_fails_is_tried_again_with_the_same_id_and_pauses_that_grow(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    wait_for(sessions, endpoint, count=3)
    receiver.status = 500
    for minutes in (0, 0.9, 0.1, 4.9, 0.1, 29.9):
        tell(herald, minutes=minutes)
    assert len(receiver.received) == 3
    assert len(set(receiver.ids)) == 1  # the others wait with it
    receiver.status = 200  # with an empty body, which is taken too
    assert tell(herald, minutes=0.1) == ["sent"] * 3
    assert (len(receiver.received), len(set(receiver.ids))) == (6, 3)
    assert row_of(sessions, endpoint).failing_since is None


def test_of_a_long_answer_only_the_beginning_is_read(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    wait_for(sessions, endpoint)
    receiver.status, receiver.answer = 200, b"A" * 200_000
    assert tell(herald) == ["sent"]


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_a_failure(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int, status: int
) -> None:
    wait_for(sessions, endpoint)
    receiver.status, receiver.headers = status, {"Location": receiver.url + "/elsewhere"}
    assert tell(herald) == ["pending"]
    assert len(receiver.received) == 1


def test_who_asks_for_time_gets_it_and_has_not_failed(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    wait_for(sessions, endpoint)
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    tell(herald)
    tell(herald, minutes=9)
    assert (len(receiver.received), row_of(sessions, endpoint).failing_since) == (1, None)
    receiver.status = 204
    assert tell(herald, minutes=1) == ["sent"]


def test_who_is_gone_is_switched_off_at_once_and_the_owner_told(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    wait_for(sessions, endpoint, count=2)
    receiver.status = 410
    tell(herald)
    assert tell(herald, days=1) == ["cancelled", "cancelled"]
    row = row_of(sessions, endpoint)
    assert (row.state, len(receiver.received)) == ("disabled", 1)
    channel = FakeChannel()
    deliver(make_courier(sessions, channel, clock_of(herald)))
    assert (channel.addresses, channel.messages[0].subject) == ([ADDRESS], "A webhook of yours was switched off")


def test_five_days_of_failures_switch_it_off(
    sessions: Sessions, herald: Herald, receiver: Receiver, endpoint: int
) -> None:
    receiver.status = 503
    states = []
    for _ in range(6):
        wait_for(sessions, endpoint)
        tell(herald, days=1)
        states.append(row_of(sessions, endpoint).state)
    assert states == ["active"] * 5 + ["disabled"]


def test_a_slow_one_delays_nobody(
    sessions: Sessions, herald: Herald, settings: Settings, receiver: Receiver, endpoint: int
) -> None:
    wait_for(sessions, endpoint)
    with receiving() as quick:
        receiver.waits_for = quick
        hosts = [("127.0.0.1", one.port) for one in (receiver, quick)]
        webhooks = Webhooks(replace(settings, webhook_http=True), allow_hosts=hosts)
        wait_for(sessions, added(sessions, quick.url), count=3)
        assert tell(replace(herald, webhooks=webhooks)) == ["sent"] * 4


@pytest.mark.parametrize("echoes", [True, False])
def test_an_endpoint_is_told_nothing_before_its_owner_proved_it(
    sessions: Sessions, herald: Herald, receiver: Receiver, echoes: bool
) -> None:
    with sessions.begin() as session:
        owner = add_subscriber(session, email=ADDRESS)
        row = add_endpoint(session, owner, EndpointKind.WEBHOOK, receiver.url, now=NOW)
        follow_too(session, row, add_subscription(session, subscriber_id=owner.id), now=NOW)
        session.flush()
        endpoint = row.subscriber_id
    wait_for(sessions, endpoint)
    receiver.echoes = echoes
    states = tell(herald)
    assert (row_of(sessions, endpoint).state, states) == (("active", ["sent"]) if echoes else ("pending", ["pending"]))
    code = receiver.bodies[0]["data"]["facts"]["challenge"]
    if not echoes:
        with sessions.begin() as session:
            found = session.get_one(EndpointRow, endpoint)
            assert [prove(session, found, one, now=NOW) for one in ("", "wrong", code.upper())] == [False, False, True]
        assert tell(herald) == ["sent"]


@pytest.mark.parametrize(
    ("kind", "key"), [(EndpointKind.SLACK, "text"), (EndpointKind.DISCORD, "embeds"), (EndpointKind.MATRIX, "html")]
)
def test_a_room_gets_a_message_as_its_service_wants_it(
    sessions: Sessions, herald: Herald, receiver: Receiver, kind: EndpointKind, key: str
) -> None:
    wait_for(sessions, added(sessions, receiver.url, kind))
    assert tell(herald) == ["sent"]
    ((headers, _),) = receiver.received
    assert ALPR_TITLE in str(receiver.bodies[0][key])
    assert "webhook-signature" not in headers


@pytest.mark.parametrize(
    "url",
    ["", "http://example.org/hook", "ftp://example.org", "https://user:secret@example.org/", "https://2130706433/"],
)
def test_an_address_that_cannot_be_told_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        checked_url(url, allows_http=False)


def test_a_private_address_is_never_connected_to_not_even_where_feeds_may_be_polled(
    sessions: Sessions, settings: Settings, receiver: Receiver, clock
) -> None:
    endpoint = added(sessions, receiver.url)
    wait_for(sessions, endpoint)
    ours = replace(settings, webhook_http=True, allow_hosts=frozenset({("127.0.0.1", receiver.port)}))
    guarded = Herald(sessions, Webhooks(ours), "https://o.example", SECRET, clock)
    assert tell(guarded) == ["pending"]
    assert receiver.received == []
