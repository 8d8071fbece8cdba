"""What every channel promises, tried on each that is registered."""

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from pathlib import Path

import pytest

from oversight.channels import channels, open_channel
from oversight.errors import ConfigurationError, DeliveryError, DeliveryUncertain
from oversight.settings import Settings
from tests.factories import NOW, make_message
from tests.mailserver import MailServer

ADDRESS = "reader@example.org"
LONG_LINK = f"<https://oversight.of-a-city-with-a-rather-long-name.example.org/u/{'t' * 43}>"
# How each channel's address is written in OVERSIGHT_MAIL, and one where nothing can be delivered.
WORKING = {"file": "file:{folder}/outbox", "smtp": "{server}"}
BROKEN = {"file": "file:{folder}/taken/outbox", "smtp": "smtp://127.0.0.1:1", "smtps": "smtps://127.0.0.1:1"}


@pytest.fixture(params=sorted(WORKING))
def working(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path, mail_server: MailServer):
    """A channel that works, and the bytes it delivered."""
    mail = WORKING[request.param].format(folder=tmp_path, server=mail_server.url)

    def delivered() -> list[bytes]:
        files = sorted((tmp_path / "outbox").glob("*.eml"))
        return [file.read_bytes() for file in files] or [
            bytes(envelope.content or b"") for envelope in mail_server.received
        ]

    return open_channel(replace(settings, mail=mail)), delivered


def read(delivered: Callable[[], list[bytes]]) -> list[Mail]:
    """What was delivered, as mails."""
    return [message_from_bytes(raw, policy=default) for raw in delivered()]


@pytest.fixture(params=sorted(BROKEN))
def broken(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path):
    """A channel that cannot deliver."""
    (tmp_path / "taken").write_text("a file where a folder is wanted")
    return open_channel(replace(settings, mail=BROKEN[request.param].format(folder=tmp_path)))


def test_every_channel_is_tried_here() -> None:
    assert sorted(BROKEN) == channels.names()


def test_an_unknown_scheme_is_told_with_those_that_are_known(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match=r"unknown channel 'pigeon'; known: file, smtp, smtps"):
        open_channel(replace(settings, mail="pigeon:coop"))


def test_a_message_arrives_whole(working) -> None:
    channel, delivered = working
    channel.send(ADDRESS, make_message(subject="Überwachung in Zürich", text="Grüße\n.\n..two dots\nFrom here\n"))
    (mail,) = read(delivered)
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Überwachung in Zürich")
    assert mail.get_content().splitlines() == ["Grüße", ".", "..two dots", "From here"]


def test_a_message_is_marked_as_ours_and_automatic(working, settings: Settings) -> None:
    channel, delivered = working
    channel.send(ADDRESS, make_message())
    (mail,) = read(delivered)
    assert (mail["From"], mail["Auto-Submitted"]) == (settings.mail_from, "auto-generated")
    assert mail["Date"].datetime == NOW


def test_a_retry_has_the_same_message_id(working) -> None:
    channel, delivered = working
    for _ in range(2):
        channel.send(ADDRESS, make_message())
    assert {mail["Message-ID"] for mail in read(delivered)} == {f"<{make_message().key}@oversight.example>"}


def test_a_long_link_in_a_header_is_not_broken_up(working) -> None:
    channel, delivered = working
    channel.send(ADDRESS, make_message(headers=(("List-Unsubscribe", f"{LONG_LINK}, <mailto:stop@example.org>"),)))
    (raw,) = delivered()
    assert f"List-Unsubscribe: {LONG_LINK}, <mailto:stop@example.org>\r\n".encode() in raw


@pytest.mark.parametrize("letter", ["x", "ü"])
def test_no_line_is_longer_than_mail_allows(working, letter: str) -> None:
    channel, delivered = working
    channel.send(ADDRESS, make_message(text=letter * 5_000 + "\n", subject=letter * 150))
    (raw,) = delivered()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_what_certainly_was_not_delivered_may_be_tried_again(broken) -> None:
    with pytest.raises(DeliveryError) as caught:
        broken.send(ADDRESS, make_message())
    assert not caught.value.permanent
    assert not isinstance(caught.value, DeliveryUncertain)
    assert ADDRESS not in str(caught.value)


def test_text_html_and_calendar_arrive_side_by_side(working) -> None:
    channel, delivered = working
    file = "BEGIN:VCALENDAR\r\nSUMMARY:Grüße\r\nEND:VCALENDAR\r\n"
    channel.send(ADDRESS, make_message(text="Grüße\n", html="<p>Grüße</p>" + "x" * 2_000, calendar=file))
    (mail,) = read(delivered)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    plain, html, calendar = (part.get_content() for part in mail.walk() if not part.is_multipart())
    assert (plain.strip(), html.strip(), calendar) == ("Grüße", "<p>Grüße</p>" + "x" * 2_000, file)


@pytest.mark.parametrize("header", [("X-Note", "a\r\nBcc: other@example.org"), ("X-Note\r\nBcc", "a"), ("X", "a\x00")])
def test_no_header_can_bring_another(working, header: tuple[str, str]) -> None:
    channel, delivered = working
    with pytest.raises(DeliveryError, match="no e-mail could be made"):
        channel.send(ADDRESS, make_message(headers=(header,)))
    assert delivered() == []


def test_an_address_that_mail_cannot_carry_is_refused(working) -> None:
    channel, _ = working
    with pytest.raises(DeliveryError):
        channel.send("reader@exämple.org", make_message())
