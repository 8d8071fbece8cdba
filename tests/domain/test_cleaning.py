"""Tests of domain/cleaning.py: whatever a feed says, what is stored is short, clean and safe to show."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.cleaning import (
    ITEMS_PER_FEED,
    LINK_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    clean_date,
    clean_item,
    clean_line,
    clean_link,
    clean_meeting,
    clean_reading,
    clean_text,
    text_of_html,
)
from oversight.domain.reading import Matter, Reading
from tests.factories import NOW, make_item, make_meeting

# Every code point, half pairs too, with those that a feed should not send more often than chance would have it.
ODD = (
    "\x00\x07\x1b\x7f\x85\ud800\udfff\ufdd0\uffff\U0001fffe\u200e\u202e\u2066\u061c\u0301\u0489\u2028\u3000\xa0 \t\n\r"
)
words = st.text(st.one_of(st.characters(codec=None), st.sampled_from(ODD)), max_size=80)
NEVER = {chr(code) for code in (*range(9), *range(0xB, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F))}
NEVER |= {chr(code) for code in (*range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, *range(0xFDD0, 0xFDF0))}


@given(words, st.integers(1, 60))
def test_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    once = clean_text(text, limit)
    assert clean_text(once, limit) == once


@given(words)
def test_no_unwanted_character_survives(text: str) -> None:
    clean = clean_text(text, 500)
    assert not NEVER & set(clean)
    assert not any(unicodedata.category(character) == "Cs" or ord(character) & 0xFFFE == 0xFFFE for character in clean)


@given(words)
def test_clean_text_can_be_written_as_utf_8_and_is_in_normal_form_c(text: str) -> None:
    clean = clean_text(text, 500)
    assert clean.encode("utf-8").decode("utf-8") == clean
    assert unicodedata.is_normalized("NFC", clean)


@given(words, st.integers(1, 60))
def test_a_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert clean_line(line, limit) == line


def test_a_cut_leaves_no_white_space_behind() -> None:
    assert (clean_text("abcd efg", 5), clean_line("abcd efg", 5)) == ("abcd", "abcd")


def test_paragraphs_stay_apart() -> None:
    assert clean_text("  First.\r\n\r\n\r\n Second \t line.\r", 100) == "First.\n\nSecond line."


def test_a_tower_of_accents_is_cut_down() -> None:
    tower = "a" + "\u0324" * 50
    assert clean_text(tower, 100) == "a" + "\u0324" * 8


@pytest.mark.parametrize("space", ["\u2003", "\u3000", "\u2028", "\xa0", " ", "\t"])
def test_a_long_run_of_any_white_space_is_one_space(space: str) -> None:
    assert clean_text(f"a{space * TEXT_LENGTH}b", TEXT_LENGTH * 2) == "a b"


@given(
    st.one_of(
        words, st.builds("{}://{}/{}".format, st.sampled_from(["http", "https", "HTTP", "ftp", ""]), words, words)
    )
)
def test_a_clean_link_is_absolute_and_of_the_web(text: str) -> None:
    link = clean_link(text)
    if link is not None:
        parts = urlsplit(link)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert not NEVER & set(link)
        link.encode("utf-8")
        assert len(link) <= LINK_LENGTH


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/story/1",
        "//example.org/1",
        "https://",
        "https:///path",
        "https://reader:secret@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/a b",
        'https://example.org/"onclick',
        "https://example.org/\\evil",
        "https://example.org/\u202egnp.exe",
        "https://example.org/\ud800",
        "https://example.org/\x00",
        "https://example.org/" + "a" * LINK_LENGTH,
        "",
        None,
    ],
)
def test_what_is_not_a_plain_web_address_is_no_link(address: str | None) -> None:
    assert clean_link(address) is None


def test_a_web_address_is_kept_as_it_is() -> None:
    assert clean_link(" https://example.org:8443/a?b=c#d ") == "https://example.org:8443/a?b=c#d"


@pytest.mark.parametrize(
    "moment", [datetime(1989, 12, 31, tzinfo=UTC), NOW + timedelta(hours=25), datetime(2026, 11, 1)]
)
def test_a_date_that_cannot_be_true_is_no_date(moment: datetime) -> None:
    assert clean_date(moment, now=NOW) is None


@pytest.mark.parametrize("moment", [datetime(1990, 1, 1, tzinfo=UTC), NOW + timedelta(hours=24)])
def test_a_date_at_either_end_is_kept(moment: datetime) -> None:
    assert clean_date(moment, now=NOW) == moment


@given(st.datetimes(timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))))
def test_no_date_raises(moment: datetime) -> None:
    clean = clean_date(moment, now=NOW)
    assert clean in (moment, None)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words", "plain words"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("Fish &amp; chips", "Fish & chips"),
        ("a<script>alert(1)</script>b", "ab"),
        ("<style>p{}</style>a", "a"),
        ("<svg/onload=alert(1)>a", "a"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("<b>bro</b>ken <i>mark", "broken mark"),
    ],
)
def test_html_becomes_its_words(markup: str, text: str) -> None:
    assert clean_text(text_of_html(markup), 100) == text


@given(words)
def test_no_markup_raises(markup: str) -> None:
    text_of_html(f"<p title='{markup}'>{markup}</p>")


def test_an_item_is_cut_to_its_limits() -> None:
    item = clean_item(make_item(title="t" * 9_999, text="x" * 300_000, uid="u" * 9_999), now=NOW)
    assert (len(item.title), len(item.text or ""), len(item.uid)) == (TITLE_LENGTH, TEXT_LENGTH, 2_000)


@given(words)
def test_every_text_of_an_item_is_clean(text: str) -> None:
    item = make_item(uid=text, title=text, text=text, outcome=text, matter_file=text, meeting_uid=text)
    clean = clean_item(item, now=NOW)
    for value in (clean.uid, clean.title, clean.text, clean.outcome, clean.matter_file, clean.meeting_uid):
        assert not NEVER & set(value or "")
        (value or "").encode("utf-8")


@given(words)
def test_every_text_of_a_meeting_is_clean(text: str) -> None:
    clean = clean_meeting(make_meeting(uid=text, body=text, location=text))
    for value in (clean.uid, clean.body, clean.location):
        assert not NEVER & set(value or "")
        (value or "").encode("utf-8")


@pytest.mark.parametrize("sequence", [-1, 2**31, 10**30, "7", True, 1.5])
def test_a_place_on_the_agenda_that_is_no_small_number_is_not_known(sequence: object) -> None:
    assert clean_item(make_item(sequence=sequence), now=NOW).sequence is None


def test_an_hour_that_no_database_holds_is_not_known() -> None:
    late = datetime(9999, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=-8)))
    clean = clean_meeting(make_meeting(date=late.date(), starts_at=late))
    assert (clean.date, clean.starts_at) == (None, None)


def test_a_matter_is_clean_and_agrees_with_its_item() -> None:
    reading = Reading(
        items=(make_item(matter_file="CB\x00 1"),), matters=(Matter("CB\x00 1", "A\x07 bill", "Bill\x00", "\ud800In"),)
    )
    clean = clean_reading(reading, now=NOW).reading
    assert clean.matters == (Matter("CB 1", "A bill", "Bill", "In"),)
    assert clean.items[0].matter_file == clean.matters[0].file


def test_a_matter_without_a_number_is_left_out() -> None:
    assert clean_reading(Reading(matters=(Matter("\x00", "A bill", None, None),)), now=NOW).reading.matters == ()


def test_warnings_can_be_stored() -> None:
    assert clean_reading(Reading(warnings=("rows\x00 of \ud800",)), now=NOW).reading.warnings == ("rows of",)


def test_an_item_without_words_is_left_out() -> None:
    reading = Reading(items=(make_item(title="\x00", text="\u202e"), make_item(uid="kept")))
    assert [item.uid for item in clean_reading(reading, now=NOW).reading.items] == ["kept"]


def test_the_newest_items_are_kept_and_the_rest_counted() -> None:
    old = tuple(make_item(uid=f"old-{n}", published=NOW - timedelta(days=9)) for n in range(ITEMS_PER_FEED))
    new = tuple(make_item(uid=f"new-{n}", published=NOW - timedelta(days=1)) for n in range(3))
    clean = clean_reading(Reading(items=old + new), now=NOW)
    assert clean.dropped == 3
    assert {item.uid for item in new} <= {item.uid for item in clean.reading.items}


def test_items_keep_the_order_of_their_feed() -> None:
    items = tuple(make_item(uid=str(days), published=NOW - timedelta(days=days)) for days in (3, 1, 2))
    assert [item.uid for item in clean_reading(Reading(items=items), now=NOW).reading.items] == ["3", "1", "2"]
