"""Tests of domain/hosts.py: which hosts share one site's patience."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.hosts import site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://webapi.legistar.com/v1/seattle", "legistar.com"),
        ("https://Seattle.Legistar.COM./Calendar.aspx", "legistar.com"),
        ("https://oakland.legistar.com:8443/", "legistar.com"),
        ("https://example.org", "example.org"),
        ("https://www.council.example.gov.uk/agenda", "example.gov.uk"),
        ("https://meetings.example.qc.ca/", "qc.ca"),
        ("https://www.ci.springfield.or.us/", "ci.springfield.or.us"),
        ("https://agenda.co.washington.or.us/", "co.washington.or.us"),
        ("https://library.springfield.or.us/", "springfield.or.us"),
        ("https://www.oregon.us/", "oregon.us"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("http://reader:secret@127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("http://[2001:db8::1]:8080/feed", "[2001:db8::1]:8080"),
        ("http://localhost:5000/", "localhost:5000"),
    ],
)
def test_the_site_of_an_address_is_what_was_registered(url: str, site: str) -> None:
    assert site_of(url) == site


def test_two_councils_at_one_platform_share_its_patience() -> None:
    assert site_of("https://sanjose.granicus.com/x") == site_of("https://oakland.granicus.com/y")


def test_two_cities_of_a_state_do_not_share_patience() -> None:
    assert site_of("https://www.ci.salem.or.us/") != site_of("https://www.ci.bend.or.us/")


@given(st.from_regex(r"[a-z0-9.-]{0,40}", fullmatch=True))
def test_no_host_raises(host: str) -> None:
    assert isinstance(site_of(f"https://{host}/"), str)
