"""How a fetch fails: one error that carries its outcome, and the translation of everything below it."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from oversight.domain.feed import Outcome
from oversight.errors import FeedError

Hop = tuple[str, int | None]
"""A URL that was to be asked, and the status it answered with: None where no answer came or it was not asked."""


class FetchError(FeedError):
    """Nothing usable came back: record `outcome`, `hops` and `wire_bytes` on the feed and go on with the others.

    `headers` are those of the refusing answer (lower case), where there was one: they may say when to come again.
    """

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(outcome, message)
        self.hops: tuple[Hop, ...] = ()
        self.wire_bytes = 0
        self.headers: Mapping[str, str] = {}

    @property
    def status(self) -> int | None:
        """The status of the last answer, where the last request was answered at all."""
        return self.hops[-1][1] if self.hops else None


def not_http(reason: str) -> FetchError:
    return FetchError(Outcome.PROTOCOL_ERROR, f"the answer is not HTTP: {reason}")


@contextmanager
def as_fetch_errors() -> Iterator[None]:
    """Nothing of sockets or TLS passes this border."""
    try:
        yield
    except TimeoutError as error:
        raise FetchError(Outcome.TIMEOUT, "the server was too slow") from error
    except ssl.SSLError as error:
        raise FetchError(Outcome.TLS_ERROR, f"no trusted TLS connection: {error.reason or 'broken off'}") from error
    except OSError as error:
        raise FetchError(Outcome.CONNECTION_ERROR, f"the connection failed: {type(error).__name__}") from error
