"""robots.txt (RFC 9309): what a site lets us fetch, asked at most once a day for each site (SAFETY B12)."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, Self

from protego import Protego

from oversight.domain.encoding import decode_document
from oversight.domain.feed import Outcome
from oversight.outbound.address import Target, parse_url
from oversight.outbound.client import Fetched
from oversight.outbound.failure import FetchError

AGENT = "oversight"
PARSED_BYTES = 500 * 1024
LONGEST_DELAY_SECONDS = 60.0
KEPT_SECONDS = 24 * 3600.0
ASK_AGAIN_SECONDS = 3600.0
MOST_SITES = 500

_AGENT_LINE = re.compile(r"\s*user(?:-|\s*)agent\s*[:\s](?P<value>.*)", re.I)
_PRODUCT = re.compile(r"[A-Za-z_-]+|\*(?=\s|#|$)")
# A product token holds no slash, so this is nobody's.
_OTHERS = "User-agent: others/"


class Robots:
    """The rules of one site for one robot; what cannot be understood of them forbids nothing."""

    def __init__(self, rules: Protego, agent: str) -> None:
        self._rules = rules
        self._agent = agent

    @classmethod
    def parse(cls, body: bytes, agent: str = AGENT) -> Self:
        """Read a robots.txt of any size and content; only the first 500 KiB of it count."""
        return cls(Protego.parse(_for_one_agent(decode_document(_beginning(body), ""), agent)), agent)

    def may_fetch(self, url: str) -> bool:
        """Whether an address (already found fit by `parse_url`) may be fetched."""
        return self._rules.can_fetch(url, self._agent)

    @property
    def delay_seconds(self) -> float:
        """The gap that the site wants between requests, as far as we go along with it."""
        return min(self._rules.crawl_delay(self._agent) or 0.0, LONGEST_DELAY_SECONDS)


@dataclass(frozen=True)
class Verdict:
    """Whether an address may be fetched, why, and the least gap between two requests to its site.

    `is_passing` says that it may be allowed later: the site's robots.txt could not be read this time; `is_silent`, that
    nobody answered at all.
    """

    allowed: bool
    reason: str
    delay_seconds: float = 0.0
    is_passing: bool = False
    is_silent: bool = False


class Fetch(Protocol):
    """The part of `Client.fetch` that is needed here."""

    def __call__(self, url: str, *, accept: str) -> Fetched:
        """Get an address, or raise FetchError."""
        ...


@dataclass(frozen=True)
class _Told:
    """What a site told us: its rules, or what follows for all of it from having none; good until then."""

    until: float
    rules: Robots | Verdict


@dataclass
class _Site:
    """Its lock is held while it is asked, so that everyone else who wants to know waits for that one answer."""

    lock: Lock = field(default_factory=Lock)
    told: _Told | None = None


class RobotsCache:
    """Shared by all threads; `fetch` is the guarded client's, `clock` gives monotonic seconds."""

    def __init__(self, fetch: Fetch, *, agent: str = AGENT, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._agent = agent
        self._clock = clock
        self._lock = Lock()
        self._sites: dict[str, _Site] = {}

    def check(self, url: str) -> Verdict:
        """Whether `url` may be fetched; its site is asked for its robots.txt where that is not known or too old."""
        try:
            target = parse_url(url)
        except FetchError as error:
            return Verdict(False, str(error))
        site = self._site(f"{target.scheme}://{target.authority}")
        with site.lock:
            if site.told is None or self._clock() >= site.told.until:
                site.told = self._ask(f"{target.scheme}://{target.authority}/robots.txt")
            return _verdict(site.told.rules, target)

    def _site(self, origin: str) -> _Site:
        with self._lock:
            if origin not in self._sites and len(self._sites) >= MOST_SITES:
                del self._sites[next(iter(self._sites))]
            return self._sites.setdefault(origin, _Site())

    def _ask(self, url: str) -> _Told:
        try:
            body = self._fetch(url, accept="text/plain, */*;q=0.1").body
        except FetchError as error:
            verdict, seconds = _without_rules(error)
            return _Told(self._clock() + seconds, verdict)
        return _Told(self._clock() + KEPT_SECONDS, Robots.parse(body, self._agent))


def _verdict(rules: Robots | Verdict, target: Target) -> Verdict:
    if isinstance(rules, Verdict):
        return rules
    allowed = rules.may_fetch(target.url)
    return Verdict(allowed, f"robots.txt {'allows' if allowed else 'forbids'} it", rules.delay_seconds)


def _without_rules(error: FetchError) -> tuple[Verdict, float]:
    """The verdict on a whole site whose robots.txt did not come, and for how long it stands."""
    status = error.status or 0
    if status == 429:
        return Verdict(True, "there is no robots.txt to be had (429)"), ASK_AGAIN_SECONDS
    if 400 <= status < 500 or status == 204 or error.outcome == Outcome.EMPTY_BODY:
        return Verdict(True, f"there is no robots.txt ({status})"), KEPT_SECONDS
    # RFC 9309 2.3.1.2: redirects that do not end at a file are the same as no file. The guard stopped them.
    leads_inside = error.outcome == Outcome.BLOCKED_ADDRESS and len(error.hops) > 1
    if leads_inside or error.outcome in (Outcome.BAD_REDIRECT, Outcome.REDIRECT_LOOP):
        return Verdict(True, f"there is no robots.txt: {error}"), KEPT_SECONDS
    # RFC 9309 2.3.1.4: the site cannot say what it wants, so nothing of it is fetched until it can.
    reason = f"robots.txt could not be read: {error}"
    return Verdict(False, reason, is_passing=True, is_silent=error.status is None), ASK_AGAIN_SECONDS


def _beginning(body: bytes) -> bytes:
    """The first 500 KiB up to a line's end: half a line, such as `Disallow: /`, could forbid everything."""
    if len(body) <= PARSED_BYTES:
        return body
    kept = body[:PARSED_BYTES]
    return kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1]


def _for_one_agent(text: str, agent: str) -> str:
    """The same rules with all other robots under one name.

    Protego keeps every rule once for each robot of its group: 5,000 robots with 5,000 rules took it 35 seconds.
    """
    return "\n".join(_renamed(line, agent) for line in text.splitlines())


def _renamed(line: str, agent: str) -> str:
    found = _AGENT_LINE.match(line)
    if found is None:
        return line
    product = _PRODUCT.match(found["value"].strip(": \t"))
    name = product.group().lower() if product else ""
    return f"User-agent: {name}" if name in ("*", agent.lower()) else _OTHERS
