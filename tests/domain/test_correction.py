"""Tests of domain/correction.py: what a form says in normal form, and who is one sender."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.cleaning import LINK_LENGTH, clean_link
from oversight.domain.correction import (
    EMAIL_LENGTH,
    FROM_ONE_ADDRESS,
    FROM_ONE_NETWORK,
    ON_ALL,
    ON_ONE_RECORD,
    TEXT_LENGTH,
    Counts,
    clean_report,
    networks_of,
    refusal,
    sender_of,
)

NOW = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
SECRET = "a-secret-of-the-tests"
ANY = st.text(st.characters(codec=None), max_size=3_000)


def read(**typed: str):
    return clean_report("policy", "pol-1", {"text": "The date is wrong."} | typed, {"history", "title"})


@given(ANY, ANY, ANY, ANY)
def test_whatever_is_typed_ends_in_normal_form(text: str, field: str, source_url: str, email: str) -> None:
    report, faults = read(text=text, field=field, source_url=source_url, email=email)
    assert len(report.text) <= TEXT_LENGTH + 1
    assert "text" in faults or 0 < len(report.text) <= TEXT_LENGTH
    assert report.source_url is None or report.source_url == clean_link(report.source_url)
    assert report.field in {None, "history", "title"} or "field" in faults
    assert report.email is None or len(report.email) <= EMAIL_LENGTH + 1
    for words in (report.text, report.field or "", report.email or ""):
        assert not set(words) & set("\x00\x07\x1b\x7f\x85\u202e\u2066\ufffe")
        words.encode("utf-8")


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once, faults = read(text=text)
    if not faults:
        assert read(text=once.text)[0] == once


@pytest.mark.parametrize("text", ["", " ", "\n\t\r", "...", "\u202e\u200b", "\x00\x01", "?!"])
def test_a_report_says_something(text: str) -> None:
    assert set(read(text=text)[1]) == {"text"}


def test_a_report_may_be_as_long_as_it_says() -> None:
    assert read(text="x" * TEXT_LENGTH)[1] == {}
    assert set(read(text="x" * (TEXT_LENGTH + 1))[1]) == {"text"}


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//evil.example", "https://a@evil.example/", "example.org", "ftp://example.org/",
     "https://example.org/" + "x" * LINK_LENGTH],
)  # fmt: skip
def test_a_source_is_an_address_of_the_web(url: str) -> None:
    report, faults = read(source_url=url)
    assert (report.source_url, set(faults)) == (None, {"source_url"})


def test_a_report_is_about_a_field_that_there_is() -> None:
    assert read(field="history")[1] == {}
    assert set(read(field="email")[1]) == {"field"}


@pytest.mark.parametrize(
    ("one", "other", "same_address", "same_network"),
    [
        ("203.0.113.7", "203.0.113.7", True, True),
        ("203.0.113.7", "203.0.113.8", False, True),
        ("203.0.113.7", "203.0.114.7", False, False),
        ("203.0.113.7", "::ffff:203.0.113.7", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False, True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False, False),
        ("fe80::1%eth0", "fe80::1%eth1", True, True),
        (None, "no address", True, True),
    ],
)
def test_who_counts_as_one_sender(one: str | None, other: str, same_address: bool, same_network: bool) -> None:
    first, second = networks_of(one), networks_of(other)
    assert (first[0] == second[0], first[1] == second[1]) == (same_address, same_network)


def test_a_senders_mark_tells_nothing_and_changes_every_day() -> None:
    today = sender_of("203.0.113.7", secret=SECRET, now=NOW)
    assert "203.0.113" not in repr(today)
    assert today.address != sender_of("203.0.113.7", secret=SECRET, now=NOW + timedelta(days=1)).address
    assert today.address != sender_of("203.0.113.7", secret="another", now=NOW).address


def test_the_hour_of_counting_goes_over_midnight() -> None:
    before = sender_of("203.0.113.7", secret=SECRET, now=NOW - timedelta(hours=1))
    after = sender_of("203.0.113.7", secret=SECRET, now=NOW)
    assert (after.earlier_address, after.earlier_network) == (before.address, before.network)


@pytest.mark.parametrize(
    ("counts", "is_taken"),
    [
        (Counts(0, 0, 0, 0), True),
        (Counts(FROM_ONE_ADDRESS - 1, FROM_ONE_NETWORK - 1, ON_ONE_RECORD - 1, ON_ALL - 1), True),
        (Counts(FROM_ONE_ADDRESS, 0, 0, 0), False),
        (Counts(0, FROM_ONE_NETWORK, 0, 0), False),
        (Counts(0, 0, ON_ONE_RECORD, 0), False),
        (Counts(0, 0, 0, ON_ALL), False),
    ],
)
def test_each_limit_is_one(counts: Counts, is_taken: bool) -> None:
    assert (refusal(counts) is None) == is_taken
