"""The shared hostile server, as far as the client alone can show: canary 0, a closed-list outcome, in time."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oversight.domain.feed import Outcome
from oversight.outbound.client import Client, Fetched
from oversight.outbound.failure import FetchError
from oversight.outbound.limits import Limits

from .conftest import client_for

HOSTILE = Path(__file__).parents[3] / "shared" / "hostile"
CATEGORIES = ("ssrf", "redirect", "framing", "bomb", "content", "slow", "status", "conditional")
TOTAL_SECONDS = 3.0

# What the manifest allows, where it is not the rule of the category below it. "ok": the parser decides.
EXPECTED = {
    "redir_self": "redirect_loop",
    "redir_a": "redirect_loop",
    "redir_b": "redirect_loop",
    "redir_infinite": "redirect_loop",
    "redir_no_location": "bad_redirect",
    "redir_garbage": "bad_redirect",
    "redir_300kb": "bad_redirect",
    "redir_cookie": "blocked_address",
    "ssrf_headers": "ok",
    "cl_too_long": "truncated",
    "cl_too_short": "ok",
    "cl_negative": "protocol_error",
    "cl_conflict": "protocol_error ok",
    "chunk_bad_size": "protocol_error",
    "chunk_huge_size": "protocol_error",
    "chunk_no_end": "truncated",
    "reset_at_once": "connection_error",
    "reset_mid_body": "connection_error",
    "close_at_once": "connection_error",
    "status_garbage": "protocol_error",
    "status_999": "protocol_error",
    "http09": "protocol_error http_error",
    "continue_flood": "protocol_error",
    "header_line_100k": "protocol_error",
    "headers_5000": "protocol_error ok",
    "header_binary": "protocol_error ok",
    "tls_garbage": "connection_error",
    "gzip_bomb_2_layers": "decode_error",
    "gzip_bomb_5_layers": "decode_error",
    "gzip_bomb_8_layers": "decode_error",
    "huge_title": "ok",
    "gzip_truncated": "truncated",
    "gzip_corrupt": "decode_error",
    "gzip_trailing_garbage": "ok decode_error",
    "gzip_two_members": "ok decode_error",
    "gzip_lie": "decode_error ok",
    "br_lie": "decode_error",
    "encoding_unknown": "decode_error",
    "empty_200": "empty_body",
    "s204": "http_error",
    "s206": "http_error",
    "slow_but_ok": "ok",
    "s304_always": "http_error",
    "etag_huge": "protocol_error ok",
    "etag_crlf": "protocol_error ok",
}
RULES = {
    "ssrf": "blocked_address bad_redirect",
    "redirect": "ok",
    "framing": "ok",
    "bomb": "too_large",
    "content": "ok",
    "slow": "timeout",
    "status": "http_error",
    "conditional": "ok",
}


def entries() -> list[tuple[str, str, str]]:
    manifest = HOSTILE / "manifest.json"
    if not manifest.is_file():
        return []
    listed = json.loads(manifest.read_text())
    return [
        (entry["name"], entry["category"], entry["path"])
        for entry in listed
        if entry["kind"] == "http" and entry["category"] in CATEGORIES
    ]


ENTRIES = entries()
pytestmark = pytest.mark.skipif(not ENTRIES, reason="the hostile server is not at ../shared/hostile")


@dataclass
class Ending:
    outcome: str
    seconds: float
    fetched: Fetched | None = None


@dataclass
class Run:
    """One fetch of every entry, all at once, and what the server saw of it."""

    port: int
    endings: dict[str, Ending] = field(default_factory=dict)
    hits: list[dict[str, object]] = field(default_factory=list)
    canary: list[dict[str, object]] = field(default_factory=list)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def fetch(client: Client, url: str) -> Ending:
    began = time.monotonic()
    try:
        fetched = client.fetch(url)
    except FetchError as error:
        return Ending(error.outcome, time.monotonic() - began)
    return Ending("ok", time.monotonic() - began, fetched)


def asked(port: int) -> dict[str, list[dict[str, object]]]:
    limits = Limits(wire_bytes=50_000_000, decoded_bytes=50_000_000)
    body = client_for(port, limits=limits).fetch(f"http://127.0.0.1:{port}/__hits").body
    return json.loads(body)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    port, canary_port = free_port(), free_port()
    options = ["--port", str(port), "--canary-port", str(canary_port), "--slow", "0.3"]
    command = [sys.executable, str(HOSTILE / "hostile_server.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith(b"hostile on")
            run = Run(port)
            client = client_for(port, limits=Limits(total_seconds=TOTAL_SECONDS))
            # The bombs are timed by the machine, and one good answer takes 5 seconds.
            patient = client_for(port, limits=Limits(total_seconds=15))
            with ThreadPoolExecutor(24) as pool:
                # What does not end by itself first, so that all of it waits at the same time.
                ordered = sorted(ENTRIES, key=lambda entry: entry[1] not in ("slow", "bomb"))
                endings = {
                    name: pool.submit(
                        fetch, patient if category == "bomb" or name == "slow_but_ok" else client, url(port, path)
                    )
                    for name, category, path in ordered
                }
            run.endings = {name: ending.result() for name, ending in endings.items()}
            run.hits, run.canary = (asked(port)[key] for key in ("hits", "canary"))
            yield run
        finally:
            server.kill()


def url(port: int, path: str) -> str:
    return f"http://127.0.0.1:{port}{path}"


@pytest.mark.parametrize(("name", "category", "path"), ENTRIES, ids=[entry[0] for entry in ENTRIES])
def test_each_behaviour_ends_as_the_manifest_says(run: Run, name: str, category: str, path: str) -> None:
    assert run.endings[name].outcome in EXPECTED.get(name, RULES[category]).split()


def test_every_outcome_is_of_the_closed_list(run: Run) -> None:
    assert {ending.outcome for ending in run.endings.values()} <= set(Outcome)


def test_the_canary_is_never_reached(run: Run) -> None:
    assert run.canary == []


def test_nothing_outlasts_the_deadline(run: Run) -> None:
    late = {name: ending.seconds for name, ending in run.endings.items() if ending.seconds > TOTAL_SECONDS + 1.5}
    assert set(late) <= {name for name, category, _ in ENTRIES if category == "bomb"} | {"slow_but_ok"}


@pytest.mark.parametrize("name", ["redir_self", "redir_a", "redir_infinite"])
def test_a_redirect_loop_costs_at_most_six_requests(run: Run, name: str) -> None:
    path = f"/b/{name}"
    assert 1 <= sum(str(hit["path"]).partition("?")[0] == path for hit in run.hits) <= 6


def test_no_request_carries_credentials_cookies_or_injected_headers(run: Run) -> None:
    sent = {name for hit in run.hits for name in dict(hit["headers"])}  # type: ignore[call-overload]
    assert sent <= {"host", "accept-encoding", "connection", "user-agent", "accept"}


@pytest.mark.parametrize("name", ["etag_huge", "etag_crlf", "header_binary"])
def test_a_hostile_validator_is_not_handed_on(run: Run, name: str) -> None:
    fetched = run.endings[name].fetched
    assert fetched is None or fetched.etag is None


def test_the_second_poll_sends_the_validators_and_takes_the_304(run: Run) -> None:
    client = client_for(run.port)
    first = client.fetch(url(run.port, "/b/etag_ok"))
    second = client.fetch(url(run.port, "/b/etag_ok"), etag=first.etag, last_modified=first.last_modified)
    assert second.is_not_modified
    headers = dict(asked(run.port)["hits"][-1]["headers"])  # type: ignore[call-overload]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Mon, 05 Jan 2026 10:00:00 GMT"
