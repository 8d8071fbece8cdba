"""A web that refuses with a status and headers, leads elsewhere, or takes its time."""

from collections.abc import Callable
from dataclasses import replace

from oversight.domain.feed import Outcome
from oversight.outbound.client import Fetched
from oversight.outbound.failure import FetchError, Hop
from tests.fakes import FakeWeb

OUTCOMES = {429: Outcome.RATE_LIMITED, 503: Outcome.RATE_LIMITED}


class RudeWeb(FakeWeb):
    """`refuse` and `lead` say what an address does from now on, `before` what happens while it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._refusals: dict[str, tuple[tuple[Hop, ...], dict[str, str]]] = {}
        self._ways: dict[str, tuple[Hop, ...]] = {}
        self.before: Callable[[], object] = lambda: None

    def refuse(self, url: str, status: int, retry_after: str | None = None, *, at: str | None = None) -> None:
        """Answer with a status that is no success; `at` an address to which this one redirects, where that is given."""
        hops = ((url, status),) if at is None else ((url, 302), (at, status))
        self._refusals[url] = (hops, {} if retry_after is None else {"retry-after": retry_after})

    def lead(self, url: str, *hops: Hop, body: str) -> None:
        """Answer after redirects; the last hop is where the body comes from."""
        self.please(url)
        self._ways[url] = hops
        self.answer(url, body)

    def please(self, url: str) -> None:
        """Answer as a plain site would."""
        self._refusals.pop(url, None)
        self._ways.pop(url, None)

    def fetch(self, url: str, **given) -> Fetched:
        """What the guarded client would return or raise."""
        self.before()
        if url in self._refusals:
            self.asked.append(url)
            raise self._refusal(url)
        fetched = super().fetch(url, **given)
        hops = self._ways.get(url, fetched.hops)
        return replace(fetched, url=hops[-1][0], hops=hops)

    def _refusal(self, url: str) -> FetchError:
        hops, headers = self._refusals[url]
        status = hops[-1][1] or 0
        error = FetchError(OUTCOMES.get(status, Outcome.HTTP_ERROR), f"the server answered with status {status}")
        error.hops, error.headers = hops, headers
        return error
