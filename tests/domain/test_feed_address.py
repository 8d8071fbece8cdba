"""Tests of domain/feed_address.py: one address has many spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed_address import canonical

PLAIN = "https://example.org/feed?a=1&b=2"


@pytest.mark.parametrize(
    "spelling",
    [
        "http://example.org/feed?a=1&b=2",
        "https://EXAMPLE.org/feed?a=1&b=2",
        "https://www.example.org/feed/?a=1&b=2",
        "https://example.org:443/feed?b=2&a=1",
        " https://example.org/feed?a=1&b=2#top ",
    ],
)
def test_spellings_of_one_address_are_the_same(spelling: str) -> None:
    assert canonical(spelling) == canonical(PLAIN)


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/feed?a=1",
        "https://example.org/Feed?a=1&b=2",
        "https://a.example.org/feed?a=1&b=2",
        "https://example.org:8443/feed?a=1&b=2",
        "https://example.org/feed?a=1&b=",
    ],
)
def test_another_address_is_another(other: str) -> None:
    assert canonical(other) != canonical(PLAIN)


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    assert canonical(f"https://{text}") == canonical(f"https://{text}")
