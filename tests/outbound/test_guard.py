"""Who may be connected to, when name servers lie, change their mind or hang."""

import socket
import time
from threading import Event

import pytest

from oversight.outbound.address import parse_url
from oversight.outbound.connect import check_peer
from oversight.outbound.failure import FetchError
from oversight.outbound.guard import Guard, system_resolve
from oversight.outbound.limits import Deadline, Limits

from .conftest import Serve, client_for, failure_of
from .servers import ok, redirect

PUBLIC, PUBLIC_V6 = "93.184.215.14", "2606:4700::1111"


def judged(answers: list[str], url: str = "http://council.example/", allow: tuple[str, int] = ("", 0)) -> object:
    target = parse_url(url)
    guard = Guard({allow}, lambda _host, _port: answers)
    guard.admit(target)
    return guard.addresses(target, Deadline(1))


def refusal(answers: list[str], url: str = "http://council.example/", allow: tuple[str, int] = ("", 0)) -> str:
    with pytest.raises(FetchError) as failure:
        judged(answers, url, allow)
    return failure.value.outcome


def test_a_name_with_public_addresses_passes_with_exactly_these() -> None:
    assert judged([PUBLIC, PUBLIC_V6, PUBLIC]) == (PUBLIC, PUBLIC_V6)


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"])
def test_one_private_address_among_public_ones_refuses_the_name(private: str) -> None:
    assert refusal([PUBLIC, PUBLIC_V6, private]) == "blocked_address"


def test_an_answer_that_is_no_address_refuses_the_name() -> None:
    assert refusal([PUBLIC, "fe80::1%eth0"]) == "blocked_address"


def test_a_name_without_addresses_is_a_connection_error() -> None:
    assert refusal([]) == "connection_error"


@pytest.mark.parametrize("port", [0, 22, 25, 81, 6379, 8081, 65535])
def test_a_port_that_serves_no_web_pages_is_refused(port: int) -> None:
    assert refusal([PUBLIC], f"http://council.example:{port}/") == "blocked_address"


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_a_port_that_serves_web_pages_passes(port: int) -> None:
    assert judged([PUBLIC], f"http://council.example:{port}/") == (PUBLIC,)


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "printer.local", "metadata.google.internal"])
def test_a_name_kept_for_private_use_is_refused_whatever_it_resolves_to(host: str) -> None:
    assert refusal([PUBLIC], f"http://{host}/") == "blocked_address"


def test_an_allowed_pair_lets_that_host_and_port_through() -> None:
    assert judged([], "http://127.0.0.1:9000/", ("127.0.0.1", 9000)) == ("127.0.0.1",)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9001/", "http://127.0.0.1/", "http://localhost:9000/", "http://[::ffff:7f00:1]:9000/"]
)
def test_an_allowed_pair_lets_nothing_else_through(url: str) -> None:
    assert refusal(["127.0.0.1"], url, ("127.0.0.1", 9000)) == "blocked_address"


def test_an_allowed_private_name_is_reached_by_name(serve: Serve) -> None:
    server = serve(ok(b"agenda"))
    guard = Guard({("localhost", server.port)}, lambda _host, _port: ["127.0.0.1"])
    assert guard.addresses(parse_url(server.url(host="localhost")), Deadline(1)) == ("127.0.0.1",)


def test_each_hop_is_resolved_once_and_connected_to_where_it_was_resolved(serve: Serve) -> None:
    """A name that is public when judged and private when connected to would need a second question."""
    server = serve(ok(b"agenda"))
    asked = []
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    client = client_for(server.port, host="localhost", resolve=rebinding)
    assert client.fetch(server.url(host="localhost")).body == b"agenda"
    assert asked == ["localhost"]


def test_a_name_that_turns_private_at_the_second_hop_is_refused_there(serve: Serve) -> None:
    canary = serve(ok(b"secret"))
    first = serve(redirect("http://rebinding.example:8080/"))
    client = client_for(first.port, resolve=lambda _host, _port: ["127.0.0.1"])
    failure = failure_of(client, first.url())
    assert failure.outcome == "blocked_address"
    assert failure.hops == ((first.url(), 302), ("http://rebinding.example:8080/", None))
    assert canary.requests == []


def test_a_peer_other_than_the_judged_address_is_refused(serve: Serve) -> None:
    with socket.create_connection(("127.0.0.1", serve(b"").port)) as sock:
        check_peer(sock, ["127.0.0.1"])
        with pytest.raises(FetchError) as failure:
            check_peer(sock, [PUBLIC, PUBLIC_V6])
    assert failure.value.outcome == "blocked_address"


def test_an_unknown_name_is_a_connection_error() -> None:
    assert failure_of(client_for(), "http://unknown.example/").outcome == "connection_error"


def test_a_name_server_that_hangs_is_cut_off_by_the_deadline() -> None:
    never = Event()
    client = client_for(limits=Limits(total_seconds=0.2), resolve=lambda _host, _port: [str(never.wait(5))])
    began = time.monotonic()
    outcome = failure_of(client, "http://council.example/").outcome
    never.set()
    assert outcome == "timeout"
    assert time.monotonic() - began < 4


def test_a_fault_in_the_resolver_is_not_hidden() -> None:
    def faulty(_host: str, _port: int) -> list[str]:
        raise LookupError("a bug")

    with pytest.raises(LookupError):
        client_for(resolve=faulty).fetch("http://council.example/")


def test_the_system_resolver_gives_addresses_as_text() -> None:
    assert "127.0.0.1" in system_resolve("127.0.0.1", 80)
