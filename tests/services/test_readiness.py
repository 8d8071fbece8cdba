"""Tests of services/readiness.py: what stops a start, and what is only told."""

from dataclasses import replace

import pytest

from oversight.errors import ConfigurationError
from oversight.services.readiness import notices, require_safe_parser
from oversight.settings import Settings


def test_a_parser_without_a_limit_on_entities_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match=r"expat 2\.4\.1"):
        require_safe_parser("expat_2.4.0")


def test_a_parser_with_the_limit_does_not() -> None:
    require_safe_parser("expat_2.4.1")


@pytest.mark.parametrize(("version", "words"), [("expat_2.5.0", "huge tokens"), ("expat_2.7.3", "attribute lists")])
def test_a_slow_parser_is_told(settings: Settings, version: str, words: str) -> None:
    assert words in notices(settings, expat=version)[0]


def test_nothing_is_told_where_all_is_well(settings: Settings) -> None:
    assert notices(settings, expat="expat_2.8.1") == []


def test_a_public_site_without_https_is_told(settings: Settings) -> None:
    assert "https" in notices(replace(settings, base_url="http://oversight.example"), expat="expat_2.8.1")[0]


def test_private_addresses_that_may_be_polled_are_told(settings: Settings) -> None:
    allowed = replace(settings, allow_hosts=frozenset({("10.0.0.1", 8080)}))
    assert "10.0.0.1:8080" in notices(allowed, expat="expat_2.8.1")[0]
