"""What looks at a source's address say of it: it works, it moved, it cannot be checked, it fails, it is dead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from oversight.domain.feed import Outcome
from oversight.domain.hosts import site_of
from oversight.domain.moves import permanent_target
from oversight.domain.record import LinkState

JITTER = 0.1
NOT_FOUND, GONE, BROKEN_SERVER = 404, 410, 500
# A server that says that the page is not there is believed sooner than one that says nothing.
GONE_LOOKS, GONE_FOR = 4, timedelta(days=5)
SILENT_LOOKS, SILENT_FOR = 6, timedelta(days=14)
AGAIN, RETRY, LONGEST_RETRY = timedelta(days=30), timedelta(days=1), timedelta(days=8)
SILENCE = frozenset(
    {Outcome.TIMEOUT, Outcome.CONNECTION_ERROR, Outcome.TRUNCATED, Outcome.PROTOCOL_ERROR, Outcome.EMPTY_BODY}
)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one look found; `is_silent`: nobody answered, which may be our own network's doing."""

    state: LinkState
    reason: str | None = None
    moved_to: str | None = None
    text_hash: str | None = None
    is_gone: bool = False
    is_silent: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """What all looks so far say of an address.

    `failures` is how many looks in a row failed, `failing_since` when the first of them was. `text_looks` is how many
    looks in a row found the text that `text_hash` stands for; `text_changed_at` when a text that stood still changed.
    """

    state: LinkState | None = None
    reason: str | None = None
    moved_to: str | None = None
    failures: int = 0
    failing_since: datetime | None = None
    text_hash: str | None = None
    text_looks: int = 0
    text_changed_at: datetime | None = None

    @property
    def is_text_stable(self) -> bool:
        """Whether the text was the same twice: a page that shows the weather never is."""
        return self.text_looks > 1


def after_look(link: Link, look: Look, *, now: datetime) -> Link:
    """What is known after one more look. Only several failures over several days make a link dead."""
    fails = look.state is LinkState.FAILING
    failures = link.failures + 1 if fails else 0
    since = (link.failing_since or now) if fails else None
    is_dead = since is not None and (link.state is LinkState.DEAD or is_enough(failures, now - since, look))
    is_same = look.text_hash is not None and look.text_hash == link.text_hash
    has_changed = look.text_hash is not None and not is_same and link.is_text_stable
    looks = link.text_looks + 1 if is_same else 1
    return Link(
        state=LinkState.DEAD if is_dead else look.state,
        reason=look.reason,
        moved_to=look.moved_to,
        failures=failures,
        failing_since=since,
        text_hash=look.text_hash or link.text_hash,
        text_looks=looks if look.text_hash else link.text_looks,
        text_changed_at=now if has_changed else link.text_changed_at,
    )


def is_enough(failures: int, lasted: timedelta, look: Look) -> bool:
    """Whether so many failures over so long a time say that the link is dead."""
    looks, span = (GONE_LOOKS, GONE_FOR) if look.is_gone else (SILENT_LOOKS, SILENT_FOR)
    return failures >= looks and lasted >= span


def next_look(link: Link, *, now: datetime, chance: float) -> datetime:
    """When to look again: in a month, and sooner while it fails; `chance` is a random number in [0, 1)."""
    wait = AGAIN
    if link.state is LinkState.FAILING:
        wait = min(RETRY * 2 ** min(link.failures - 1, 10), LONGEST_RETRY)
    return now + wait * (1 + JITTER * (2 * chance - 1))


def look_at_answer(url: str, hops: Sequence[tuple[str, int | None]], *, text_hash: str | None) -> Look:
    """What an answer with a page says, after the redirects that led to it."""
    landed = hops[-1][0] if hops else url
    if is_front_page(landed) and not is_front_page(url):
        return Look(state=LinkState.FAILING, reason="it leads to a front page now", moved_to=landed, is_gone=True)
    target = permanent_target(hops)
    target = landed if site_of(landed) != site_of(url) else target
    if target is None or plain(target) == plain(url):
        return Look(state=LinkState.LIVE, text_hash=text_hash)
    return Look(state=LinkState.MOVED, reason="it leads elsewhere now", moved_to=target, text_hash=text_hash)


def look_at_failure(outcome: Outcome, status: int | None, reason: str) -> Look:
    """What a failure says: that the page is not there, that nobody answers, or only that we are not let in."""
    if outcome is Outcome.TOO_LARGE:
        return Look(state=LinkState.LIVE)
    if outcome is Outcome.HTTP_ERROR and status in (NOT_FOUND, GONE):
        return Look(state=LinkState.FAILING, reason=reason, is_gone=True)
    if outcome in SILENCE or (outcome is Outcome.HTTP_ERROR and (status or 0) >= BROKEN_SERVER):
        return Look(state=LinkState.FAILING, reason=reason, is_silent=status is None)
    return Look(state=LinkState.CLOSED, reason=reason)


def link_words(state: LinkState | None, *, is_archived: bool) -> str:
    """What a reader of a citation should know of its address."""
    if state is None:
        return "link not checked"
    if state is LinkState.DEAD:
        return f"link dead, {'archive kept' if is_archived else 'no archive'}"
    return state.label.lower()


def is_front_page(url: str) -> bool:
    """Whether an address is that of a whole site."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def plain(url: str) -> str:
    """An address without what changes nothing: scheme, "www.", a slash at its end, a fragment."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"
