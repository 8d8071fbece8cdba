"""What one fetch asks, follows, gives back and refuses."""

import zlib
from pathlib import Path

import pytest

from oversight import VERSION
from oversight.outbound.client import Client
from oversight.outbound.exchange import Payload
from oversight.outbound.limits import Limits

from .conftest import Serve, client_for, failure_of, settings
from .servers import Server, answer, ok, redirect


def paths(server: Server) -> list[str]:
    return [request.split(" ")[1] for request in server.requests]


def test_a_200_comes_back_whole(serve: Serve) -> None:
    server = serve(ok(b"agenda", "Content-Type: text/xml", "X-A: 1", "X-A: 2", "Set-Cookie: a=b"))
    fetched = client_for(server.port).fetch(server.url("/feed?b=1#c"))
    assert (fetched.status, fetched.body, fetched.is_not_modified) == (200, b"agenda", False)
    assert fetched.url == server.url("/feed?b=1")
    assert fetched.headers == {"content-length": "6", "content-type": "text/xml", "x-a": "1, 2"}
    assert fetched.hops == ((server.url("/feed?b=1"), 200),)


def test_the_request_names_us_and_carries_nothing_about_anybody(serve: Serve) -> None:
    server = serve(ok(b"agenda"))
    client_for(server.port).fetch(server.url("/feed"), accept="application/rss+xml")
    assert server.requests == [
        "GET /feed HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{server.port}\r\n"
        "Accept-Encoding: gzip, deflate\r\n"
        "Connection: close\r\n"
        f"User-Agent: Oversight/{VERSION} (+https://oversight.example/contact)\r\n"
        "Accept: application/rss+xml\r\n\r\n"
    ]


def test_a_contact_url_cannot_split_the_request(serve: Serve) -> None:
    server = serve(ok(b"agenda"))
    allowed = frozenset({("127.0.0.1", server.port)})
    Client(settings(allow_hosts=allowed, contact_url="https://ñ.example/)\r\nX-Injected: 1")).fetch(server.url())
    assert "\nX-Injected" not in server.requests[0]


def test_the_host_header_carries_the_name_and_not_the_address(serve: Serve) -> None:
    server = serve(ok(b"agenda"))
    client_for(server.port, host="localhost").fetch(server.url(host="localhost"))
    assert f"Host: localhost:{server.port}\r\n" in server.requests[0]


def test_proxies_of_the_environment_are_ignored(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = serve(ok(b"proxy")), serve(ok(b"agenda"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url())
    assert client_for(server.port).fetch(server.url()).body == b"agenda"
    assert proxy.requests == []


def test_a_netrc_file_is_not_read(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login clerk password hunter2\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    server = serve(ok(b"agenda"))
    client_for(server.port).fetch(server.url())
    assert "authorization" not in server.requests[0].lower()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed_and_every_hop_is_kept(serve: Serve, status: str) -> None:
    server = serve(lambda sock, request: sock.sendall(ok(b"x") if b" /b " in request else redirect("/b", status)))
    fetched = client_for(server.port).fetch(server.url("/a"))
    assert fetched.url == server.url("/b")
    assert fetched.hops == ((server.url("/a"), int(status[:3])), (server.url("/b"), 200))


def test_a_cookie_of_one_hop_is_not_sent_to_the_next(serve: Serve) -> None:
    last = serve(ok(b"agenda"))
    first = serve(answer("302 Found", f"Location: {last.url()}", "Set-Cookie: a=b; Path=/"))
    client_for(first.port, last.port).fetch(first.url())
    assert "cookie" not in last.requests[0].lower()
    assert "referer" not in last.requests[0].lower()


def test_the_headers_of_a_platform_are_for_its_own_host_alone(serve: Serve) -> None:
    elsewhere = serve(ok(b"agenda"))
    first = serve(lambda sock, request: sock.sendall(redirect("/b" if b" /a " in request else elsewhere.url("/c"))))
    payload = Payload(headers=(("X-Api-Key", "secret"), ("Accept", "text/csv")))
    fetched = client_for(first.port, elsewhere.port).fetch(first.url("/a"), accept="text/xml", payload=payload)
    assert (fetched.body, paths(first), paths(elsewhere)) == (b"agenda", ["/a", "/b"], ["/c"])
    assert all("X-Api-Key: secret\r\n" in request for request in first.requests)
    assert "secret" not in elsewhere.requests[0]
    assert "Accept: text/xml\r\n" in elsewhere.requests[0]


def chain(length: int) -> object:
    """A server that redirects `length` times, each time to a new URL, then answers."""

    def speak(sock: object, request: bytes) -> None:
        number = int(request.split(b" ")[1][1:])
        sock.sendall(ok(b"agenda") if number >= length else redirect(f"/{number + 1}"))  # type: ignore[attr-defined]

    return speak


def test_five_redirects_are_followed(serve: Serve) -> None:
    server = serve(chain(5))  # type: ignore[arg-type]
    assert len(client_for(server.port).fetch(server.url("/0")).hops) == 6


def test_the_sixth_redirect_is_a_loop_after_six_requests(serve: Serve) -> None:
    server = serve(chain(6))  # type: ignore[arg-type]
    failure = failure_of(client_for(server.port), server.url("/0"))
    assert (failure.outcome, failure.status, len(failure.hops)) == ("redirect_loop", 302, 6)
    assert len(server.requests) == 6


def test_a_redirect_to_a_url_asked_before_is_a_loop(serve: Serve) -> None:
    server = serve(lambda sock, request: sock.sendall(redirect("/b" if b" /a " in request else "/a#again")))
    assert failure_of(client_for(server.port), server.url("/a")).outcome == "redirect_loop"
    assert paths(server) == ["/a", "/b"]


@pytest.mark.parametrize(
    "head",
    [
        answer("302 Found"),
        answer("302 Found", "Location: "),
        answer("302 Found", "Location: /a", "Location: /b"),
        answer("302 Found", "Location: /a\r\n b"),
        redirect("http://[::1"),
        redirect("ftp://127.0.0.1/"),
        redirect("/" + "a" * 2_000),
        redirect("/\xff"),
    ],
)
def test_a_redirect_that_names_no_usable_place_is_bad(serve: Serve, head: bytes) -> None:
    server = serve(head)
    failure = failure_of(client_for(server.port), server.url())
    assert (failure.outcome, failure.hops) == ("bad_redirect", ((server.url(), 302),))


def test_an_allowed_host_is_not_asked_where_somebody_else_named_the_address(serve: Serve) -> None:
    server = serve(ok(b"agenda"))
    client = client_for(server.port)
    assert failure_of(client, server.url(), payload=Payload(is_strangers=True)).outcome == "blocked_address"
    assert server.requests == []
    assert client.fetch(server.url()).body == b"agenda"


def test_only_an_allowed_host_may_lead_to_an_allowed_host(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = serve(ok(b"secret"))
    outside = serve(redirect(inside.url()))
    monkeypatch.setattr("oversight.outbound.guard.PORTS", (outside.port,))
    monkeypatch.setattr("oversight.outbound.guard.is_public", lambda _address: True)
    failure = failure_of(client_for(inside.port), outside.url())
    assert (failure.outcome, len(failure.hops), inside.requests) == ("blocked_address", 2, [])
    assert client_for(inside.port, outside.port).fetch(outside.url()).body == b"secret"


def test_an_allowed_server_cannot_redirect_to_another_port_or_name_of_its_host(serve: Serve) -> None:
    canary = serve(ok(b"secret"))
    for host in ("127.0.0.1", "localhost", "[::ffff:7f00:1]"):
        server = serve(redirect(canary.url(host=host)))
        assert failure_of(client_for(server.port), server.url()).outcome == "blocked_address"
    assert canary.requests == []


def test_a_refused_first_url_is_recorded_without_a_request() -> None:
    failure = failure_of(client_for(), "http://127.0.0.1:8080/")
    assert (failure.outcome, failure.hops) == ("blocked_address", (("http://127.0.0.1:8080/", None),))
    assert (failure.status, failure.wire_bytes) == (None, 0)


@pytest.mark.parametrize(
    ("head", "outcome"),
    [
        ("429 Too Many Requests", "rate_limited"),
        ("204 No Content", "http_error"),
        ("206 Partial Content", "http_error"),
        ("300 Multiple Choices", "http_error"),
        ("401 Unauthorized", "http_error"),
        ("404 Not Found", "http_error"),
        ("410 Gone", "http_error"),
        ("503 Service Unavailable", "rate_limited"),
        ("599 Odd", "http_error"),
        ("600 Odd", "protocol_error"),
        ("999 Odd", "protocol_error"),
        ("101 Switching Protocols", "protocol_error"),
    ],
)
def test_every_status_has_its_outcome(serve: Serve, head: str, outcome: str) -> None:
    server = serve(answer(head, "Content-Length: 5", "Retry-After: 5") + b"sorry")
    failure = failure_of(client_for(server.port), server.url())
    assert failure.outcome == outcome
    assert outcome == "protocol_error" or failure.status == int(head[:3])


@pytest.mark.parametrize(
    "body",
    [ok(b""), answer("200 OK"), ok(b"", "Content-Encoding: gzip"), ok(zlib.compress(b""), "Content-Encoding: deflate")],
)
def test_an_empty_200_is_not_healthy(serve: Serve, body: bytes) -> None:
    server = serve(body)
    assert failure_of(client_for(server.port), server.url()).outcome == "empty_body"


def test_a_packed_body_comes_back_unpacked_and_is_counted_packed(serve: Serve) -> None:
    packed = zlib.compress(b"agenda " * 10_000)
    server = serve(ok(packed, "Content-Encoding: deflate"))
    fetched = client_for(server.port).fetch(server.url())
    assert fetched.body == b"agenda " * 10_000
    assert len(packed) < fetched.wire_bytes < len(packed) + 200


def test_bytes_past_the_limit_on_the_wire_are_not_taken(serve: Serve) -> None:
    server = serve(answer("200 OK") + b"a" * 300_000)
    failure = failure_of(client_for(server.port, limits=Limits(wire_bytes=100_000)), server.url())
    assert failure.outcome == "too_large"
    assert 100_000 < failure.wire_bytes < 200_000


def test_a_length_past_the_limit_is_refused_before_the_body(serve: Serve) -> None:
    server = serve(answer("200 OK", "Content-Length: 5000001") + b"agenda")
    assert failure_of(client_for(server.port), server.url()).outcome == "too_large"


def test_nobody_listening_is_a_connection_error(serve: Serve) -> None:
    server = serve(b"")
    server.close()
    assert failure_of(client_for(server.port), server.url()).outcome == "connection_error"
