"""The labelled set: everything that the vocabulary tells apart is in it, and no hard negative stands alone."""

import json
from collections import Counter
from typing import Any

import pytest

import oversight.labelled
from oversight.domain.mention import Stage
from oversight.vocabulary import load_vocabulary

DOCUMENTS: list[dict[str, Any]] = [
    json.loads(line) for file in oversight.labelled.files() for line in file.read_text("utf-8").splitlines()
]
BY_ID = {document["id"]: document for document in DOCUMENTS}
VOCABULARY = load_vocabulary()
# Each with a true twin: the same ambiguous word, once about surveillance and once not.
LOOK_ALIKES = (
    "sewer", "national electrical code", "axon", "clearview", "drone", "recognition", "bwc", "stylesheet", "green card",
    "freight", "flock", "ring", "disease", "vanity", "boarding", "wastewater",
)  # fmt: skip


def words(document: dict[str, Any]) -> str:
    return f"{document['title']} {document['text']} {document['topic']}".casefold().replace("_", " ")


def relevant() -> list[dict[str, Any]]:
    return [document for document in DOCUMENTS if document["labels"]["relevant"]]


def test_it_is_as_large_as_promised() -> None:
    assert len(DOCUMENTS) >= 300
    assert len(BY_ID) == len(DOCUMENTS)


def test_the_negatives_are_nearly_as_many() -> None:
    assert 0.4 <= len(relevant()) / len(DOCUMENTS) <= 0.6


@pytest.mark.parametrize("code", sorted(set(VOCABULARY.technologies) - {"traffic_enforcement"}))
def test_every_technology_is_in_it(code: str) -> None:
    assert sum(code in document["labels"]["technologies"] for document in relevant()) >= 5


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_is_in_it(stage: Stage) -> None:
    assert sum(document["labels"]["stage"] == stage for document in relevant()) >= 5


@pytest.mark.parametrize("mode", sorted(VOCABULARY.modes))
def test_every_mode_of_face_recognition_is_in_it(mode: str) -> None:
    assert sum(mode in document["labels"].get("modes", ()) for document in relevant()) >= 2


@pytest.mark.parametrize("badge", sorted(set(VOCABULARY.badges) - {"private_network"}))
def test_every_badge_is_in_it(badge: str) -> None:
    assert sum(badge in document["labels"].get("badges", ()) for document in relevant()) >= 2


@pytest.mark.parametrize("word", LOOK_ALIKES)
def test_every_look_alike_is_in_it(word: str) -> None:
    assert any(word in words(document) and not document["labels"]["relevant"] for document in DOCUMENTS)


def test_twins_are_of_two_minds() -> None:
    pairs = [(document, BY_ID[document["twin"]]) for document in DOCUMENTS if document["twin"]]
    assert len(pairs) >= 300
    assert all(one["labels"]["relevant"] != other["labels"]["relevant"] for one, other in pairs)


def test_labels_are_of_the_vocabulary() -> None:
    used = Counter(code for document in DOCUMENTS for code in document["labels"]["technologies"])
    assert used.keys() <= VOCABULARY.technologies.keys()


def test_what_is_not_relevant_has_no_other_label() -> None:
    others = [document["labels"] for document in DOCUMENTS if not document["labels"]["relevant"]]
    assert not any(one["technologies"] or one["stage"] or one["vendors"] for one in others)


def test_training_documents_are_others() -> None:
    texts = {(document["title"], document["text"]) for document in DOCUMENTS}
    for file in oversight.labelled.training_files():
        for line in file.read_text("utf-8").splitlines():
            document = json.loads(line)
            assert (document["title"], document["text"]) not in texts
