"""Only validators that cannot hurt a request are kept and sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.outbound.validators import Validators, is_safe_validator

from .conftest import Serve, client_for, failure_of
from .servers import answer, ok

UNSAFE = ["", '"a\r\nX-Injected: 1"', '"a\x00"', '"a\x7f"', '"a\x85"', '"ŝ"', "x" * 1_001]


@pytest.mark.parametrize("value", ['"v1"', 'W/"ü"', "Mon, 05 Jan 2026 10:00:00 GMT", "x" * 1_000])
def test_plain_text_of_at_most_1_kb_is_safe(value: str) -> None:
    assert is_safe_validator(value)


@pytest.mark.parametrize("value", UNSAFE, ids=ascii)
def test_control_characters_other_alphabets_and_long_values_are_not_safe(value: str) -> None:
    assert not is_safe_validator(value)


@given(st.text())
def test_what_is_safe_can_be_sent_as_it_is(value: str) -> None:
    if is_safe_validator(value):
        assert value.encode("latin-1").decode("latin-1").splitlines() == [value]


def test_a_repeated_header_gives_no_validator() -> None:
    assert Validators.of(['"a"', '"b"'], []).etag is None


def test_validators_are_sent_as_they_were_received(serve: Serve) -> None:
    server = serve(answer("304 Not Modified"))
    moment = "Mon,  05 Jan 2026 10:00:00 gmt"
    fetched = client_for(server.port).fetch(server.url(), etag='W/"v 1"', last_modified=moment)
    assert 'If-None-Match: W/"v 1"\r\n' in server.requests[0]
    assert f"If-Modified-Since: {moment}\r\n" in server.requests[0]
    assert fetched.is_not_modified


def test_a_304_keeps_the_validators_that_were_sent(serve: Serve) -> None:
    server = serve(answer("304 Not Modified", 'ETag: "other"'))
    fetched = client_for(server.port).fetch(server.url(), etag='"v1"')
    assert (fetched.status, fetched.etag, fetched.last_modified, fetched.body) == (304, '"v1"', None, b"")


@pytest.mark.parametrize("etag", [None, *UNSAFE], ids=ascii)
def test_a_304_to_a_request_without_validators_is_an_http_error(serve: Serve, etag: str | None) -> None:
    server = serve(answer("304 Not Modified"))
    failure = failure_of(client_for(server.port), server.url(), **({"etag": etag} if etag is not None else {}))
    assert (failure.outcome, failure.status) == ("http_error", 304)
    assert "if-none-match" not in server.requests[0].lower()
    assert "x-injected" not in server.requests[0].lower()


def test_the_validators_of_a_200_are_handed_on(serve: Serve) -> None:
    server = serve(ok(b"agenda", 'ETag: "v1"', "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT"))
    fetched = client_for(server.port).fetch(server.url())
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Mon, 05 Jan 2026 10:00:00 GMT")


@pytest.mark.parametrize("etag", [f'"{"x" * 5_000}"', '"a\x7fb"', '"a\r\n b"'], ids=["long", "control", "folded"])
def test_an_unsafe_validator_of_a_200_is_not_handed_on(serve: Serve, etag: str) -> None:
    server = serve(ok(b"agenda", f"ETag: {etag}"))
    assert client_for(server.port).fetch(server.url()).etag is None
