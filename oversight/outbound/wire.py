"""What http.client reads from and writes to: every read is held to the deadline, every line to its limits."""

import io
import re
import socket
from collections.abc import Callable

from oversight.domain.feed import Outcome
from oversight.outbound.failure import FetchError, not_http
from oversight.outbound.limits import Account

STEP = 65_536
MAX_INTERIM_ANSWERS = 5

# What http.client's header parser understands; it would silently drop all that follows another line.
_HEADER_LINE = re.compile(rb"[!-9;-~]+:|[ \t]")
# http.client reads the size with int(), which also takes signs, underscores and 2**63.
_CHUNK_SIZE_LINE = re.compile(rb"0*([0-9a-fA-F]{1,8})[ \t]*(;[^\r\n]*)?\r?\n")
_BLANK = (b"\r\n", b"\n")
_TLS_RECORD = b"\x16\x03"


class Wire:
    """The part of a socket that http.client uses."""

    def __init__(self, sock: socket.socket, account: Account) -> None:
        self._sock = sock
        self._account = account
        self.lines = Lines(Received(sock, account), account)

    def sendall(self, content: bytes) -> None:
        self._sock.settimeout(self._account.deadline.remaining())
        self._sock.sendall(content)

    def makefile(self, _mode: str) -> "Lines":
        return self.lines


class Received(io.RawIOBase):
    """The bytes of one connection, counted; a server that drips them is cut off by the deadline all the same."""

    def __init__(self, sock: socket.socket, account: Account) -> None:
        self._sock = sock
        self._account = account
        self._deadline = account.deadline.within(account.limits.first_byte_seconds)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader passes nothing else
        self._sock.settimeout(self._deadline.remaining())
        count = self._sock.recv_into(buffer)
        self._deadline = self._account.deadline
        self._account.received(count)
        return count


class Lines(io.BufferedReader):
    """Reads lines strictly: status line and headers of each answer, then, for a chunked body, sizes and trailers."""

    def __init__(self, received: Received, account: Account) -> None:
        super().__init__(received, STEP)
        self._limits = account.limits
        self._answers = 0
        self._headers = 0
        self._header_bytes = 0
        self._check: Callable[[bytes], None] = self._check_status

    def expect_chunks(self) -> None:
        """The head is read and a chunked body follows."""
        self._check = self._check_chunk_size

    def readline(self, _size: int | None = -1, /) -> bytes:
        longest = self._limits.header_line_bytes
        line = super().readline(longest + 1)
        if len(line) > longest and line[:9].lower() == b"location:":
            raise FetchError(Outcome.BAD_REDIRECT, f"bad redirect: it is longer than {longest:,} bytes")
        if len(line) > longest:
            raise not_http(f"a line is longer than {longest:,} bytes")
        self._check(line)
        return line

    def _check_status(self, line: bytes) -> None:
        if not line:
            raise FetchError(Outcome.CONNECTION_ERROR, "the server closed the connection without an answer")
        if line.startswith(_TLS_RECORD):
            raise FetchError(Outcome.CONNECTION_ERROR, "the server speaks TLS here: use https")
        self._answers += 1
        if self._answers > MAX_INTERIM_ANSWERS + 1:
            raise not_http("the server sends one interim answer after the other")
        self._check = self._check_header

    def _check_header(self, line: bytes) -> None:
        if line in _BLANK:
            self._check = self._check_status
            return
        if not line.endswith(b"\n"):
            raise FetchError(Outcome.CONNECTION_ERROR, "the server closed the connection within the headers")
        # RFC 9112 2.2: a bare CR must not end a line; the header parser of http.client lets it.
        if b"\r" in line[:-2] or b"\0" in line or not _HEADER_LINE.match(line):
            raise not_http("a header line is malformed")
        # A header counts with the lines it is folded over: the parser takes quadratic time over a Content-Type.
        self._header_bytes = len(line) + (self._header_bytes if line[:1] in (b" ", b"\t") else 0)
        self._headers += 1
        if self._headers > self._limits.headers or self._header_bytes > self._limits.header_line_bytes:
            raise not_http("it has too many headers, or one that is too long")

    def _check_chunk_size(self, line: bytes) -> None:
        if not line.endswith(b"\n"):
            raise FetchError(Outcome.TRUNCATED, "the body ends before its last chunk")
        size = _CHUNK_SIZE_LINE.fullmatch(line)
        if size is None:
            raise not_http("a chunk has no usable size")
        if int(size[1], 16) == 0:
            self._check = self._check_trailer

    def _check_trailer(self, _line: bytes) -> None:
        self._headers += 1
        if self._headers > self._limits.headers:
            raise not_http("the trailer is too long")
