"""However slowly a server speaks, a fetch is over in time."""

import socket
import time
from collections.abc import Iterable
from itertools import repeat
from threading import Event

import pytest

from oversight.outbound.limits import Deadline, Limits

from .conftest import Serve, client_for, failure_of
from .servers import Speak, answer, redirect

TOTAL = 0.4
SLACK = 5.0


@pytest.fixture
def over() -> Iterable[Event]:
    """Set when the test is over, so that slow servers stop."""
    event = Event()
    yield event
    event.set()


def drip(parts: Iterable[bytes], over: Event) -> Speak:
    def speak(sock: socket.socket, _request: bytes) -> None:
        for part in parts:
            if over.wait(0.02):
                return
            sock.sendall(part)

    return speak


@pytest.mark.parametrize(
    "parts",
    [
        repeat(b"", 1_000),
        repeat(b"H", 1_000),
        [b"HTTP/1.1 200 OK\r\n", *repeat(b"X: a\r\n", 90), *repeat(b"Y", 900)],
        [answer("200 OK", "Content-Length: 1000"), *repeat(b"a", 1_000)],
        [answer("200 OK"), *repeat(b"a", 1_000)],
        [answer("200 OK", "Transfer-Encoding: chunked"), *repeat(b"1\r\n \r\n", 1_000)],
        [answer("200 OK", "Transfer-Encoding: chunked"), *repeat(b"0", 1_000)],
    ],
    ids=["silence", "status", "headers", "length", "close", "chunks", "chunk size"],
)
def test_a_server_that_drips_is_cut_off(serve: Serve, over: Event, parts: Iterable[bytes]) -> None:
    server = serve(drip(parts, over))
    began = time.monotonic()
    failure = failure_of(client_for(server.port, limits=Limits(total_seconds=TOTAL)), server.url())
    assert failure.outcome == "timeout"
    assert TOTAL * 0.9 < time.monotonic() - began < TOTAL + SLACK


def test_the_deadline_covers_the_whole_chain(serve: Serve, over: Event) -> None:
    def slowly(sock: socket.socket, request: bytes) -> None:
        over.wait(0.15)
        sock.sendall(redirect(request.split(b" ")[1].decode() + "x"))

    server = serve(slowly)
    began = time.monotonic()
    failure = failure_of(client_for(server.port, limits=Limits(total_seconds=TOTAL)), server.url())
    assert (failure.outcome, failure.status) == ("timeout", None)
    assert len(failure.hops) == 3
    assert time.monotonic() - began < TOTAL + SLACK


def test_the_first_byte_has_its_own_limit(serve: Serve, over: Event) -> None:
    server = serve(drip(repeat(b"", 1_000), over))
    began = time.monotonic()
    limits = Limits(total_seconds=30, first_byte_seconds=0.2)
    assert failure_of(client_for(server.port, limits=limits), server.url()).outcome == "timeout"
    assert time.monotonic() - began < 0.2 + SLACK


def test_a_first_byte_in_time_leaves_the_rest_its_own_time(serve: Serve, over: Event) -> None:
    server = serve(drip([answer("200 OK", "Content-Length: 20"), *repeat(b"a", 20)], over))
    limits = Limits(total_seconds=3, first_byte_seconds=0.2)
    assert client_for(server.port, limits=limits).fetch(server.url()).body == b"a" * 20


def test_a_connection_that_nobody_takes_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        # The queue of connections is full, so the next one is neither taken nor refused.
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
        limits = Limits(total_seconds=3, connect_seconds=0.2)
        failure = failure_of(client_for(port, limits=limits), f"http://127.0.0.1:{port}/")
        for sock in waiting:
            sock.close()
    assert failure.outcome == "timeout"


def test_a_step_never_outlasts_the_whole() -> None:
    assert Deadline(1).within(10).remaining() <= 1
    assert Deadline(10).within(1).remaining() <= 1
