"""Tests of services/recognise.py: which platform an address belongs to, and what to do where nobody knows it."""

import pytest

from oversight.errors import ConfigurationError
from oversight.services.recognise import recognise


def test_an_address_of_a_platform_is_known() -> None:
    found = recognise("https://seattle.legistar.com/Calendar.aspx")
    assert (found.platform, found.url) == ("legistar", "https://webapi.legistar.com/v1/seattle")
    assert not found.is_guess


def test_a_page_that_nobody_claims_is_a_guess() -> None:
    found = recognise("https://council.example.gov/agendas")
    assert (found.platform, found.is_guess) == ("page", True)


def test_the_platform_that_a_person_names_wins() -> None:
    found = recognise("https://seattle.legistar.com/Calendar.aspx", "page")
    assert (found.platform, found.url, found.is_guess) == ("page", "https://seattle.legistar.com/Calendar.aspx", False)


def test_a_named_platform_brings_the_address_into_its_form() -> None:
    assert recognise("https://seattle.legistar.com/", "legistar").url == "https://webapi.legistar.com/v1/seattle"


@pytest.mark.parametrize("address", ["", "seattle.legistar.com", "ftp://example.org/feed", "https://a b.example.org/"])
def test_what_is_no_web_address_is_told(address: str) -> None:
    with pytest.raises(ConfigurationError, match="beginning with https://"):
        recognise(address)


def test_an_unknown_platform_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ConfigurationError, match=r"known: .*legistar"):
        recognise("https://example.org/", "telegraph")


def test_an_address_that_nobody_knows_is_told_with_a_way_out() -> None:
    with pytest.raises(ConfigurationError, match="--platform page"):
        recognise("http://localhost:8000/minutes")
