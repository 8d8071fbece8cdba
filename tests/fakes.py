"""Stand-ins for the web, the children, a channel and the clock: small, typed, shared by all tests."""

import multiprocessing
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from oversight.children import ChildFailed
from oversight.domain.feed import Outcome
from oversight.domain.message import Message
from oversight.errors import DeliveryError, DeliveryUncertain
from oversight.outbound.client import Fetched
from oversight.outbound.exchange import NOTHING, Payload
from oversight.outbound.failure import FetchError

Result = TypeVar("Result")


@dataclass
class FixedClock:
    """A clock that stands still: `clock()` tells the time, `clock.advance(minutes=5)` moves it."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> datetime:
        """Move on by the arguments of a timedelta; the new time."""
        self.moment += timedelta(**span)
        return self.moment


@dataclass(frozen=True)
class Page:
    """What a fake site answers at one address."""

    body: bytes
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeWeb:
    """A web of a few addresses. It answers 304 to an ETag that still holds, and keeps a list of what it was asked."""

    def __init__(self) -> None:
        self._pages: dict[str, Page | Outcome] = {}
        self.asked: list[str] = []
        self.sent_etags: dict[str, list[str | None]] = defaultdict(list)
        self.payloads: dict[str, list[Payload]] = defaultdict(list)
        self.pace: dict[str, float] = {}

    def answer(self, url: str, body: bytes | str, **page: Any) -> None:
        """From now on answer with this body, and `etag`, `last_modified` or `headers` where given."""
        self._pages[url] = Page(body.encode() if isinstance(body, str) else body, **page)

    def fail(self, url: str, outcome: Outcome = Outcome.TIMEOUT) -> None:
        """From now on fail with this outcome."""
        self._pages[url] = outcome

    def forget(self) -> None:
        """Start the list of what was asked anew."""
        self.asked.clear()

    def slow_down(self, url: str, seconds: float) -> None:
        """Note how slowly a site wants to be asked."""
        self.pace[url] = seconds

    def fetch(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
        payload: Payload = NOTHING,
    ) -> Fetched:
        """What the guarded client would return or raise."""
        self.asked.append(url)
        self.payloads[url].append(payload)
        self.sent_etags[url].append(etag)
        page = self._pages.get(url, Outcome.HTTP_ERROR)
        if isinstance(page, Outcome):
            raise FetchError(page, f"the fake site fails with {page}")
        is_known = etag is not None and etag == page.etag
        return Fetched(
            status=304 if is_known else 200,
            url=url,
            headers=page.headers,
            body=b"" if is_known else page.body,
            etag=page.etag,
            last_modified=page.last_modified,
            wire_bytes=0 if is_known else len(page.body),
            hops=((url, 304 if is_known else 200),),
        )


class InlineChildren:
    """Runs the work in this process, which is fast and leaves tracebacks whole; `fail_next` makes it fail once."""

    def __init__(self) -> None:
        self.runs = 0
        self._failure: Exception | None = None
        self._one_at_a_time = threading.RLock()  # real children share nothing; PDFium in two threads crashes

    def fail_next(self, error: Exception) -> None:
        """Raise this at the next piece of work: ChildTimeout, ChildOutOfMemory or ChildFailed."""
        self._failure = error

    def run(self, function: Callable[..., Result], *arguments: Any, wall_seconds: float | None = None) -> Result:
        """Call the function as the pool of children would."""
        with self._one_at_a_time:
            self.runs += 1
            failure, self._failure = self._failure, None
            if failure is not None:
                raise failure
            try:
                return function(*arguments)
            except Exception as error:
                raise ChildFailed(f"{type(error).__name__}: {error}") from error


class FakeChannel:
    """Takes messages in memory: `accepts()`, `refuses(permanent=...)`, `is_uncertain()` say how from now on."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self._error: Exception | None = None

    def accepts(self) -> None:
        """Take every message."""
        self._error = None

    def refuses(self, *, permanent: bool = False) -> None:
        """Certainly not take it."""
        self._error = DeliveryError("the fake channel refuses", permanent=permanent)

    def is_uncertain(self) -> None:
        """Take it, and fall silent before saying so."""
        self._error = DeliveryUncertain("the fake channel fell silent")

    def breaks(self, error: Exception) -> None:
        """Raise something no channel should."""
        self._error = error

    def send(self, address: str, message: Message) -> None:
        """What a channel does; a message that was refused is not in `sent`."""
        if self._error is None or isinstance(self._error, DeliveryUncertain):
            self.sent.append((address, message))
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Nothing is kept open."""

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.sent]

    @property
    def messages(self) -> list[Message]:
        return [message for _, message in self.sent]


def run_in_process(function: Callable[..., object], *arguments: Any) -> int | None:
    """Call the function in a process of its own; its exit code, negative for the signal that ended it."""
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join()
    return process.exitcode
