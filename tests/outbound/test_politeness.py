"""Turns at a host: few at a time, with a pause, and other hosts are not held up."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

from oversight.outbound.client import Client
from oversight.outbound.limits import Limits
from oversight.outbound.politeness import Politeness

from .conftest import Serve, settings
from .servers import ok, redirect

GAP = 0.1


def test_the_first_turn_at_a_host_is_at_once() -> None:
    with Politeness(gap_seconds=5, connections=1).turn("council.example") as waited:
        assert waited < 1


def test_the_next_turn_waits_for_the_gap() -> None:
    politeness = Politeness(gap_seconds=GAP, connections=1)
    with politeness.turn("council.example"):
        pass
    with politeness.turn("council.example") as waited:
        assert waited >= GAP * 0.9


def test_another_host_does_not_wait() -> None:
    politeness = Politeness(gap_seconds=5, connections=1)
    with politeness.turn("council.example"), politeness.turn("other.example") as waited:
        assert waited < 1


def test_no_more_than_the_allowed_connections_are_open_at_a_host() -> None:
    politeness = Politeness(gap_seconds=0, connections=2)
    lock, open_now, most = Lock(), 0, 0

    def visit(_number: int) -> None:
        nonlocal open_now, most
        with politeness.turn("council.example"):
            with lock:
                open_now += 1
                most = max(most, open_now)
            time.sleep(0.01)
            with lock:
                open_now -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(16)))
    assert most == 2


def test_allowed_connections_are_really_open_together() -> None:
    politeness = Politeness(gap_seconds=0, connections=2)
    both = Barrier(2, timeout=2)

    def visit(_number: int) -> None:
        with politeness.turn("council.example"):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(visit, range(2)))


def test_a_turn_ends_when_the_visit_fails() -> None:
    politeness = Politeness(gap_seconds=0, connections=1)
    for _ in range(3):
        try:
            with politeness.turn("council.example"):
                raise ConnectionError
        except ConnectionError:
            pass
    with politeness.turn("council.example") as waited:
        assert waited < 1


def test_redirects_within_a_host_wait_for_the_gap_and_are_not_charged_for_it(serve: Serve) -> None:
    server = serve(lambda sock, request: sock.sendall(ok(b"agenda") if b"/b " in request else redirect("/b")))
    allowed = frozenset({("127.0.0.1", server.port)})
    client = Client(
        settings(allow_hosts=allowed, host_gap_seconds=0.4, host_connections=1), limits=Limits(total_seconds=0.3)
    )
    began = time.monotonic()
    assert client.fetch(server.url("/a")).body == b"agenda"
    assert time.monotonic() - began >= 0.4
