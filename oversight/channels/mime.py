"""A message as an e-mail (RFC 5322)."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from oversight.domain.message import Message
from oversight.errors import DeliveryError

LINE_LENGTH = 998  # RFC 5322, 2.1.1


def email_of(message: Message, *, sender: str, address: str, now: datetime) -> EmailMessage:
    """The e-mail: plain text, one recipient, and a Message-ID that is the same at every retry."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers:
        mail[name] = value
    is_plain = message.text.isascii() and max(map(len, message.text.splitlines()), default=0) <= LINE_LENGTH
    mail.set_content(message.text, cte="7bit" if is_plain else "quoted-printable")
    return mail


def bytes_of(mail: EmailMessage) -> bytes:
    """The e-mail on the wire. Headers are not folded: a folded List-Unsubscribe would be encoded, and unreadable."""
    return mail.as_bytes(policy=SMTP.clone(max_line_length=LINE_LENGTH))


def whole_mail(message: Message, *, sender: str, address: str, now: datetime) -> bytes:
    """The e-mail on the wire; raises DeliveryError, before anything is sent, where the parts make none."""
    try:
        return bytes_of(email_of(message, sender=sender, address=address, now=now))
    except (ValueError, LookupError, TypeError) as error:
        raise DeliveryError(f"no e-mail could be made: {type(error).__name__}", permanent=False) from error
