"""Tests of the words that make a document worth reading (vocabulary/candidates.toml)."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oversight.vocabulary.candidates
from oversight.vocabulary.candidates import load_candidates

WORDS = tomllib.loads(Path(oversight.vocabulary.candidates.__file__).with_suffix(".toml").read_text("utf-8"))
CANDIDATES = load_candidates()


@pytest.mark.parametrize("word", WORDS["titles"])
def test_each_word_of_a_title_is_a_reason(word: str) -> None:
    assert CANDIDATES.why(f"Agreement about {word.upper()}, two years", body=None) == f'its title says "{word}"'


@pytest.mark.parametrize("word", WORDS["bodies"])
def test_each_word_of_a_body_is_a_reason(word: str) -> None:
    assert CANDIDATES.why("Exhibit A", "", body=f"Standing {word.title()} Committee") == f'its body is "{word}"'


@pytest.mark.parametrize(
    ("titles", "body"),
    [
        (("Exhibit A", "Roads"), "City Council"),
        (("Policed", "Softwares", "Cameraman", "Technologys"), "Policeman's Ball"),
        (("", ""), ""),
        ((), None),
        (("Roads",), None),
    ],
)
def test_other_words_and_parts_of_words_are_none(titles: tuple[str, ...], body: str | None) -> None:
    assert CANDIDATES.why(*titles, body=body) is None


def test_a_title_comes_before_the_body_and_the_first_title_before_the_second() -> None:
    assert CANDIDATES.why("Drones", "Cameras", body="Police Board") == 'its title says "drones"'
    assert CANDIDATES.why("Exhibit A", "Cameras", body="Police Board") == 'its title says "cameras"'


def test_the_longer_of_two_phrases_is_named() -> None:
    assert CANDIDATES.why("License plate readers", body=None) == 'its title says "license plate"'


def test_the_words_are_lower_case_and_stand_once() -> None:
    for words in WORDS.values():
        assert words == [word.lower().strip() for word in words]
        assert len(words) == len(set(words))


@given(st.text(max_size=60), st.none() | st.text(max_size=60))
def test_no_words_raise(title: str, body: str | None) -> None:
    why = CANDIDATES.why(title, body=body)
    assert why is None or why.startswith("its ")
