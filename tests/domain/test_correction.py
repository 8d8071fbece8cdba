"""Tests of domain/correction.py: what a form says in normal form, and who is one sender."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.cleaning import LINK_LENGTH, clean_link
from oversight.domain.correction import (
    EMAIL_LENGTH,
    ON_ALL,
    ON_ONE_RECORD,
    TEXT_LENGTH,
    Counts,
    clean_report,
    refusal,
)
from oversight.domain.sender import FROM_ONE_ADDRESS, FROM_ONE_NETWORK

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
