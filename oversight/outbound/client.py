"""The guarded client: one GET with its redirects, each hop judged anew, ending in an answer or one outcome."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from oversight import VERSION
from oversight.domain.feed import Outcome
from oversight.domain.hosts import site_of
from oversight.outbound.address import Target, follow, parse_url
from oversight.outbound.connect import connect, tls_context
from oversight.outbound.exchange import NOTHING, Payload, Reply, exchange
from oversight.outbound.failure import FetchError, Hop, as_fetch_errors
from oversight.outbound.guard import Guard, Resolve, system_resolve
from oversight.outbound.head import Headers
from oversight.outbound.limits import Account, Limits
from oversight.outbound.politeness import Politeness
from oversight.outbound.validators import Validators
from oversight.settings import Settings

REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A 200 with its decoded body, or a 304 to validators that were sent. Header names are lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    etag: str | None
    last_modified: str | None
    wire_bytes: int
    hops: tuple[Hop, ...]

    @property
    def is_not_modified(self) -> bool:
        return self.status == 304


class Client:
    """Shared by all threads; keeps no cookies, credentials or connections, and reads no proxy from the environment."""

    def __init__(
        self,
        settings: Settings,
        *,
        resolve: Resolve = system_resolve,
        limits: Limits | None = None,
        authorities: Path | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._guard = Guard(settings.allow_hosts, resolve)
        self._politeness = Politeness(gap_seconds=settings.host_gap_seconds, connections=settings.host_connections)
        self._context = tls_context(authorities)
        contact = quote(settings.contact_url, safe=":/?#[]@!$&'*+,;=%")
        self._user_agent = f"Oversight/{VERSION} (+{contact})"

    def fetch(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
        payload: Payload = NOTHING,
    ) -> Fetched:
        """Get `url`, conditionally where validators are given and safe to send; raises FetchError for all else.

        With a `payload` that has a body it is a POST, whose redirects are refused. Waiting for a turn at a host is not
        charged to the time limit: it is our doing, not the server's.
        """
        validators = Validators.of([etag] if etag else [], [last_modified] if last_modified else [])
        account = Account(self._limits.within(payload.most_bytes))
        try:
            return self._follow(parse_url(url), {"Accept": accept} | validators.headers(), payload, account)
        except FetchError as error:
            error.hops = tuple(account.hops)
            error.wire_bytes = account.wire_bytes
            raise

    def slow_down(self, url: str, seconds: float) -> None:
        """From now on leave at least so many seconds between requests to the URL's site (SAFETY B10)."""
        self._politeness.slow_down(site_of(url), seconds)

    def _follow(self, target: Target, asked: Mapping[str, str], payload: Payload, account: Account) -> Fetched:
        plain = {"User-Agent": self._user_agent} | dict(asked)
        headers = dict(payload.headers) | plain
        was_conditional = "If-None-Match" in asked or "If-Modified-Since" in asked
        guard = self._guard.for_question(target, is_strangers=payload.is_strangers)
        while True:
            account.ask(target.url)
            reply = self._visit(guard, target, headers, payload, account)
            if reply.status not in REDIRECTS:
                _check_status(reply, was_conditional=was_conditional)
                return _fetched(target, reply, headers, account)
            if payload.body is not None:
                raise FetchError(Outcome.BAD_REDIRECT, "a question that sends a body is not sent on to another address")
            before, target = target, follow(target, _location(reply.headers))
            if target.authority != before.authority:
                headers = plain  # a platform's own headers, a key among them, are for nobody else (SAFETY B5, B8)

    def _visit(
        self, guard: Guard, target: Target, headers: Mapping[str, str], payload: Payload, account: Account
    ) -> Reply:
        guard.admit(target)
        with self._politeness.turn(site_of(target.url)) as waited, as_fetch_errors():
            account.deadline.extend(waited)
            connecting = account.deadline.within(self._limits.connect_seconds)
            addresses = guard.addresses(target, connecting)
            with closing(connect(target, addresses, deadline=connecting, context=self._context)) as sock:
                return exchange(sock, target, headers, account, payload)


def _check_status(reply: Reply, *, was_conditional: bool) -> None:
    error = _refusal(reply, was_conditional=was_conditional)
    if error is not None:
        error.headers = _plain(reply.headers)
        raise error


def _refusal(reply: Reply, *, was_conditional: bool) -> FetchError | None:
    if reply.status == 429 or (reply.status == 503 and any(reply.headers.get("retry-after", ()))):
        return FetchError(Outcome.RATE_LIMITED, f"the server asks to come again later ({reply.status})")
    if reply.status == 304 and was_conditional:
        return None
    if reply.status != 200:
        return FetchError(Outcome.HTTP_ERROR, f"the server answered with status {reply.status}")
    return None if reply.body else FetchError(Outcome.EMPTY_BODY, "the answer is empty")


def _fetched(target: Target, reply: Reply, sent: Mapping[str, str], account: Account) -> Fetched:
    received = Validators.of(reply.headers.get("etag", ()), reply.headers.get("last-modified", ()))
    # A 304 confirms what was sent; only a 200 brings validators for a body.
    asked = Validators(sent.get("If-None-Match"), sent.get("If-Modified-Since"))
    kept = asked if reply.status == 304 else received
    return Fetched(
        status=reply.status,
        url=target.url,
        headers=_plain(reply.headers),
        body=reply.body,
        etag=kept.etag,
        last_modified=kept.last_modified,
        wire_bytes=account.wire_bytes,
        hops=tuple(account.hops),
    )


def _location(headers: Headers) -> str:
    found = {value.strip(" \t") for value in headers.get("location", ())}
    if len(found) != 1 or found == {""}:
        raise FetchError(Outcome.BAD_REDIRECT, "bad redirect: it names no place, or several")
    return found.pop()


def _plain(headers: Headers) -> dict[str, str]:
    """Repeated and folded lines joined; cookies do not get past here."""
    return {
        name: ", ".join(" ".join(value.split()) for value in values)
        for name, values in headers.items()
        if name != "set-cookie"
    }
