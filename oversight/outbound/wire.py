"""The bytes of one connection: every read is held to the deadline, every byte counted, every line held to a length."""

import socket

from oversight.domain.feed import Outcome
from oversight.outbound.failure import FetchError, not_http
from oversight.outbound.limits import Account

STEP = 65_536


class Wire:
    """What was received and not yet used of a socket. A server that drips is cut off by the deadline all the same."""

    def __init__(self, sock: socket.socket, account: Account) -> None:
        self._sock = sock
        self._account = account
        self._deadline = account.deadline.within(account.limits.first_byte_seconds)
        self._received = b""
        self._used = 0

    def send(self, content: bytes) -> None:
        """Send all of it."""
        self._sock.settimeout(self._account.deadline.remaining())
        self._sock.sendall(content)

    def line(self) -> bytes:
        """The next line with its end, or what is left where the server closed the connection."""
        longest = self._account.limits.header_line_bytes
        while (end := self._received.find(b"\n", self._used) + 1) == 0:
            if len(self._received) - self._used > longest or not self._receive():
                end = len(self._received)
                break
        line = self._received[self._used : end]
        self._used = end
        if len(line) > longest and line[:9].lower() == b"location:":
            raise FetchError(Outcome.BAD_REDIRECT, f"bad redirect: it is longer than {longest:,} bytes")
        if len(line) > longest:
            raise not_http(f"a line is longer than {longest:,} bytes")
        return line

    def block(self, most: int = STEP) -> bytes:
        """Some of the bytes that follow, at most so many; none where the server closed the connection."""
        if self._used == len(self._received) and not self._receive():
            return b""
        block = self._received[self._used : self._used + most]
        self._used += len(block)
        return block

    def _receive(self) -> bool:
        """Wait for more; False at the end."""
        self._sock.settimeout(self._deadline.remaining())
        # No more than may be had: so the head of an answer that is too long is still read, and what it says is known.
        left = self._account.limits.wire_bytes - self._account.wire_bytes
        more = self._sock.recv(max(1, min(STEP, left)))
        self._deadline = self._account.deadline
        self._account.received(len(more))
        self._received = self._received[self._used :] + more
        self._used = 0
        return bool(more)
