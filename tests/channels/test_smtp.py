"""Tests of channels/smtp.py: for each failure it knows whether the server can have taken the message."""

from dataclasses import replace

import pytest

from oversight.channels.smtp import SmtpChannel
from oversight.errors import ConfigurationError, DeliveryError, DeliveryUncertain
from oversight.settings import Settings
from tests.factories import make_message
from tests.mailserver import MailServer

ADDRESS = "reader@example.org"


@pytest.fixture
def channel(settings: Settings, mail_server: MailServer) -> SmtpChannel:
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


@pytest.mark.parametrize("mail", ["smtp:", "smtp://", "smtps:///"])
def test_an_address_without_a_server_is_refused(settings: Settings, mail: str) -> None:
    with pytest.raises(ConfigurationError, match="names no mail server"):
        SmtpChannel(replace(settings, mail=mail))
