"""Bodies unpacked: one layer of gzip or deflate, in small steps, so that a bomb is stopped while it is small."""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence

from oversight.domain.feed import Outcome
from oversight.outbound.failure import FetchError

ACCEPT_ENCODING = "gzip, deflate"
STEP = 65_536
# Members cost time even when they hold nothing; a body of 10 MB in blocks of 64 kB has some 160.
MAX_MEMBERS = 1_000

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW = 31, 15, -15


def content_coding(values: Sequence[str]) -> str:
    """The one coding that Content-Encoding names, or "identity"; raises FetchError(decode_error) for any other."""
    named = [name for value in values for name in re.split(r"[,\s]+", value.lower()) if name not in ("", "identity")]
    if not named:
        return "identity"
    coding = named[0].removeprefix("x-")
    if len(named) > 1 or coding not in ("gzip", "deflate"):
        raise FetchError(Outcome.DECODE_ERROR, "the body is packed in a way that was not offered")
    return coding


def decoded(blocks: Iterable[bytes], coding: str, *, limit: int) -> bytes:
    """The whole body; raises FetchError: too_large past `limit`, truncated or decode_error where it is damaged."""
    pieces = blocks if coding == "identity" else _Packed(is_gzip=coding == "gzip").pieces(blocks)
    body = bytearray()
    try:
        for piece in pieces:
            body += piece
            if len(body) > limit:
                raise FetchError(Outcome.TOO_LARGE, f"the body is longer than {limit:,} bytes")
    except zlib.error as error:
        raise FetchError(Outcome.DECODE_ERROR, "the body is damaged: it cannot be unpacked") from error
    return bytes(body)


class _Packed:
    """One packed body: a stream of deflate, or the members of gzip. What follows them is ignored."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._begun = 0
        self._stream: zlib._Decompress | None = None

    def pieces(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        rest = b""
        for block in blocks:
            rest += block
            while stream := self._stream_for(rest):
                yield stream.decompress(rest, STEP)
                rest = stream.unused_data if stream.eof else stream.unconsumed_tail
                if stream.eof:
                    self._stream = None
        if self._stream is not None:
            # A last step that came out exactly full may have left bytes inside the stream.
            yield self._stream.decompress(b"", STEP)
            if not self._stream.eof:
                raise FetchError(Outcome.TRUNCATED, "the packed body ends too early")

    def _stream_for(self, packed: bytes) -> "zlib._Decompress | None":
        """The stream these bytes belong to: the open one, or a new one where they begin one."""
        if packed and self._stream is None and self._begins(packed):
            self._begun += 1
            if self._begun > MAX_MEMBERS:
                raise FetchError(Outcome.DECODE_ERROR, f"the body is packed in more than {MAX_MEMBERS:,} members")
            self._stream = zlib.decompressobj(_GZIP if self._is_gzip else _deflate_format(packed))
        return self._stream if packed else None

    def _begins(self, packed: bytes) -> bool:
        return self._begun == 0 or (self._is_gzip and packed.startswith(_GZIP_MAGIC))


def _deflate_format(packed: bytes) -> int:
    # RFC 9110 8.4.1.2: "deflate" means zlib, but some servers send the bare stream.
    is_zlib = packed[0] & 0x0F == 8 and int.from_bytes(packed[:2], "big") % 31 == 0
    return _ZLIB if is_zlib else _RAW
