"""Tests of services/deliver.py: each alert once, whatever the channel does; each doubt counted."""

import re
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update

from oversight.channels import open_channel
from oversight.domain.alert import LEASE, UNCERTAIN_RETRY
from oversight.domain.breaker import Breaker
from oversight.domain.mention import Stage
from oversight.domain.message import Message
from oversight.domain.query_parser import parse
from oversight.domain.reading import MeetingStatus
from oversight.domain.subscription import SubscriptionState, Wish
from oversight.errors import ChannelDown
from oversight.services.courier import Courier
from oversight.services.deliver import deliver
from oversight.services.review import confirm
from oversight.services.subscribe import confirm_subscriptions, sign_up, unsubscribe
from oversight.settings import Settings
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow, DeliveryRow, SubscriberRow, SubscriptionRow
from tests.factories import (
    NOW,
    SEATTLE,
    SECRET,
    add_alert,
    add_event,
    add_item,
    add_meeting,
    add_mention,
    add_subscription,
)
from tests.fakes import FakeChannel, FixedClock, run_in_process
from tests.mailserver import MailServer
from tests.services.sender import make_courier, send_and_die


@dataclass
class Outbox:
    """A courier with a fake channel, and a look at what became of the alerts."""

    sessions: Sessions
    channel: FakeChannel
    clock: FixedClock
    breaker: Breaker

    @property
    def courier(self) -> Courier:
        return replace(make_courier(self.sessions, self.channel, self.clock), breaker=self.breaker)

    def deliver(self, **wait: float) -> Counter[str]:
        """Wait, and make one pass."""
        self.clock.advance(**wait)
        return deliver(self.courier)

    def alert(self) -> AlertRow:
        with reading(self.sessions) as session:
            return session.scalars(select(AlertRow)).one()

    def attempts(self) -> list[str | None]:
        """How each attempt ended."""
        with reading(self.sessions) as session:
            return list(session.scalars(select(DeliveryRow.outcome).order_by(DeliveryRow.attempt)))


@pytest.fixture
def outbox(sessions: Sessions, clock: FixedClock) -> Outbox:
    """An outbox with nothing in it."""
    return Outbox(sessions, FakeChannel(), clock, Breaker(lambda: clock().timestamp()))


@pytest.fixture
def waiting(outbox: Outbox) -> Outbox:
    """An outbox with one alert in it."""
    with outbox.sessions.begin() as session:
        add_alert(session)
    return outbox


@dataclass
class After:
    """A channel that does something after its first message."""

    inner: FakeChannel
    work: Callable[[], object]

    def send(self, address: str, message: Message) -> None:
        self.inner.send(address, message)
        if len(self.inner.sent) == 1:
            self.work()

    def close(self) -> None:
        """Nothing is open."""


def deliver_and(outbox: Outbox, work: Callable[[Courier], object]) -> Counter[str]:
    """One pass over three alerts, with work after the first message."""
    courier = outbox.courier
    with outbox.sessions.begin() as session:
        for _ in range(3):
            add_alert(session)
    return deliver(replace(courier, channel=After(outbox.channel, lambda: work(courier))))


def standing(outbox: Outbox) -> list[tuple[str, int]]:
    """State and attempts of every alert."""
    with reading(outbox.sessions) as session:
        return [tuple(row) for row in session.execute(select(AlertRow.state, AlertRow.attempts).order_by(AlertRow.id))]


def test_who_leaves_while_a_page_is_sent_gets_nothing(outbox: Outbox) -> None:
    def leave(_: Courier) -> None:
        with outbox.sessions.begin() as session:
            session.execute(update(SubscriptionRow).where(SubscriptionRow.id == 2).values(state="ended"))

    assert deliver_and(outbox, leave) == {"sent": 2}
    assert standing(outbox) == [("sent", 1), ("cancelled", 0), ("sent", 1)]


def test_what_a_stopped_sender_had_taken_waits_as_before(outbox: Outbox) -> None:
    assert deliver_and(outbox, lambda courier: courier.stop.set()) == {"sent": 1}
    assert standing(outbox) == [("sent", 1), ("pending", 0), ("pending", 0)]
    assert outbox.deliver() == {"sent": 2}


def test_another_sender_takes_what_a_slow_one_holds_too_long(outbox: Outbox) -> None:
    others: list[Counter[str]] = []
    assert deliver_and(outbox, lambda _: others.append(outbox.deliver(minutes=2))) == {"sent": 1}
    assert others == [{"sent": 2}]
    assert (len(outbox.channel.sent), outbox.attempts()) == (3, ["sent"] * 3)


def token_in(outbox: Outbox) -> str:
    """The token of the confirmation mail that was sent last."""
    found = re.search(r"/subscriptions/confirm/(\S+)", outbox.channel.messages[-1].text)
    assert found
    return found[1]


# The whole way


def test_from_the_wish_to_the_mail_and_out_again(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        sign_up(session, "reader@example.org", Wish(parse(f"place:{SEATTLE}")), secret_key=SECRET, now=NOW)
        mention_id = add_mention(session).id
    assert outbox.deliver() == {"mailed links": 1}
    with outbox.sessions.begin() as session:
        (subscription,) = confirm_subscriptions(session, token_in(outbox), now=NOW)
        token = subscription.unsubscribe_token
    with outbox.sessions.begin() as session:
        confirm(session, mention_id, reviewer="ann", reason="", now=NOW)
    assert outbox.deliver() == {"sent": 1}
    assert outbox.channel.addresses == ["reader@example.org"] * 2
    with outbox.sessions.begin() as session:
        unsubscribe(session, token, everything=False, now=NOW)
        other = add_mention(session).id
    with outbox.sessions.begin() as session:
        confirm(session, other, reviewer="ann", reason="", now=NOW)
    assert outbox.deliver() == {}


def test_nothing_is_sent_to_who_did_not_confirm(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        sign_up(session, "reader@example.org", Wish(parse(f"place:{SEATTLE}")), secret_key=SECRET, now=NOW)
        mention_id = add_mention(session).id
    outbox.deliver()
    with outbox.sessions.begin() as session:
        confirm(session, mention_id, reviewer="ann", reason="", now=NOW)
    outbox.deliver(days=1)
    assert [message.subject for message in outbox.channel.messages] == ["Please confirm: alerts from Oversight"]


def test_a_delivered_alert_is_not_sent_again(waiting: Outbox) -> None:
    assert waiting.deliver() == {"sent": 1}
    assert waiting.deliver(days=30) == {}
    assert (waiting.alert().state, waiting.attempts()) == ("sent", ["sent"])


def test_many_alerts_are_sent_in_one_pass(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        event = add_event(session)
        for _ in range(120):
            add_alert(session, event_id=event.id)
    assert outbox.deliver() == {"sent": 120}
    assert len(set(outbox.channel.addresses)) == 120


def test_an_alert_of_a_subscription_that_ended_is_not_sent(waiting: Outbox) -> None:
    with waiting.sessions.begin() as session:
        session.scalars(select(SubscriptionRow)).one().state = SubscriptionState.ENDED.value
    assert waiting.deliver() == {}
    assert (waiting.channel.sent, waiting.alert().state) == ([], "cancelled")


def test_unsubscribing_calls_back_what_waits(waiting: Outbox) -> None:
    with waiting.sessions.begin() as session:
        unsubscribe(
            session, session.scalars(select(SubscriptionRow.unsubscribe_token)).one(), everything=False, now=NOW
        )
    assert waiting.deliver() == {}
    assert waiting.alert().state == "cancelled"


# Refusals


def test_a_refused_alert_waits_and_is_tried_again(waiting: Outbox) -> None:
    waiting.channel.refuses()
    assert waiting.deliver() == {"pending": 1}
    assert waiting.deliver(seconds=59) == {}
    waiting.channel.accepts()
    assert waiting.deliver(seconds=1) == {"sent": 1}
    assert waiting.attempts() == ["pending", "sent"]


def test_an_alert_refused_for_good_is_given_up(waiting: Outbox) -> None:
    waiting.channel.refuses(permanent=True)
    assert waiting.deliver() == {"failed": 1}
    assert waiting.deliver(days=5) == {}


def test_an_alert_that_is_always_refused_is_given_up_after_three_days(waiting: Outbox) -> None:
    waiting.channel.refuses()
    passes = [waiting.deliver(hours=1) for _ in range(80)]
    assert passes[-1] == {}
    assert waiting.alert().state == "failed"
    assert waiting.alert().ended_at - NOW <= timedelta(hours=72)


def test_one_refused_alert_does_not_stop_the_others(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        first, second = add_alert(session), add_alert(session, due_at=NOW + timedelta(minutes=2))
    outbox.channel.refuses()
    outbox.deliver()
    outbox.channel.accepts()
    assert outbox.deliver(minutes=2) == {"sent": 2}
    assert first.id != second.id


# What cannot be said, and nobody who listens


def test_what_cannot_be_put_into_words_is_given_up_after_three_tries_and_the_rest_goes_out(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        poison = add_event(session, mention_id=None, kind="duty_due", subject="duty:1", told={"bad": 1}, about={})
        poisoned = add_alert(session, event_id=poison.id).id
        add_alert(session)
    assert outbox.deliver() == {"pending": 1, "sent": 1}
    passes = [outbox.deliver(hours=1) for _ in range(4)]
    assert [dict(one) for one in passes] == [{"pending": 1}, {"failed": 1}, {}, {}]
    with reading(outbox.sessions) as session:
        assert session.get_one(AlertRow, poisoned).state == "failed"


def test_where_nobody_listens_five_are_tried_and_then_one_a_minute(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        event = add_event(session)
        for _ in range(10):
            add_alert(session, event_id=event.id)
    outbox.channel.breaks(ChannelDown("nobody listens"))
    assert outbox.deliver() == {"pending": 5}
    assert outbox.deliver(seconds=20) == {}
    assert outbox.deliver(seconds=40) == {"pending": 1}
    outbox.channel.accepts()
    assert outbox.deliver(seconds=60) == {"sent": 10}


def test_what_nobody_took_for_three_days_is_given_up(waiting: Outbox) -> None:
    with waiting.sessions.begin() as session:
        for _ in range(8):
            add_alert(session)
    waiting.channel.breaks(ChannelDown("nobody listens"))
    waiting.deliver()
    waiting.deliver(hours=73)
    assert waiting.deliver() == {}
    with reading(waiting.sessions) as session:
        assert set(session.scalars(select(AlertRow.state))) == {"failed"}


# Doubt


def test_an_alert_that_may_have_been_taken_is_tried_once_more_and_then_left(waiting: Outbox) -> None:
    waiting.channel.is_uncertain()
    assert waiting.deliver() == {"uncertain": 1}
    assert waiting.deliver(minutes=14) == {}
    assert waiting.deliver(minutes=1) == {"uncertain": 1}
    assert waiting.deliver(days=30) == {}
    assert (waiting.alert().state, waiting.attempts()) == ("uncertain", ["uncertain", "uncertain"])


def test_every_copy_of_an_alert_has_the_same_key(waiting: Outbox) -> None:
    waiting.channel.is_uncertain()
    waiting.deliver()
    waiting.channel.accepts()
    assert waiting.deliver(minutes=15) == {"sent": 1}
    assert len({message.key for message in waiting.channel.messages}) == 1
    assert len({dict(message.headers)["X-Alert-Key"] for message in waiting.channel.messages}) == 1


def test_a_refusal_after_a_doubt_ends_it(waiting: Outbox) -> None:
    waiting.channel.is_uncertain()
    waiting.deliver()
    waiting.channel.refuses()
    assert waiting.deliver(minutes=15) == {"uncertain": 1}
    assert waiting.deliver(days=30) == {}


def test_an_alert_in_doubt_is_called_back_by_unsubscribing(waiting: Outbox) -> None:
    waiting.channel.is_uncertain()
    waiting.deliver()
    with waiting.sessions.begin() as session:
        unsubscribe(
            session, session.scalars(select(SubscriptionRow.unsubscribe_token)).one(), everything=False, now=NOW
        )
    assert waiting.deliver(minutes=15) == {}


def test_after_a_kill_while_sending_the_alert_is_tried_once_more(waiting: Outbox) -> None:
    url = waiting.sessions.kw["bind"].url.render_as_string(hide_password=False)
    assert run_in_process(send_and_die, url) == -signal.SIGKILL
    assert waiting.alert().state == "sending"
    assert waiting.deliver(seconds=LEASE.total_seconds()) == {}
    assert waiting.deliver(seconds=1) == {}
    assert waiting.alert().state == "uncertain"
    assert waiting.deliver(seconds=UNCERTAIN_RETRY.total_seconds()) == {"sent": 1}
    assert waiting.attempts() == ["uncertain", "sent"]


def test_a_channel_that_breaks_does_not_make_an_alert_come_back_for_ever(waiting: Outbox) -> None:
    waiting.channel.breaks(ValueError("no channel should"))
    for _ in range(2):
        with pytest.raises(ValueError, match="no channel should"):
            waiting.deliver(hours=1)
        waiting.deliver(minutes=6)
    assert waiting.deliver(days=30) == {}
    assert (waiting.alert().state, len(waiting.attempts())) == ("uncertain", 2)


# Confirmations


def test_a_confirmation_that_was_refused_is_tried_again_with_a_token_that_works(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        sign_up(session, "reader@example.org", Wish(parse(f"place:{SEATTLE}")), secret_key=SECRET, now=NOW)
    outbox.channel.refuses()
    assert outbox.deliver() == {"mailed links": 0}
    outbox.channel.accepts()
    assert outbox.deliver(minutes=5) == {"mailed links": 1}
    with outbox.sessions.begin() as session:
        assert len(confirm_subscriptions(session, token_in(outbox), now=outbox.clock())) == 1


def test_a_confirmation_that_may_have_been_taken_is_not_sent_twice(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        sign_up(session, "reader@example.org", Wish(parse(f"place:{SEATTLE}")), secret_key=SECRET, now=NOW)
    outbox.channel.is_uncertain()
    assert outbox.deliver() == {"mailed links": 0}
    assert outbox.deliver(hours=1) == {}


def test_whose_confirmation_did_not_arrive_gets_another_a_day_later(outbox: Outbox) -> None:
    for outcome in (outbox.channel.is_uncertain, outbox.channel.accepts):
        outcome()
        with outbox.sessions.begin() as session:
            wish = Wish(parse(f"place:{SEATTLE}"))
            sign_up(session, "reader@example.org", wish, secret_key=SECRET, now=outbox.clock())
        outbox.deliver(minutes=1)
    assert len(outbox.channel.sent) == 1
    assert outbox.deliver(hours=24) == {"mailed links": 1}


def test_a_confirmation_refused_for_good_is_given_up(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        sign_up(session, "reader@example.org", Wish(parse(f"place:{SEATTLE}")), secret_key=SECRET, now=NOW)
    outbox.channel.refuses(permanent=True)
    assert outbox.deliver() == {"mailed links": 0}
    assert outbox.deliver(hours=1) == {}


def test_a_confirmation_repeats_nothing_that_was_typed(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        sign_up(session, "reader@example.org", Wish(parse("tech:buy-cheap-watches")), secret_key=SECRET, now=NOW)
    outbox.deliver()
    assert "watches" not in outbox.channel.messages[0].text + outbox.channel.messages[0].subject


# What a mail says


def sent_about(outbox: Outbox, *, base_url: str = "https://oversight.example.org", **mention: object):
    """The mail about a mention."""
    with outbox.sessions.begin() as session:
        event = add_event(session, mention_id=add_mention(session, **mention).id)
        add_alert(session, event_id=event.id, subscription_id=add_subscription(session, unsubscribe_token="tok").id)
    deliver(replace(outbox.courier, base_url=base_url))
    return outbox.channel.messages[0]


def test_a_mail_says_what_where_why_and_how_to_stop(outbox: Outbox) -> None:
    text = sent_about(outbox, stage="policy_proposed", amount={"value": "250000", "currency": "USD"}).text
    for words in ("Seattle, Washington", "Automated licence-plate reader", Stage.POLICY_PROPOSED.label, "USD"):
        assert words in text
    assert "https://oversight.example.org/u/tok" in text
    assert "because you follow Seattle, WA" in text


def test_a_mail_can_be_stopped_with_one_click(outbox: Outbox) -> None:
    headers = dict(sent_about(outbox).headers)
    assert headers["List-Unsubscribe"].startswith("<https://oversight.example.org/u/tok>, <mailto:")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_names_the_hour_of_the_meeting_where_it_is_held(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        item = add_item(session, meeting_id=add_meeting(session).id)
    text = " ".join(sent_about(outbox, item_id=item.id).text.split())
    assert "Tuesday 1 December 2026, 14:00 (America/Los_Angeles)" in text


def test_a_mail_brings_the_calendar_entry_of_a_meeting_to_come(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        item = add_item(session, meeting_id=add_meeting(session, how_to_comment="Write to the clerk.").id)
    message = sent_about(outbox, item_id=item.id)
    assert "Write to the clerk." in message.text
    assert "DTSTART:20261201T220000Z" in (message.calendar or "")
    assert "decided Tue 1 Dec" in message.subject


@pytest.mark.parametrize(("days", "expected"), [(0, True), (11, True), (13, False)])
def test_the_entry_comes_until_the_day_of_the_meeting_is_over_there(outbox: Outbox, days: int, expected: bool) -> None:
    with outbox.sessions.begin() as session:
        item = add_item(session, meeting_id=add_meeting(session).id)
    outbox.clock.advance(days=days)
    assert (sent_about(outbox, item_id=item.id).calendar is not None) == expected


def test_a_mail_says_that_a_meeting_is_cancelled(outbox: Outbox) -> None:
    with outbox.sessions.begin() as session:
        meeting = add_meeting(session, status=MeetingStatus.CANCELLED.value, starts_at=None)
        item = add_item(session, meeting_id=meeting.id)
    text = sent_about(outbox, item_id=item.id).text.lower()
    assert "cancelled" in text
    assert "hour not known" in text


def test_no_title_can_add_a_header(outbox: Outbox) -> None:
    subject = sent_about(outbox, title="A vote\r\nBcc: other@example.org\u2028x" + "y" * 300).subject
    assert len(subject.splitlines()) == 1
    assert len(subject) <= 150


def test_a_mention_without_title_place_or_technology_still_makes_a_mail(outbox: Outbox) -> None:
    message = sent_about(outbox, title="", places=[], technologies=(), stage=None, vendors=[])
    assert message.subject
    assert "No place named" in message.text


# Real mail


def courier_by_mail(outbox: Outbox, settings: Settings, mail: str) -> Courier:
    return replace(outbox.courier, channel=open_channel(replace(settings, mail=mail)))


def test_an_alert_arrives_over_smtp(waiting: Outbox, settings: Settings, mail_server: MailServer) -> None:
    assert deliver(courier_by_mail(waiting, settings, mail_server.url)) == {"sent": 1}
    with reading(waiting.sessions) as session:
        address = session.scalars(select(SubscriberRow.email)).one()
    assert [envelope.rcpt_tos for envelope in mail_server.received] == [[address]]


@pytest.mark.parametrize(("reply", "state"), [("450 4.2.1 busy", "pending"), ("550 5.1.1 no such person", "failed")])
def test_a_refusal_over_smtp_is_certain(
    waiting: Outbox, settings: Settings, mail_server: MailServer, reply: str, state: str
) -> None:
    mail_server.at_rcpt = reply
    assert deliver(courier_by_mail(waiting, settings, mail_server.url)) == {state: 1}


def test_silence_after_the_dot_is_tried_once_more_with_the_same_message_id(
    waiting: Outbox, settings: Settings, mail_server: MailServer
) -> None:
    mail_server.drops_after_dot = True
    courier = courier_by_mail(waiting, settings, mail_server.url)
    passes = []
    for _ in range(4):
        passes.append(deliver(courier))
        waiting.clock.advance(minutes=15)
    mails = [message_from_bytes(bytes(envelope.content or b""), policy=default) for envelope in mail_server.received]
    assert passes == [{"uncertain": 1}, {"uncertain": 1}, {}, {}]
    assert len({(mail["Message-ID"], mail["X-Alert-Key"]) for mail in mails}) == 1


def test_a_mail_server_that_is_away_loses_nothing(waiting: Outbox, settings: Settings, mail_server: MailServer) -> None:
    assert deliver(courier_by_mail(waiting, settings, "smtp://127.0.0.1:1")) == {"pending": 1}
    waiting.clock.advance(minutes=1)
    assert deliver(courier_by_mail(waiting, settings, mail_server.url)) == {"sent": 1}


def test_an_alert_becomes_one_file_in_the_outbox(waiting: Outbox, settings: Settings) -> None:
    deliver(courier_by_mail(waiting, settings, "file:"))
    (file,) = (settings.instance / "outbox").glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["X-Alert-Key"] == file.stem
