"""SMTP: `OVERSIGHT_MAIL=smtp://host:25` (STARTTLS where offered) or `smtps://user:password@host:465`.

A password goes out encrypted or not at all.
"""

import contextlib
import re
import smtplib
import socket
import ssl
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from oversight.channels import register
from oversight.channels.mime import whole_mail
from oversight.domain.message import Message
from oversight.errors import ChannelDown, ConfigurationError, DeliveryError, DeliveryUncertain
from oversight.settings import Settings, fault_point

TIMEOUT_SECONDS = 30
MOST_ON_ONE = 100  # messages: servers take no more, or slow down
CLOSING = 421  # the server is going away: no message would be taken now
ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
PLAIN_CODES = {550: "5.1.1", 551: "5.1.6", 553: "5.1.3", 552: "5.2.2", 450: "4.2.0", 452: "4.2.2"}  # RFC 5321, 4.2.3
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
MISSPELT = "OVERSIGHT_MAIL names no mail server: write smtp://host:25"
BROKEN = (OSError, smtplib.SMTPException)


class SmtpChannel:
    """Keeps its connection for some messages; knows for each failure whether the server can have taken the message."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server, self._port = _server_of(settings.mail)
        self._context = ssl.create_default_context()
        self._open: smtplib.SMTP | None = None
        self._used = 0

    def send(self, address: str, message: Message) -> None:
        sender = self._settings.mail_from
        mail = whole_mail(message, sender=sender, address=address, now=self._settings.now())
        connection = self._begun(self._envelope_sender(message), address)
        self._used += 1
        try:
            _hand_over(connection, mail)
        except (ChannelDown, DeliveryUncertain):
            self.close()
            raise
        if self._used >= MOST_ON_ONE:
            self.close()

    def close(self) -> None:
        connection, self._open, self._used = self._open, None, 0
        if connection is not None:
            with contextlib.suppress(*BROKEN):
                connection.quit()
            connection.close()

    def _envelope_sender(self, message: Message) -> str:
        """Where a bounce goes: to an address that names the message and nobody, where we have a domain for them."""
        if self._settings.bounce_domain:
            return f"b+{message.key}@{self._settings.bounce_domain}"
        return parseaddr(self._settings.mail_from)[1]

    def _begun(self, sender: str, address: str) -> smtplib.SMTP:
        """A connection that waits for the message. One that was kept may have been closed meanwhile: then a new one."""
        if self._open is not None:
            with contextlib.suppress(*BROKEN, ChannelDown):
                return _begin(self._open, sender, address)
            self.close()
        try:
            self._open = self._connect()
            return _begin(self._open, sender, address)
        except BROKEN as error:
            self.close()
            raise ChannelDown(f"cannot reach the mail server: {type(error).__name__}") from error
        except ChannelDown:
            self.close()
            raise

    def _connect(self) -> smtplib.SMTP:
        server, scheme = self._server, self._server.scheme
        host, port = str(server.hostname), self._port
        connection = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=self._context)
            if scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        try:
            # The end of a message is sent by itself; the system must not keep it back until the rest is acknowledged.
            if connection.sock is not None:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.ehlo_or_helo_if_needed()
            if scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=self._context)
                connection.ehlo()
            if server.username:
                _require_privacy(connection)
                connection.login(unquote(server.username), unquote(server.password or ""))
        except BaseException:
            connection.close()
            raise
        return connection


register("smtp")(SmtpChannel)
register("smtps")(SmtpChannel)


def _server_of(mail: str) -> tuple[SplitResult, int]:
    """The parts of the address, and the port. No message quotes it, for it may hold a password."""
    try:
        server = urlsplit(mail)
        port = server.port
    except ValueError as error:
        raise ConfigurationError(f"{MISSPELT}, with a port up to 65535") from error
    if not server.hostname or port == 0:
        raise ConfigurationError(MISSPELT)
    return server, port or DEFAULT_PORTS[server.scheme]


def _require_privacy(connection: smtplib.SMTP) -> None:
    """Raise ChannelDown where others could read a password on its way to another machine."""
    sock = connection.sock
    if isinstance(sock, ssl.SSLSocket) or (sock is not None and ip_address(sock.getpeername()[0]).is_loopback):
        return
    raise ChannelDown(
        "the mail server offers no STARTTLS, so the password is not sent: write smtps:// in OVERSIGHT_MAIL, "
        "or name a server that offers it"
    )


def _begin(connection: smtplib.SMTP, sender: str, address: str) -> smtplib.SMTP:
    """MAIL, RCPT, DATA: in one go where the server allows it (RFC 2920), else one after the other."""
    commands = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{address}>", "DATA")
    if not connection.has_extn("pipelining"):
        for command in commands:
            _require(connection.docmd(command), connection, is_about_address=command is commands[1])
        return connection
    connection.send("".join(f"{command}\r\n" for command in commands))
    replies = []
    for _ in commands:
        replies.append(connection.getreply())
        if replies[-1][0] == CLOSING:
            break
    refused = next((place for place, reply in enumerate(replies) if not _is_good(reply)), None)
    if refused is None:
        return connection
    if _is_good(replies[-1]):  # it waits for a message to nobody: an empty one ends that
        connection.send(b".\r\n")
        connection.getreply()
    _require(replies[refused], connection, is_about_address=refused == 1)
    return connection


def _hand_over(connection: smtplib.SMTP, mail: bytes) -> None:
    """The message; only a silence after the final dot leaves it open whether it was taken."""
    try:
        connection.send(mail.replace(b"\r\n.", b"\r\n.."))
    except BROKEN as error:
        raise ChannelDown(f"the connection broke off: {type(error).__name__}") from error
    try:
        connection.send(b".\r\n")
        fault_point("after_data_before_ack")
        reply = connection.getreply()
    except BROKEN as error:
        raise DeliveryUncertain(f"no final answer from the mail server: {type(error).__name__}") from error
    _require(reply, connection)


def _is_good(reply: tuple[int, bytes]) -> bool:
    return 200 <= reply[0] < 400


def _require(reply: tuple[int, bytes], connection: smtplib.SMTP, *, is_about_address: bool = False) -> None:
    code, words = reply
    if _is_good(reply):
        return
    # The words may quote the address, which must not reach a log or a page: keep the enhanced code only.
    enhanced = ENHANCED_CODE.match(words)
    said = f"the mail server answered {code}{f' {enhanced.group().decode()}' if enhanced else ''}"
    if code == CLOSING:
        raise ChannelDown(said)
    with contextlib.suppress(*BROKEN):
        connection.rset()
    status = enhanced.group().decode() if enhanced else PLAIN_CODES.get(code, "")
    raise DeliveryError(said, permanent=code >= 500, status=status if is_about_address else "")
