"""A feed, what its reader asks of it, and what one poll of it ended in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from oversight.domain.word import Word


@dataclass(frozen=True)
class Feed:
    """One `[[feed]]` of feeds.toml. `jurisdiction` is an Open Civic Data id, `timezone` an IANA name.

    `evidence` says how its address is known, `note` what people should know, such as why it is not enabled.
    """

    key: str
    platform: str
    url: str
    title: str
    jurisdiction: str | None
    timezone: str | None
    every_minutes: int
    is_enabled: bool
    note: str | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class FeedState:
    """What a reader may know of the past: the moment of this poll and of the last one that succeeded (UTC)."""

    now: datetime
    last_ok_at: datetime | None


@dataclass(frozen=True)
class Request:
    """One question to a platform: a GET, or a POST where there is a `body`.

    A question whose `revision` was answered before need not be asked again, except once more on the day `again_on`
    (a meeting's own local day) and in the nightly re-read. `meeting_uid` names the meeting that it asks about.
    `headers` are sent as they are; the guarded client sets its own Host, User-Agent and Accept.
    """

    url: str
    accept: str = "*/*"
    revision: str | None = None
    again_on: date | None = None
    meeting_uid: str | None = None
    body: str | None = None
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """What tells this question from the others of its feed."""
        return self.url if self.body is None else f"{self.url} {self.body}"


@dataclass(frozen=True)
class Answer:
    """One answer: `url` is where it came from after redirects, header names are lower case, the body is decoded.

    `request` is the question; None where the answer was read from a file.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    request: Request | None = None

    @property
    def meeting_uid(self) -> str | None:
        """The meeting that the question was about."""
        return self.request.meeting_uid if self.request else None


class Outcome(Word):
    """How a poll ended: a closed list, exactly one per poll (SAFETY B13)."""

    OK = "ok", "Checked"
    NOT_MODIFIED = "not_modified", "Checked, nothing changed"
    TIMEOUT = "timeout", "Too slow"
    TOO_LARGE = "too_large", "Answer too large"
    BLOCKED_ADDRESS = "blocked_address", "Address not allowed"
    BAD_REDIRECT = "bad_redirect", "Redirect not allowed"
    REDIRECT_LOOP = "redirect_loop", "Too many redirects"
    HTTP_ERROR = "http_error", "Refused by the server"
    RATE_LIMITED = "rate_limited", "Asked to wait"
    CONNECTION_ERROR = "connection_error", "No connection"
    TLS_ERROR = "tls_error", "No trusted connection"
    PROTOCOL_ERROR = "protocol_error", "Not HTTP"
    TRUNCATED = "truncated", "Answer cut off"
    DECODE_ERROR = "decode_error", "Answer garbled"
    NOT_A_FEED = "not_a_feed", "Not a feed"
    EMPTY_BODY = "empty_body", "Empty answer"
    PARSE_ERROR = "parse_error", "Unreadable"
    PARSE_TIMEOUT = "parse_timeout", "Reading took too long"
    PARSE_OOM = "parse_oom", "Reading took too much memory"
    ROBOTS_DISALLOWED = "robots_disallowed", "Closed to robots"

    @property
    def is_healthy(self) -> bool:
        """Whether the feed was really checked."""
        return self in (Outcome.OK, Outcome.NOT_MODIFIED)
