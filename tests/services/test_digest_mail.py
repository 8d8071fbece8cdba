"""Tests of services/compose_digest.py by whole passes: what a digest says, and what a heartbeat says."""

import logging
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from oversight.domain.message import Message
from oversight.services.deliver import deliver, gather_digests
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow
from tests.factories import (
    NOW,
    SEATTLE,
    add_alert,
    add_council,
    add_evening,
    add_event,
    add_item,
    add_meeting,
    add_mention,
    add_subscriber,
    add_subscription,
)
from tests.fakes import FakeChannel, FixedClock
from tests.services.sender import make_courier


class Post:
    """A courier with a fake channel."""

    def __init__(self, sessions: Sessions, clock: FixedClock) -> None:
        self.sessions, self.clock, self.channel = sessions, clock, FakeChannel()

    def deliver(self, **wait: float) -> Counter[str]:
        """Wait, and make one pass."""
        self.clock.advance(**wait)
        return deliver(make_courier(self.sessions, self.channel, self.clock))

    def only(self) -> Message:
        """The one mail that was sent."""
        (message,) = self.channel.messages
        return message


@pytest.fixture
def post(sessions: Sessions, clock: FixedClock) -> Post:
    return Post(sessions, clock)


def test_a_digest_tells_all_once_soonest_first_and_ends_what_it_gathered(post: Post) -> None:
    with post.sessions.begin() as session:
        person = add_subscriber(session)
        follows = [
            add_subscription(
                session, subscriber_id=person.id, cadence="daily", unsubscribe_token=f"tok-{query}", query=query
            )
            for query in ("tech:alpr", f"place:{SEATTLE}")
        ]
        later = add_event(session, mention_id=add_mention(session, title="No meeting yet").id)
        item = add_item(session, meeting_id=add_meeting(session).id)
        sooner = add_event(session, mention_id=add_mention(session, title="Soon decided", item_id=item.id).id)
        for event in (later, sooner):
            for one in follows:
                add_alert(session, subscription_id=one.id, event_id=event.id, in_digest=True)
    assert post.deliver() == {"sent": 1}
    message = post.only()
    assert message.subject.endswith("decided Tue 1 Dec and 1 more")
    assert message.text.index("Soon decided") < message.text.index("No meeting yet")
    assert message.text.count("Soon decided") == (message.html or "").count("Soon decided") == 1
    headers = dict(message.headers)
    assert headers["X-Mail-Kind"] == "digest"
    assert post.deliver(days=2) == {}
    with reading(post.sessions) as session:
        assert Counter(session.scalars(select(AlertRow.state))) == {"sent": 2, "covered": 2}


def test_what_is_decided_tonight_comes_first_although_it_is_tomorrow_in_utc(post: Post) -> None:
    with post.sessions.begin() as session:
        one = add_subscription(session, cadence="daily")
        for title, meeting in (("In December", add_meeting(session)), ("Tonight", add_evening(session))):
            item = add_item(session, meeting_id=meeting.id)
            event = add_event(session, mention_id=add_mention(session, title=title, item_id=item.id).id)
            add_alert(session, subscription_id=one.id, event_id=event.id, in_digest=True)
    assert post.deliver(hours=12.5) == {"sent": 1}
    message = post.only()
    assert message.subject.endswith("decided Fri 20 Nov and 1 more")
    assert message.text.index("Tonight") < message.text.index("In December")


def test_one_click_ends_all_that_a_digest_is_about(post: Post) -> None:
    with post.sessions.begin() as session:
        person = add_subscriber(session)
        for query in ("tech:alpr", f"place:{SEATTLE}"):
            one = add_subscription(session, subscriber_id=person.id, cadence="daily", query=query)
            add_alert(session, subscription_id=one.id, in_digest=True)
    post.deliver()
    assert "?everything=1>, <mailto:" in dict(post.only().headers)["List-Unsubscribe"]
    assert post.only().text.count("You get this because you follow") == 2


def test_what_cannot_be_said_does_not_keep_a_digest_from_going_out(post: Post) -> None:
    with post.sessions.begin() as session:
        one = add_subscription(session, cadence="daily")
        poison = add_event(session, mention_id=None, kind="duty_due", subject="duty:1", told={"bad": 1}, about={})
        add_alert(session, subscription_id=one.id, event_id=poison.id, in_digest=True)
        add_alert(session, subscription_id=one.id, in_digest=True)
    assert post.deliver() == {"sent": 1}
    for _ in range(4):
        post.deliver(days=1)
    with reading(post.sessions) as session:
        assert Counter(session.scalars(select(AlertRow.state))) == {"sent": 1, "failed": 1}


def test_the_twenty_first_mail_of_a_day_comes_in_a_digest(post: Post) -> None:
    with post.sessions.begin() as session:
        one = add_subscription(session, hour=12)
        for _ in range(23):
            add_alert(session, subscription_id=one.id)
    assert post.deliver() == {"sent": 20}
    assert post.deliver(days=1) == {"sent": 1}
    assert "and 2 more" in post.channel.messages[-1].subject


def test_a_heartbeat_says_how_far_we_looked(post: Post) -> None:
    with post.sessions.begin() as session:
        feed = add_council(session)
        seen = {"feed_id": feed.id, "first_seen_at": NOW - timedelta(days=1), "agenda_url": "https://a.example/1"}
        add_meeting(session, **seen)
        add_subscription(session, cadence="weekly", heartbeat_at=NOW, note="For the coalition")
    assert post.deliver() == {"sent": 1}
    message = post.only()
    assert message.subject.startswith("Nothing found in 0 of 1 agendas of your places; 1 feed is silent")
    assert "Seattle" in message.text
    assert "Your note: For the coalition" in message.text
    assert post.deliver(days=1) == {}


def test_a_heartbeat_is_called_back_where_something_happened_since(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    with post.sessions.begin() as session:
        one = add_subscription(session, cadence="weekly", heartbeat_at=NOW)
    gather_digests(make_courier(post.sessions, post.channel, post.clock))
    with post.sessions.begin() as session:
        add_alert(session, subscription_id=one.id, created_at=NOW, in_digest=True, due_at=NOW + timedelta(days=3))
    assert post.deliver() == {"cancelled": 1}
    assert not [record for record in caplog.records if record.levelno >= logging.CRITICAL]
