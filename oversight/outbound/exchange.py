"""One request and its answer over an open socket, framed strictly."""

import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, IncompleteRead
from typing import cast

from oversight.domain.feed import Outcome
from oversight.outbound.address import Target
from oversight.outbound.decode import ACCEPT_ENCODING, STEP, content_coding, decoded
from oversight.outbound.failure import FetchError, not_http
from oversight.outbound.limits import Account
from oversight.outbound.wire import Wire

_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True)
class Payload:
    """What goes with a question beside its address: the body of a POST, or None for a GET, and headers of its own."""

    body: str | None = None
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


NOTHING = Payload()


@dataclass(frozen=True)
class Reply:
    """The answer of one hop. Only a 200 has its body read."""

    status: int
    headers: HTTPMessage
    body: bytes


def exchange(
    sock: socket.socket, target: Target, headers: Mapping[str, str], account: Account, payload: Payload = NOTHING
) -> Reply:
    """Ask for the target and read the answer; raises FetchError, OSError or HTTPException."""
    wire = Wire(sock, account)
    connection = HTTPConnection(target.host, target.port)
    connection.sock = cast(socket.socket, wire)
    fixed = {"Host": target.authority, "Accept-Encoding": ACCEPT_ENCODING, "Connection": "close"}
    if payload.body is None:
        connection.request("GET", target.path, headers=fixed | dict(headers))
    else:
        typed = fixed | dict(headers) | {"Content-Type": payload.content_type}
        connection.request("POST", target.path, body=payload.body.encode(), headers=typed)
    response = _head(wire)
    if not 200 <= response.status <= 599:
        raise not_http(f"status {response.status}")
    account.answered(response.status)
    body = _body(response, account) if response.status == 200 else b""
    return Reply(response.status, response.headers, body)


def _head(wire: Wire) -> HTTPResponse:
    response = HTTPResponse(cast(socket.socket, wire), method="GET")
    try:
        response.begin()
    except (FetchError, OSError, HTTPException):
        raise
    except Exception as error:
        # http.client has headers read by the e-mail parser, which raises TypeError, UnicodeError and more
        # for a multipart boundary given as hostile RFC 2231 parameters.
        raise not_http("its headers cannot be read") from error
    if response.chunked:
        wire.lines.expect_chunks()
    return response


def _body(response: HTTPResponse, account: Account) -> bytes:
    _check_framing(response, account.limits.wire_bytes)
    coding = content_coding(response.headers.get_all("content-encoding", []))
    return decoded(_blocks(response), coding, limit=account.limits.decoded_bytes)


def _check_framing(response: HTTPResponse, most: int) -> None:
    codings = response.headers.get_all("transfer-encoding", [])
    if codings and not (len(codings) == 1 and response.chunked):
        raise not_http("its transfer encoding is not chunked")
    lengths = {value.strip(" \t") for value in response.headers.get_all("content-length", [])}
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        raise not_http("its length is contradictory or not a number")
    if lengths and not codings and int(lengths.pop()) > most:
        raise FetchError(Outcome.TOO_LARGE, f"more than {most:,} bytes are announced")


def _blocks(response: HTTPResponse) -> Iterator[bytes]:
    try:
        while block := response.read(STEP):
            yield block
    except IncompleteRead as error:
        raise FetchError(Outcome.TRUNCATED, "the body ends before its last chunk") from error
    # Read in steps, http.client does not complain about a body shorter than its Content-Length.
    if response.length:
        raise FetchError(Outcome.TRUNCATED, f"the body ends {response.length:,} bytes too early")
