"""SMTP: `OVERSIGHT_MAIL=smtp://host:25` (STARTTLS where offered) or `smtps://user:password@host:465`."""

import contextlib
import re
import smtplib
import ssl
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from oversight.channels import register
from oversight.channels.mime import whole_mail
from oversight.domain.message import Message
from oversight.errors import ConfigurationError, DeliveryError, DeliveryUncertain
from oversight.settings import Settings

TIMEOUT_SECONDS = 30
ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}


class SmtpChannel:
    """One connection a message; knows for each failure whether the server can have taken the message."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server = urlsplit(settings.mail)
        self._context = ssl.create_default_context()
        if not self._server.hostname:
            raise ConfigurationError("OVERSIGHT_MAIL names no mail server: write smtp://host:25")

    def send(self, address: str, message: Message) -> None:
        sender = self._settings.mail_from
        mail = whole_mail(message, sender=sender, address=address, now=self._settings.now())
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"cannot reach the mail server: {type(error).__name__}", permanent=False) from error
        try:
            _hand_over(connection, parseaddr(sender)[1], address, mail)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server, scheme = self._server, self._server.scheme
        host, port = str(server.hostname), server.port or DEFAULT_PORTS[scheme]
        connection = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=self._context)
            if scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        try:
            connection.ehlo_or_helo_if_needed()
            if scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=self._context)
                connection.ehlo()
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
        except BaseException:
            connection.close()
            raise
        return connection


register("smtp")(SmtpChannel)
register("smtps")(SmtpChannel)


def _hand_over(connection: smtplib.SMTP, sender: str, address: str, mail: bytes) -> None:
    """MAIL, RCPT, DATA; only a silence after the final dot leaves it open whether the message was taken."""
    try:
        for reply in (connection.mail(sender), connection.rcpt(address), connection.docmd("DATA")):
            _require(reply)
        connection.send(smtplib.quotedata(mail.decode("ascii")).rstrip("\r\n"))
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(f"the connection broke off: {type(error).__name__}", permanent=False) from error
    try:
        connection.send(b"\r\n.\r\n")
        reply = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryUncertain(f"no final answer from the mail server: {type(error).__name__}") from error
    _require(reply)


def _require(reply: tuple[int, bytes]) -> None:
    code, words = reply
    if not 200 <= code < 400:
        # The words may quote the address, which must not reach a log or a page: keep the enhanced code only.
        enhanced = ENHANCED_CODE.match(words)
        detail = f" {enhanced.group().decode()}" if enhanced else ""
        raise DeliveryError(f"the mail server answered {code}{detail}", permanent=code >= 500)
