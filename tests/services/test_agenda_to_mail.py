"""The whole way: an agenda appears in a Legistar answer, and a mail is in a mail server before the vote."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

from oversight.channels import open_channel
from oversight.domain.mention import MentionState
from oversight.services.collect import collect
from oversight.services.deliver import deliver
from oversight.settings import Settings
from oversight.storage.models import AlertRow
from tests.factories import ALPR_TITLE, SEATTLE, add_subscription
from tests.mailserver import MailServer
from tests.services.sender import make_courier
from tests.services.townhall import Townhall, entry

MINUTE = timedelta(minutes=1)
COMMENT = "To speak, sign up by noon at https://council.example.org/comment"


def test_an_agenda_is_in_the_mail_within_one_poll_and_a_minute_and_before_the_meeting(
    townhall: Townhall, settings: Settings, mail_server: MailServer
) -> None:
    poller = townhall.poller
    courier = make_courier(poller.sessions, open_channel(replace(settings, mail=mail_server.url)), poller.clock)
    with poller.sessions.begin() as session:
        add_subscription(session, query=f"place:{SEATTLE} tech:alpr", reviewed_only=False)
        add_subscription(session, query="tech:alpr", reviewed_only=True)
        add_subscription(session, query="tech:drones", reviewed_only=False)
    townhall.meet(1, "2026-12-01", EventComment=COMMENT)
    townhall.poll()
    townhall.agenda(1, entry(1, "Roads"), entry(2, ALPR_TITLE))
    appeared, due = poller.clock.moment, poller.feed().next_due_at
    while not mail_server.received:  # the clock's ticks: what is due is polled, and then delivered
        poller.clock.moment += MINUTE
        assert poller.clock.moment <= due + MINUTE
        collect(poller.collector)
        deliver(courier)
    meeting = townhall.meeting(1)
    assert due - appeared <= timedelta(minutes=66)  # an hour and its jitter
    assert (meeting.starts_at or appeared) > poller.clock.moment
    assert (meeting.how_to_comment, [one.state for one in townhall.mentions]) == (COMMENT, [MentionState.PENDING])
    assert [one.state for one in townhall.rows(AlertRow)] == ["sent"]
    (envelope,) = mail_server.received
    mail = message_from_bytes(bytes(envelope.content or b""), policy=default)
    assert mail["Subject"].startswith("Seattle, WA: automated")
    assert "decided Tue 1 Dec" in mail["Subject"]
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    for said in (ALPR_TITLE, f"How to comment: {COMMENT}", "Tuesday 1 December 2026, 14:00", "No editor has read this"):
        assert said in words
