"""The body of an answer, framed strictly: in chunks, of a stated length, or up to the end of the connection."""

import re
from collections.abc import Iterator

from oversight.domain.feed import Outcome
from oversight.outbound.decode import content_coding, decoded
from oversight.outbound.failure import FetchError, not_http
from oversight.outbound.head import BLANK, Head
from oversight.outbound.limits import Limits
from oversight.outbound.wire import STEP, Wire

_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)
# No signs, no underscores, nothing near 2**63: what int() takes is more than what a size may be.
_CHUNK_SIZE_LINE = re.compile(rb"0*([0-9a-fA-F]{1,8})[ \t]*(;[^\r\n]*)?\r?\n")


def read_body(wire: Wire, head: Head, limits: Limits) -> bytes:
    """The whole body, unpacked; raises FetchError."""
    length = _length(head, limits)
    coding = content_coding(head.headers.get("content-encoding", ()))
    if "transfer-encoding" in head.headers:
        blocks = _chunks(wire, limits.headers - head.lines)
    else:
        blocks = iter(wire.block, b"") if length is None else _exactly(wire, length)
    return decoded(blocks, coding, limit=limits.decoded_bytes)


def _length(head: Head, limits: Limits) -> int | None:
    """What the headers say of the body's length; contradictions are refused, for others could read them differently."""
    codings = head.headers.get("transfer-encoding", ())
    if codings and [coding.lower() for coding in codings] != ["chunked"]:
        raise not_http("its transfer encoding is not chunked")
    lengths = {value.strip(" \t") for value in head.headers.get("content-length", ())}
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        raise not_http("its length is contradictory or not a number")
    length = int(lengths.pop()) if lengths and not codings else None
    if length is not None and length > limits.wire_bytes:
        raise FetchError(Outcome.TOO_LARGE, f"more than {limits.wire_bytes:,} bytes are announced")
    return length


def _exactly(wire: Wire, length: int) -> Iterator[bytes]:
    while length > 0:
        block = wire.block(min(length, STEP))
        if not block:
            raise FetchError(Outcome.TRUNCATED, f"the body ends {length:,} bytes too early")
        length -= len(block)
        yield block


def _chunks(wire: Wire, trailers: int) -> Iterator[bytes]:
    while size := _chunk_size(wire.line()):
        yield from _exactly(wire, size)
        end = wire.line()
        if not end:
            raise FetchError(Outcome.TRUNCATED, "the body ends before its last chunk")
        if end not in BLANK:
            raise not_http("a chunk is longer than its size")
    while wire.line() not in (*BLANK, b""):  # nothing of what stands in a trailer counts
        trailers -= 1
        if trailers < 0:
            raise not_http("the trailer is too long")


def _chunk_size(line: bytes) -> int:
    if not line.endswith(b"\n"):
        raise FetchError(Outcome.TRUNCATED, "the body ends before its last chunk")
    size = _CHUNK_SIZE_LINE.fullmatch(line)
    if size is None:
        raise not_http("a chunk has no usable size")
    return int(size[1], 16)
