"""Answers that are cut, contradictory, endless or no HTTP at all each have their outcome."""

import socket
import struct
import time

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from oversight.domain.feed import Outcome
from oversight.outbound.address import parse_url
from oversight.outbound.exchange import exchange
from oversight.outbound.failure import FetchError, as_fetch_errors
from oversight.outbound.limits import Account, Limits

from .conftest import Serve, client_for, failure_of
from .servers import answer, ok

CHUNKED = answer("200 OK", "Transfer-Encoding: chunked")


@pytest.mark.parametrize(
    "spoken",
    [
        CHUNKED + b"6\r\nagenda\r\n0\r\n\r\n",
        CHUNKED + b"3;ext=1\r\nage\r\n0003 \r\nnda\r\n0\r\nTrailer: 1\r\n\r\n",
        CHUNKED + b"6\nagenda\r\n0\r\n",
        answer("200 OK", "Transfer-Encoding: Chunked", "Content-Length: 9") + b"6\r\nagenda\r\n0\r\n\r\n",
        answer("200 OK") + b"agenda",
        b"HTTP/1.0 200\r\n\r\nagenda",
        b"HTTP/1.1 200 OK\nContent-Length: 6\n\nagenda and more",
        answer("200 OK", "Content-Length: 6", "Content-Length: 6") + b"agenda",
        answer("200 OK", "X-Folded: a\r\n\tb", "Content-Length: 6") + b"agenda",
        answer("100 Continue") + answer("100 Continue") + ok(b"agenda"),
        answer("200 OK", *(f"X-{number}: a" for number in range(99))) + b"agenda",
    ],
)
def test_a_properly_framed_body_is_read_to_its_end_and_no_further(serve: Serve, spoken: bytes) -> None:
    server = serve(spoken)
    assert client_for(server.port).fetch(server.url()).body == b"agenda"


@pytest.mark.parametrize(
    ("spoken", "outcome"),
    [
        (b"", "connection_error"),
        (b"\x16\x03\x01\x02\x00\x01", "connection_error"),
        (b"HTTP/1.1 200 OK\r\nContent-", "connection_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n", "connection_error"),
        (b"GARBAGE\r\n\r\n", "protocol_error"),
        (b"<rss>agenda</rss>", "protocol_error"),
        (b"HTTP/2.0 200 OK\r\n\r\nagenda", "protocol_error"),
        (b"HTTP/1.1 2x0 OK\r\n\r\nagenda", "protocol_error"),
        (b"HTTP/1.1 +20 OK\r\n\r\nagenda", "protocol_error"),
        (b"HTTP/1.1 200 O\rK\r\n\r\nagenda", "protocol_error"),
        (b"HTTP/1.1 200\r\n folded: a\r\n\r\nagenda", "protocol_error"),
        (b"a" * 20_000, "protocol_error"),
        (answer("200 OK", "X: " + "a" * 16_000), "protocol_error"),
        (answer("200 OK", *(f"X-{number}: a" for number in range(101))), "protocol_error"),
        (answer("100 Continue") * 7 + ok(b"agenda"), "protocol_error"),
        (answer("103 Early Hints") + ok(b"agenda"), "protocol_error"),
        (answer("200 OK", "no colon"), "protocol_error"),
        (answer("200 OK", ": no name"), "protocol_error"),
        (answer("200 OK", "X-A : a"), "protocol_error"),
        (answer("200 OK", "X: a\rETag: b"), "protocol_error"),
        (answer("200 OK", "X: a\0b"), "protocol_error"),
        (answer("200 OK", "X-\xff: a"), "protocol_error"),
        (answer("200 OK", "From clerk"), "protocol_error"),
        (answer("200 OK", "Content-Length: -1") + b"agenda", "protocol_error"),
        (answer("200 OK", "Content-Length: +6") + b"agenda", "protocol_error"),
        (answer("200 OK", "Content-Length: 6, 6") + b"agenda", "protocol_error"),
        (answer("200 OK", "Content-Length: 5", "Content-Length: 6") + b"agenda", "protocol_error"),
        (answer("200 OK", "Transfer-Encoding: gzip, chunked") + b"6\r\nagenda\r\n0\r\n\r\n", "protocol_error"),
        (answer("200 OK", "Transfer-Encoding: chunked ") + b"6\r\nagenda\r\n0\r\n\r\n", "protocol_error"),
        (CHUNKED + b"ZZZ\r\nagenda", "protocol_error"),
        (CHUNKED + b"-6\r\nagenda", "protocol_error"),
        (CHUNKED + b"0x6\r\nagenda\r\n0\r\n\r\n", "protocol_error"),
        (CHUNKED + b"7fffffffffffffff\r\nagenda", "protocol_error"),
        (CHUNKED + b"5\r\nagenda\r\n0\r\n\r\n", "protocol_error"),
        (CHUNKED + b"0\r\n" + b"T: a\r\n" * 200 + b"\r\n", "protocol_error"),
        (CHUNKED + b"6\r\nagenda\r\n", "truncated"),
        (CHUNKED + b"6\r\nagenda\r\n6", "truncated"),
        (CHUNKED + b"60\r\nagenda", "truncated"),
        (CHUNKED + b"7fffffff\r\nagenda", "truncated"),
        (CHUNKED, "truncated"),
        (answer("200 OK", "Content-Length: 7") + b"agenda", "truncated"),
        (answer("200 OK", "Content-Length: 7"), "truncated"),
    ],
)
def test_a_badly_framed_answer_has_its_outcome(serve: Serve, spoken: bytes, outcome: str) -> None:
    server = serve(spoken)
    assert failure_of(client_for(server.port), server.url()).outcome == outcome


@pytest.mark.parametrize(
    "parameters",
    ["boundary*=a; boundary*0=b", "boundary*=undefined''abc", "boundary*99999999999=a", 'boundary="' * 900],
)
def test_hostile_header_parameters_do_not_escape_the_client(serve: Serve, parameters: str) -> None:
    """The e-mail parser of the standard library raises TypeError and UnicodeError for the first two."""
    server = serve(ok(b"agenda", f"Content-Type: multipart/mixed; {parameters}"))
    try:
        assert client_for(server.port).fetch(server.url()).body == b"agenda"
    except FetchError as error:
        assert error.outcome == "protocol_error"


@pytest.mark.parametrize("filler", [";", ';"', '\\";'])
def test_a_header_folded_over_many_lines_costs_no_time(serve: Serve, filler: str) -> None:
    """Unbounded, the e-mail parser of the standard library works on these for 10 seconds and more."""
    server = serve(ok(b"agenda", "Content-Type: multipart/mixed; " + "\r\n ".join([filler * 5_000] * 90)))
    began = time.monotonic()
    assert failure_of(client_for(server.port), server.url()).outcome == "protocol_error"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "a\r\nX: b"}, {"Accept": "a\nX: b"}, {"Accept": "a\0"}, {"X\r\nY": "a"}, {"Accept": "\u0100"}],
    ids=ascii,
)
def test_a_header_that_would_be_more_than_one_line_is_not_sent(headers: dict[str, str]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(ValueError, match="one plain line"):
        try:
            exchange(ours, parse_url("http://council.example/"), headers, Account(Limits()))
        finally:
            ours.close()
            assert theirs.recv(100) == b""


@pytest.mark.parametrize("first", [b"", answer("200 OK", "Content-Length: 6") + b"age"])
def test_a_reset_is_a_connection_error(serve: Serve, first: bytes) -> None:
    def reset(sock: socket.socket, _request: bytes) -> None:
        sock.sendall(first)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    server = serve(reset)
    assert failure_of(client_for(server.port), server.url()).outcome == "connection_error"


HEADS = st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", answer("200 OK"), CHUNKED, answer("302 Found", "Location: /")])
LINES = st.sampled_from([b"Content-Length: 3\r\n", b"Content-Encoding: gzip\r\n", b"\r\n", b"3\r\n", b"0\r\n", b": "])


@hypothesis_settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(HEADS | LINES | st.binary(max_size=20), max_size=12).map(b"".join))
@example(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary*=a; boundary*0=b\r\n\r\n")
def test_any_bytes_end_in_an_answer_or_an_outcome(spoken: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(spoken)
        theirs.shutdown(socket.SHUT_WR)
        account = Account(Limits(total_seconds=3))
        account.ask("http://council.example/")
        try:
            with as_fetch_errors():
                exchange(ours, parse_url("http://council.example/"), {}, account)
        except FetchError as error:
            assert error.outcome in set(Outcome)
    theirs.close()
