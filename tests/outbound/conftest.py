"""Servers, clients and settings for the tests of the guarded client."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oversight.outbound.client import Client
from oversight.outbound.failure import FetchError
from oversight.outbound.limits import Limits
from oversight.settings import Settings

from .servers import Server, Speak

NAMES = {"localhost": ["127.0.0.1"]}


def resolve(host: str, _port: int) -> list[str]:
    """The name server of the tests: knows `localhost`, and nothing public."""
    if host not in NAMES:
        raise OSError(f"{host} is unknown")
    return NAMES[host]


def settings(**changes: object) -> Settings:
    valid = {"instance": Path("unused"), "database_url": "sqlite://", "secret_key": None, "host_gap_seconds": 0}
    return Settings(**(valid | {"host_connections": 64} | changes))  # type: ignore[arg-type]


def client_for(*ports: int, host: str = "127.0.0.1", **options: object) -> Client:
    """A client that may reach these ports of one private host and nothing else that is private."""
    usual = {"limits": Limits(total_seconds=3), "resolve": resolve}
    allowed = frozenset((host, port) for port in ports)
    return Client(settings(allow_hosts=allowed), **(usual | options))  # type: ignore[arg-type]


def failure_of(client: Client, url: str, **question: Any) -> FetchError:
    """How a fetch failed; the test fails where it did not."""
    with pytest.raises(FetchError) as failure:
        client.fetch(url, **question)
    return failure.value


Serve = Callable[[Speak | bytes], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that are closed after the test."""
    servers: list[Server] = []

    def start(speak: Speak | bytes) -> Server:
        servers.append(Server(speak))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
