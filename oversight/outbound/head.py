"""The head of an answer, read strictly: a status line, then headers that no reader could take apart differently."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oversight.domain.feed import Outcome
from oversight.outbound.failure import FetchError, not_http
from oversight.outbound.limits import Limits
from oversight.outbound.wire import Wire

MOST_INTERIM_ANSWERS = 5
CONTINUE = 100
BLANK = (b"\r\n", b"\n")

Headers = Mapping[str, Sequence[str]]
"""Every value of each header, as it was written and in latin-1; names are lower case."""

_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9][ \t]+([0-9]{3})(?:[ \t][^\r\n\0]*)?\r?\n")
# RFC 9112 2.2: a bare CR must not end a line, and some readers let it.
_HEADER_LINE = re.compile(rb"([!-9;-~]+):[ \t]*([^\r\n\0]*)\r?\n")
_FOLDED_LINE = re.compile(rb"[ \t][^\r\n\0]*\r?\n")
_TLS_RECORD = b"\x16\x03"


@dataclass(frozen=True)
class Head:
    """Status and headers of an answer; `lines` is how many lines of headers there were, interim answers' too."""

    status: int
    headers: Headers
    lines: int


def read_head(wire: Wire, limits: Limits) -> Head:
    """The head of the answer that counts: a few that only say "continue" may come before it. Raises FetchError."""
    lines = 0
    for _ in range(MOST_INTERIM_ANSWERS + 1):
        status = _status(wire.line())
        found = _Found(limits, lines)
        while (line := wire.line()) not in BLANK:
            found.take(line)
        lines = found.lines
        if status != CONTINUE:
            return Head(status, found.headers, lines)
    raise not_http("the server sends one interim answer after the other")


@dataclass
class _Found:
    """Headers while they are read. A folded one counts with all of its lines towards the limit of a line."""

    limits: Limits
    lines: int
    headers: dict[str, list[str]] = field(default_factory=dict)
    _last: list[str] = field(default_factory=list)
    _bytes: int = 0

    def take(self, line: bytes) -> None:
        if not line.endswith(b"\n"):
            raise FetchError(Outcome.CONNECTION_ERROR, "the server closed the connection within the headers")
        header = _HEADER_LINE.fullmatch(line)
        if header is not None:
            self._bytes = len(line)
            self._last = self.headers.setdefault(header[1].decode("ascii").lower(), [])
            self._last.append(header[2].decode("latin-1"))
        elif self._last and _FOLDED_LINE.fullmatch(line):
            self._bytes += len(line)
            self._last[-1] += "\r\n" + line.rstrip(b"\r\n").decode("latin-1")
        else:
            raise not_http("a header line is malformed")
        self.lines += 1
        if self.lines > self.limits.headers or self._bytes > self.limits.header_line_bytes:
            raise not_http("it has too many headers, or one that is too long")


def _status(line: bytes) -> int:
    if not line:
        raise FetchError(Outcome.CONNECTION_ERROR, "the server closed the connection without an answer")
    if line.startswith(_TLS_RECORD):
        raise FetchError(Outcome.CONNECTION_ERROR, "the server speaks TLS here: use https")
    found = _STATUS_LINE.fullmatch(line)
    if found is None:
        raise not_http("its first line is no status line")
    return int(found[1])
