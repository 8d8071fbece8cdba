"""Bodies are unpacked in one layer, bounded, and damage is named."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.outbound.decode import content_coding, decoded
from oversight.outbound.failure import FetchError

LIMIT = 1_000_000
TEXT = b"Approve the ALPR contract. " * 5_000


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def outcome(blocks: list[bytes], coding: str, limit: int = LIMIT) -> str:
    with pytest.raises(FetchError) as failure:
        decoded(blocks, coding, limit=limit)
    return failure.value.outcome


@pytest.mark.parametrize(
    ("values", "coding"),
    [
        ([], "identity"),
        (["identity"], "identity"),
        ([""], "identity"),
        (["GZip"], "gzip"),
        (["x-gzip"], "gzip"),
        (["identity, deflate"], "deflate"),
    ],
)
def test_an_offered_coding_is_recognised(values: list[str], coding: str) -> None:
    assert content_coding(values) == coding


@pytest.mark.parametrize("values", [["br"], ["x-evil"], ["gzip, gzip"], ["gzip", "gzip"], ["gzip", "deflate"]])
def test_a_coding_that_was_not_offered_or_a_second_layer_is_refused(values: list[str]) -> None:
    with pytest.raises(FetchError) as failure:
        content_coding(values)
    assert failure.value.outcome == "decode_error"


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
@given(content=st.binary(max_size=300).map(lambda part: part * 700), size=st.integers(2, 9_000))
def test_what_was_packed_is_unpacked_however_it_is_cut(coding: str, pack: object, content: bytes, size: int) -> None:
    assert decoded(cut(pack(content), size), coding, limit=LIMIT) == content  # type: ignore[operator]


@given(content=st.binary(max_size=300).map(lambda part: part * 700), size=st.integers(2, 9_000))
def test_bare_deflate_is_unpacked_too(content: bytes, size: int) -> None:
    assert decoded(cut(raw_deflate(content), size), "deflate", limit=LIMIT) == content


@pytest.mark.parametrize("size", [1, 2, 3, 100_000])
def test_the_members_of_gzip_are_joined_and_what_follows_is_ignored(size: int) -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0garbage"
    assert decoded(cut(packed, size), "gzip", limit=LIMIT) == b"one two"


@pytest.mark.parametrize("packed", [gzip.compress(TEXT)[:-9], gzip.compress(TEXT)[:-1], gzip.compress(b"")[:3]])
def test_a_packed_body_that_ends_early_is_truncated(packed: bytes) -> None:
    assert outcome([packed], "gzip") == "truncated"


@pytest.mark.parametrize("packed", [b"plain text", b"\x1f\x8b\x08\x00damaged!!!!!!", b"\x1f"])
def test_a_body_that_is_not_what_it_says_is_damaged(packed: bytes) -> None:
    assert outcome([packed], "gzip") in ("decode_error", "truncated")


def test_a_wrong_checksum_is_damage() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 0xFF
    assert outcome([bytes(packed)], "gzip") == "decode_error"


def test_no_body_at_all_is_empty_and_not_damaged() -> None:
    assert decoded([], "gzip", limit=LIMIT) == b""


def test_members_without_end_are_refused() -> None:
    assert outcome([gzip.compress(b"")] * 2_000, "gzip") == "decode_error"


@given(st.binary(max_size=2_000), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_unpacked_or_refused(packed: bytes, coding: str) -> None:
    try:
        decoded([packed], coding, limit=LIMIT)
    except FetchError as error:
        assert error.outcome in ("decode_error", "truncated", "too_large")


def test_a_plain_body_past_the_limit_is_too_large() -> None:
    assert outcome([b"a" * 600, b"a" * 600], "identity", limit=1_000) == "too_large"


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)]
)
def test_a_bomb_is_stopped_while_it_is_small(coding: str, pack: object) -> None:
    packed = pack(b"A" * 50_000_000)  # type: ignore[operator]
    tracemalloc.start()
    assert outcome([packed], coding) == "too_large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_reading_stops_where_the_limit_is_passed() -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"a" * 1_000

    with pytest.raises(FetchError):
        decoded(endless(), "identity", limit=10_000)
    assert len(taken) == 11
