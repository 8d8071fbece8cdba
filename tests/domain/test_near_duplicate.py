"""Tests of domain/near_duplicate.py: copies are found, others told apart, and stored bands keep their meaning."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.duplicates import edited, ours, planted
from oversight.domain.near_duplicate import (
    BANDS,
    Copies,
    Signature,
    headline_of,
    is_alike,
    is_copy,
    may_be_column,
    outlet_of,
    signature_of,
    similarity,
)

HEADLINE = "Council approves license plate readers"
STORY = (
    "The council approved a contract for twenty cameras on a vote of six to one after two hours of public comment. "
    "The police chief said the data would be kept for thirty days. Opponents asked for a written policy before the "
    "first camera stands, and for a report to the council every spring. The member for the second ward voted against."
)
GOLDEN_KEYS = (8829702684968315496, 688826599057096708, 5866090570271850711), 1303036369290217043
GOLDEN = (1, 26, 21, True, *GOLDEN_KEYS, "ff7336695fce1cda")
WORDS = st.lists(st.text("abcdefghijklmnop", min_size=2, max_size=8), min_size=60, max_size=150)


def signed(title: str = HEADLINE, text: str = STORY, scope: str = "news") -> Signature:
    return signature_of(title, text, scope=scope)


def test_what_is_stored_keeps_its_meaning() -> None:
    """Who changes these values makes every stored band worthless: give SCHEME another number first."""
    first = (
        "The council approved a contract for twenty cameras on a vote of six to one after two hours of public comment."
    )
    found = signed(text=first)
    assert (found.scheme, found.words, len(found.keys), found.has_headline) == GOLDEN[:4]
    assert (found.keys[:3], found.keys[-1], found.sketch[:8].hex()) == GOLDEN[4:]


def test_planted_copies_are_found_and_nothing_else_is() -> None:
    task = planted(4000, seed=7)
    found = ours(task.texts)
    assert len(task.origin) > 300
    assert task.recall(found) >= 0.99
    assert task.false_pairs(found) == 0


@given(WORDS)
def test_a_text_is_a_copy_of_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert similarity(signed(text=text), signed(text=text)) == 1
    assert signed(text=text) == signed(text=text.upper().replace(" ", "\u00a0 "))


@given(WORDS, st.integers(0, 2**32))
def test_a_light_edit_is_a_copy(words: list[str], seed: int) -> None:
    distinct = " ".join(f"{word}{place}" for place, word in enumerate(words))
    light = edited(distinct, random.Random(seed), words=3)
    assert is_alike(signed(text=distinct), signed(text=light))


@given(WORDS, WORDS)
def test_texts_without_a_pair_in_common_are_no_copies(some: list[str], others: list[str]) -> None:
    one = signed("", " ".join(f"a{word}{place}" for place, word in enumerate(some)))
    other = signed("", " ".join(f"b{word}{place}" for place, word in enumerate(others)))
    assert similarity(one, other) < 0.15
    assert not is_copy(one, other)


@given(st.text(max_size=300), st.text(max_size=3000))
def test_any_text_has_a_signature(title: str, text: str) -> None:
    found = signed(title, text)
    assert all(0 <= key < 2**63 for key in found.keys)
    assert len(found.keys) == BANDS * bool(found.sketch) + found.has_headline


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} - The Daily News",
        f"{HEADLINE} | KXYZ 7",
        f"{HEADLINE} \u2013 Seattle Times",
        f"UPDATE: {HEADLINE}",
        f"BREAKING | {HEADLINE.upper()}",
        f"Int 0665-2015: {HEADLINE}",
        f"26-0294: {HEADLINE}",
        HEADLINE.replace(" ", "\u2011", 1),
    ],
)
def test_what_sites_put_around_a_title_hides_no_copy(title: str) -> None:
    assert signed(title, "").headline == signed(HEADLINE, "").headline


def test_a_dash_in_a_short_title_is_its_own() -> None:
    assert headline_of("Police blotter - Monday") == "Police blotter - Monday"
    assert outlet_of("Police blotter - Monday") is None
    assert outlet_of(f"{HEADLINE} - The Daily News") == "The Daily News"
    assert outlet_of(HEADLINE) is None


def test_a_text_that_is_only_an_outlet_names_it() -> None:
    assert outlet_of(HEADLINE, "The Daily News (https://news.example.org)") == "The Daily News"
    assert outlet_of(HEADLINE, "news.example.org") == "news.example.org"
    assert outlet_of(HEADLINE, STORY) is None


def test_what_sites_put_behind_an_excerpt_hides_no_copy() -> None:
    first = STORY.split(". ", maxsplit=1)[0]
    with_footer = f"{first}. The post {HEADLINE} appeared first on The Daily News."
    assert signed(text=with_footer) == signed(text=first) == signed(text=f"{first}. [Read More]")


def test_of_very_short_texts_only_the_same_headline_tells_a_copy() -> None:
    one, other = signed(HEADLINE, "kxyz.com"), signed(HEADLINE, "The Daily News")
    assert not one.sketch
    assert (similarity(one, other), is_copy(one, other)) == (0, True)
    assert not is_copy(one, signed("Council rejects license plate readers", "kxyz.com"))


@pytest.mark.parametrize("title", ["", "Police blotter", "News in brief"])
def test_a_headline_that_says_nothing_makes_no_copy(title: str) -> None:
    assert signed(title, "").keys == ()
    assert not is_copy(signed(title, ""), signed(title, ""))


def test_a_short_text_without_a_title_is_told_by_its_words() -> None:
    assert is_copy(
        signed("", "Residents want the cameras gone - now."), signed("", "residents want the cameras gone now")
    )


def test_a_column_stands_under_the_same_headline_every_day() -> None:
    today = signed("What happened in the county this week", STORY)
    later = signed("What happened in the county this week", " ".join(f"other{number}" for number in range(60)))
    assert may_be_column(today, later)
    assert not may_be_column(today, signed("What happened in the county this week", STORY + " Updated."))


def test_short_texts_of_one_form_are_not_copies() -> None:
    form = "Police in {} installed {} automated license plate readers along the main roads last week, the chief said."
    assert not is_alike(signed("", form.format("Abilene", "twenty")), signed("", form.format("Fargo", "two dozen new")))


def test_governments_are_scopes_of_their_own() -> None:
    seattle, portland = signed(scope="seattle"), signed(scope="portland")
    assert not set(seattle.keys) & set(portland.keys)


def test_what_is_appended_far_below_makes_no_other_text() -> None:
    long = " ".join(f"word{number}" for number in range(600))
    assert signed(text=long) == signed(text=f"{long} {STORY}")


def test_signatures_of_another_scheme_are_never_compared() -> None:
    assert similarity(signed(), replace(signed(), scheme=0)) == 0


def test_of_many_alike_the_newest_few_are_asked() -> None:
    copies = Copies(most=3)
    for number in range(10):
        copies.add(str(number), signed())
    assert set(copies.of(signed())) == {"7", "8", "9"}
