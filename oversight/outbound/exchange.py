"""One request and its answer over an open socket."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from oversight.outbound.address import Target
from oversight.outbound.body import read_body
from oversight.outbound.decode import ACCEPT_ENCODING
from oversight.outbound.failure import not_http
from oversight.outbound.head import Headers, read_head
from oversight.outbound.limits import Account
from oversight.outbound.wire import Wire

# Nothing that could end a line, and so begin another header.
_LINE = re.compile(r"[ -~\xa0-\xff]+")


@dataclass(frozen=True)
class Payload:
    """What goes with a question beside its address: the body of a POST, or None for a GET, and headers of its own.

    `most_bytes` is how long an answer is wanted at most, where that is less than any answer may be. `is_strangers`: it
    was not an operator who named the address, so nothing private is asked, whatever is allowed.
    """

    body: str | None = None
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    most_bytes: int | None = None
    is_strangers: bool = False


NOTHING = Payload()


@dataclass(frozen=True)
class Reply:
    """The answer of one hop. Only a 200 has its body read."""

    status: int
    headers: Headers
    body: bytes


def exchange(
    sock: socket.socket, target: Target, headers: Mapping[str, str], account: Account, payload: Payload = NOTHING
) -> Reply:
    """Ask for the target and read the answer; raises FetchError or OSError."""
    wire = Wire(sock, account)
    wire.send(_request(target, headers, payload))
    head = read_head(wire, account.limits)
    if not 200 <= head.status <= 599:
        raise not_http(f"status {head.status}")
    account.answered(head.status)
    body = read_body(wire, head, account.limits) if head.status == 200 else b""
    return Reply(head.status, head.headers, body)


def _request(target: Target, headers: Mapping[str, str], payload: Payload) -> bytes:
    """The bytes of the question; raises ValueError for a header that would be more than one line."""
    method, body = ("GET", b"") if payload.body is None else ("POST", payload.body.encode())
    fixed = {"Host": target.authority, "Accept-Encoding": ACCEPT_ENCODING, "Connection": "close"}
    sent = fixed | dict(headers)
    if payload.body is not None:
        sent |= {"Content-Type": payload.content_type, "Content-Length": str(len(body))}
    lines = [f"{method} {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    if not all(map(_LINE.fullmatch, lines)):
        raise ValueError("a header that was to be sent is not one plain line")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
