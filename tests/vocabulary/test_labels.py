"""Codes are shown by one function, and one that is unknown alike wherever it stands."""

from oversight.domain.query import Filter, Narrowing
from oversight.domain.query_names import Names
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.labels import Labels, words
from oversight.vocabulary.places import load_places
from oversight.web.presentation import technology_label

GONE = "gait_recognition_of_old"


def test_a_technology_has_its_label() -> None:
    assert load_vocabulary().technology_labels["alpr"] == load_vocabulary().technologies["alpr"].label


def test_an_unknown_code_is_shown_alike_everywhere() -> None:
    labels = load_vocabulary().technology_labels
    said = Names(labels, load_places(), {}).label(Narrowing(Filter.TECHNOLOGY, GONE))
    assert {labels[GONE], technology_label(GONE), said, words(GONE)} == {"Gait recognition of old"}


def test_asking_for_an_unknown_code_does_not_make_it_known() -> None:
    labels = Labels({"alpr": "Plate readers"})
    assert labels[GONE]
    assert list(labels) == ["alpr"]
