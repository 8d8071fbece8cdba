"""Tests of channels/smtp.py: for each failure it knows whether the server can have taken the message."""

from dataclasses import replace

import pytest

from oversight.channels.smtp import SmtpChannel
from oversight.errors import ChannelDown, ConfigurationError, DeliveryError, DeliveryUncertain
from oversight.settings import Settings
from tests.factories import make_message
from tests.mailserver import MailServer

ADDRESS = "reader@example.org"


@pytest.fixture(params=[(), ("PIPELINING",)], ids=["one by one", "in one go"])
def channel(request: pytest.FixtureRequest, settings: Settings, mail_server: MailServer) -> SmtpChannel:
    mail_server.extensions = list(request.param)
    return SmtpChannel(replace(settings, mail=mail_server.url))


def test_a_message_has_one_recipient(channel: SmtpChannel, mail_server: MailServer) -> None:
    channel.send(ADDRESS, make_message())
    (envelope,) = mail_server.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("alerts@oversight.example", [ADDRESS])


@pytest.mark.parametrize(("reply", "is_permanent"), [("450 4.2.1 busy", False), ("550 5.1.1 no such person", True)])
@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_a_refusal_is_certain(
    channel: SmtpChannel, mail_server: MailServer, at: str, reply: str, is_permanent: bool
) -> None:
    setattr(mail_server, at, reply)
    with pytest.raises(DeliveryError) as caught:
        channel.send(ADDRESS, make_message())
    assert (caught.value.permanent, mail_server.received) == (is_permanent, [])
    assert str(caught.value) == f"the mail server answered {reply[:9]}"


@pytest.mark.parametrize("words", [f"<{ADDRESS}> is unknown here", "5th.reader@example.org is unknown here"])
def test_a_refusal_does_not_repeat_what_the_server_says_of_the_address(
    channel: SmtpChannel, mail_server: MailServer, words: str
) -> None:
    mail_server.at_rcpt = f"550 {words}"
    with pytest.raises(DeliveryError) as caught:
        channel.send(ADDRESS, make_message())
    assert "example.org" not in str(caught.value)


def test_silence_after_the_last_dot_is_uncertain(channel: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.drops_after_dot = True
    with pytest.raises(DeliveryUncertain, match="no final answer"):
        channel.send(ADDRESS, make_message())
    assert len(mail_server.received) == 1


def test_the_server_can_be_reached_again_after_it_failed(channel: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.at_rcpt = "451 later"
    with pytest.raises(DeliveryError):
        channel.send(ADDRESS, make_message())
    mail_server.at_rcpt = "250 OK"
    channel.send(ADDRESS, make_message())
    assert len(mail_server.received) == 1


def test_one_connection_serves_many_messages(channel: SmtpChannel, mail_server: MailServer) -> None:
    for _ in range(3):
        channel.send(ADDRESS, make_message())
    assert (len(mail_server.received), mail_server.connections) == (3, 1)
    channel.close()
    channel.send(ADDRESS, make_message())
    assert mail_server.connections == 2


def test_a_connection_that_was_closed_meanwhile_is_opened_again(channel: SmtpChannel, mail_server: MailServer) -> None:
    channel.send(ADDRESS, make_message())
    mail_server.hang_up()
    channel.send(ADDRESS, make_message())
    assert (len(mail_server.received), mail_server.connections) == (2, 2)


def test_a_refused_message_leaves_nothing_behind(channel: SmtpChannel, mail_server: MailServer) -> None:
    mail_server.at_rcpt = "550 5.1.1 no such person"
    with pytest.raises(DeliveryError):
        channel.send("dead@example.org", make_message())
    mail_server.at_rcpt = "250 OK"
    channel.send(ADDRESS, make_message())
    assert ([envelope.rcpt_tos for envelope in mail_server.received], mail_server.connections) == ([[ADDRESS]], 1)


@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_a_server_that_goes_away_takes_no_message(channel: SmtpChannel, mail_server: MailServer, at: str) -> None:
    setattr(mail_server, at, "421 4.3.2 closing")
    with pytest.raises(ChannelDown, match=r"421 4\.3\.2"):
        channel.send(ADDRESS, make_message())


def test_a_bounce_comes_back_under_the_name_of_the_message(settings: Settings, mail_server: MailServer) -> None:
    named = replace(settings, mail=mail_server.url, bounce_domain="bounces.example.org")
    SmtpChannel(named).send(ADDRESS, make_message())
    assert mail_server.received[0].mail_from == f"b+{make_message().key}@bounces.example.org"


def test_a_password_goes_to_another_machine_encrypted_or_not_at_all(
    settings: Settings, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    logins = []
    monkeypatch.setattr("smtplib.SMTP.login", lambda _self, *given: logins.append(given))
    channel = SmtpChannel(replace(settings, mail=mail_server.url.replace("//", "//user:s3cret@")))
    channel.send(ADDRESS, make_message())
    assert logins == [("user", "s3cret")]  # to this machine itself: nobody else can read along
    channel.close()
    monkeypatch.setattr("ipaddress.IPv4Address.is_loopback", False)
    with pytest.raises(ChannelDown, match=r"no STARTTLS, so the password is not sent: write smtps://"):
        channel.send(ADDRESS, make_message())
    assert (len(logins), len(mail_server.received)) == (1, 1)


@pytest.mark.parametrize(
    "mail",
    ["smtp:", "smtp://", "smtps:///", "smtp://localhost:abc", "smtp://localhost:70000", "smtp://h:0", "smtp://[::1"],
)
def test_an_address_without_a_server_or_a_port_that_can_be_is_refused_at_the_start(
    settings: Settings, mail: str
) -> None:
    with pytest.raises(ConfigurationError, match="names no mail server"):
        SmtpChannel(replace(settings, mail=mail))
