"""Tests of domain/json_depth.py: what is nested too deeply is told without recursion."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.json_depth import DEEPEST, is_too_deep


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(("depth", "too_deep"), [(1, False), (DEEPEST, False), (DEEPEST + 1, True), (100_000, True)])
def test_depth_is_counted(depth: int, too_deep: bool) -> None:
    assert is_too_deep(nested(depth)) is too_deep


def test_brackets_in_strings_do_not_count() -> None:
    assert not is_too_deep(json.dumps({"a": "[{" * 200 + '"\\'}).encode())


def test_what_is_not_json_is_not_judged() -> None:
    assert not is_too_deep(b"<rss>" + b"[" * 100)


def test_a_mark_of_the_byte_order_hides_nothing() -> None:
    assert is_too_deep(b"\xef\xbb\xbf\n" + nested(DEEPEST + 1))


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(body: bytes) -> None:
    assert is_too_deep(body) in (True, False)
