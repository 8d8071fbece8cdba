"""Tests of domain/web_query.py."""

import pytest

from oversight.domain.web_query import asked, asking, asking_instead, host_of, origin_of, parts_of, path_of, without

URL = "https://api.example.gov/search?q=a+b&key={KEY}#top"


def test_a_field_is_read_decoded() -> None:
    assert asked(URL, "q") == "a b"
    assert asked(URL, "page") is None


def test_a_field_is_added_only_where_it_is_missing() -> None:
    assert asking(URL, ("q", "c"), ("page", 2)) == "https://api.example.gov/search?q=a+b&key={KEY}&page=2"


def test_a_field_is_replaced() -> None:
    assert asking_instead(URL, ("q", "c d")) == "https://api.example.gov/search?key={KEY}&q=c+d"


def test_a_field_is_removed_with_its_question_mark() -> None:
    assert without("https://api.example.gov/?q=1", "q") == "https://api.example.gov/"


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("https://API.example.gov/a/", "api.example.gov", "/a"),
        ("http://[", "", ""),
        ("mailto:a@example.gov", "", ""),
        ("", "", ""),
    ],
)
def test_host_and_path_of_what_is_no_address_are_empty(address: str, host: str, path: str) -> None:
    assert (host_of(address), path_of(address)) == (host, path)


@pytest.mark.parametrize("text", ["", "nothing", "//example.gov/a", "ftp://example.gov/a", "https:///a", "http://["])
def test_what_is_no_address_of_the_web_has_no_parts(text: str) -> None:
    assert (parts_of(text), origin_of(text)) == (None, "")


def test_an_address_of_the_web_has_parts_whatever_stands_around_it() -> None:
    parts = parts_of(" https://API.example.gov/a?b=c\n")
    assert parts is not None
    assert origin_of("https://api.example.gov:8443/a?b=c") == "https://api.example.gov:8443"
    assert (parts.hostname, parts.path, parts.query) == ("api.example.gov", "/a", "b=c")
