"""A message as an e-mail (RFC 5322, MIME), put together by hand: the standard library takes longer than sending it."""

import base64
import re
from binascii import b2a_qp
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from oversight.domain.message import Message
from oversight.errors import DeliveryError

LINE_LENGTH = 998  # RFC 5322, 2.1.1
ENDS = re.compile(r"\r\n|\r|\n")
NEVER_IN_HEADERS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\u0085\u2028\u2029]")
NAME = re.compile(r"[!-9;-~]+")


def whole_mail(message: Message, *, sender: str, address: str, now: datetime) -> bytes:
    """The e-mail on the wire: one recipient, and a Message-ID that is the same at every retry.

    Raises DeliveryError, before anything is sent, where the parts make none.
    """
    try:
        kind, body = _body(message)
        if not address.isascii():
            raise ValueError("an address that is not ASCII")
        head = [
            ("From", sender),
            ("To", address),
            ("Subject", message.subject),
            ("Date", format_datetime(now)),
            ("Message-ID", f"<{message.key}@{domain_of(sender)}>"),
            ("Auto-Submitted", "auto-generated"),
            *message.headers,
            ("MIME-Version", "1.0"),
        ]
        return b"".join((*(_header(name, value) for name, value in head), kind, b"\r\n", body))
    except (ValueError, LookupError, TypeError) as error:
        raise DeliveryError(f"no e-mail could be made: {type(error).__name__}", permanent=False) from error


@lru_cache
def domain_of(sender: str) -> str:
    """The domain of a sender as it is written in From."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


@lru_cache(maxsize=1_000)  # most are the same in every mail
def _header(name: str, value: str) -> bytes:
    """One header. It is not folded: a folded List-Unsubscribe would be encoded, and unreadable."""
    if NEVER_IN_HEADERS.search(value) or not NAME.fullmatch(name):
        raise ValueError("a header with a line of its own")
    written = value if value.isascii() and len(value) < LINE_LENGTH - len(name) - 2 else _encoded(value)
    return f"{name}: {written}\r\n".encode("ascii")


def _encoded(value: str) -> str:
    return Header(value, "utf-8", maxlinelen=76).encode(linesep="\r\n")


def _body(message: Message) -> tuple[bytes, bytes]:
    """The content's own headers, and the content: plain, or with the same in HTML, or with a file beside both."""
    plain = _part("text/plain", message.text)
    if message.html is None:
        told = plain
    else:
        told = _together("alternative", f"a-{message.key}", [plain, _part("text/html", message.html)])
    if message.calendar is not None:
        told = _together("mixed", f"m-{message.key}", [told, _calendar(message.calendar)])
    return told


def _part(kind: str, text: str) -> tuple[bytes, bytes]:
    lines = ENDS.split(text)
    data = "\r\n".join(lines if lines[-1] == "" else [*lines, ""]).encode("utf-8")
    if text.isascii() and max(map(len, lines)) <= LINE_LENGTH:
        return _kind(f"{kind}; charset=utf-8", "7bit"), data
    return _kind(f"{kind}; charset=utf-8", "quoted-printable"), b2a_qp(data, istext=True)


def _calendar(file: str) -> tuple[bytes, bytes]:
    kind = 'text/calendar; charset=utf-8; method=PUBLISH; name="meeting.ics"'
    head = _kind(kind, "base64") + b'Content-Disposition: attachment; filename="meeting.ics"\r\n'
    return head, base64.encodebytes(file.encode("utf-8")).replace(b"\n", b"\r\n")


def _together(how: str, boundary: str, parts: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    line = b"--" + boundary.encode("ascii")
    inner = b"".join(b"".join((line, b"\r\n", kind, b"\r\n", body, b"\r\n")) for kind, body in parts)
    return f'Content-Type: multipart/{how}; boundary="{boundary}"\r\n'.encode("ascii"), inner + line + b"--\r\n"


def _kind(kind: str, encoding: str) -> bytes:
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode("ascii")
