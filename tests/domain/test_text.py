"""Folding: what looks the same is the same, and every position leads back to the original."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oversight.domain.text import fold, fold_phrase


@pytest.mark.parametrize(
    "written",
    [
        "facial recognition",
        "Facial-Recognition",
        "facial\u2011recognition",
        "FACIAL\u00a0\u00a0RECOGNITION",
        "fa\u200bcial recog\u00adnition",
        "facial\n\trecognition",
        "ｆａｃｉａｌ　ｒｅｃｏｇｎｉｔｉｏｎ",
        "\ufefffacial \u200b recognition",
    ],
)
def test_spellings_of_one_phrase_fold_alike(written: str) -> None:
    assert fold(written).text.strip() == "facial recognition"


def test_letters_that_grow_or_join_fold_too() -> None:
    assert fold("ﬁnger STRASSE straße Cafe\u0301").text == "finger strasse strasse café"


def test_a_span_leads_back_over_what_was_removed() -> None:
    original = "The fa\u200bcial  recog\u00adnition plan"
    folded = fold(original)
    start = folded.text.index("facial recognition")
    first, last = folded.span(start, start + len("facial recognition"))
    assert original[first:last] == "fa\u200bcial  recog\u00adnition"


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert fold("a\ud800b").text == "a\ufffdb"


@given(st.text(st.characters(), max_size=60))
def test_every_folded_position_is_a_slice_of_the_original(original: str) -> None:
    folded = fold(original)
    for position in range(len(folded.text)):
        first, last = folded.span(position, position + 1)
        assert 0 <= first < last <= len(original)


@given(st.text(st.characters(), max_size=60))
def test_folding_twice_changes_nothing(original: str) -> None:
    folded = fold_phrase(original)
    assume(set("\\&<").isdisjoint(folded))  # wide ones fold to these, and only then begin an escape or a tag
    assert fold_phrase(folded) == folded


@given(st.text("ab é\x01-\u2019\u200b\u00ad", max_size=80))
def test_runs_of_spaces_and_of_what_is_invisible_fold_as_each_character_does(original: str) -> None:
    folds = {"-": " ", "\x01": " ", "\u2019": "'", "\u200b": "", "\u00ad": ""}
    said = "".join(folds.get(character, character) for character in original)
    assert fold(original).text == re.sub(" +", " ", said)


@given(st.text("ab \u200b\u00ad\u0301ﬁ-\u2011", max_size=40))
def test_spans_keep_their_order(original: str) -> None:
    folded = fold(original)
    starts = [folded.span(position, position + 1)[0] for position in range(len(folded.text))]
    assert starts == sorted(starts)


@pytest.mark.parametrize("mark", ["\u2122", "\u00ae", "\u2120"])
def test_a_mark_of_trade_is_no_part_of_a_name(mark: str) -> None:
    assert fold(f"ShotSpotter{mark} sensors").text.split() == ["shotspotter", "sensors"]


def test_curly_apostrophes_are_straight_ones() -> None:
    assert fold("the sheriff\u2019s office").text == "the sheriff's office"


@given(st.text(alphabet="x\u00a0\u200b\u00ad\u2019\u00e9\u0130\u2011\u00ae\ufb01\x01\u0301", max_size=6))
def test_a_text_with_many_odd_characters_folds_as_one_with_few(odd: str) -> None:
    word = f"a{odd}b"

    assert fold(" ".join([word] * 40)).text == " ".join([fold(word).text] * 40)
