"""Tests of services/train.py: weights keep their signs, stay where nothing speaks against them, and keep their file."""

import tomllib
from pathlib import Path

import pytest

from oversight.domain.labelled import LabelledDocument
from oversight.domain.training import Example
from oversight.errors import ConfigurationError, InvalidInput
from oversight.services import train as training
from oversight.services.evaluate import read_labelled
from oversight.services.examine import the_detector
from oversight.services.train import WEIGHTS, Model, Solver, judge_with, train, weights_toml
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.entries import Weights
from oversight.vocabulary.places import load_places

pytest.importorskip("sklearn", reason="scikit-learn is installed for building only")
SAMPLE = Path(__file__).parents[1] / "data" / "labelled" / "sample.jsonl"


@pytest.fixture(scope="module")
def documents() -> list[LabelledDocument]:
    """The sample, and one document with a signal that is not relevant: training needs two such."""
    return read_labelled([SAMPLE])


def examples(count: int, *, is_relevant: bool, **counts: int) -> list[Example]:
    return [Example(is_relevant, counts, 0.0) for _ in range(count)]


def test_a_weight_that_misleads_shrinks_and_keeps_its_sign() -> None:
    start = Model(0.0, {"good": 1.0, "misleading": 3.0, "lowers": -2.0})
    data = examples(20, is_relevant=True, good=1) + examples(40, is_relevant=False, misleading=1)
    data += examples(40, is_relevant=True, lowers=1)
    learned = Solver.load(0.01).fit(data, start).weights
    assert learned["good"] > 1
    assert learned["misleading"] == pytest.approx(0, abs=0.01)
    assert learned["lowers"] == pytest.approx(0, abs=0.01)
    assert min(learned["good"], learned["misleading"], -learned["lowers"]) >= 0


def test_a_weight_that_no_document_has_stays() -> None:
    start = Model(0.0, {"seen": 1.0, "unseen": 2.0})
    learned = Solver.load(1.0).fit(examples(5, is_relevant=False, seen=1), start).weights
    assert (learned["unseen"], learned["seen"] < 1) == (2.0, True)


def test_a_stronger_hold_moves_less() -> None:
    start = Model(0.0, {"seen": 1.0})
    data = examples(10, is_relevant=True, seen=1)
    loose, firm = (Solver.load(strength).fit(data, start).weights["seen"] for strength in (0.1, 100.0))
    assert 1 < firm < loose


def test_folds_hold_out_every_document_once() -> None:
    data = examples(11, is_relevant=True, a=1) + examples(7, is_relevant=False, b=1)
    folds = Solver.load(1.0).split(data)
    assert len(folds) == 5
    assert [len(known) + len(held) for known, held in folds] == [18] * 5
    assert all(any(one.is_relevant for one in held) and not all(one.is_relevant for one in held) for _, held in folds)


def test_training_says_what_it_saw(documents: list[LabelledDocument]) -> None:
    detector, weights = the_detector(), load_vocabulary().weights
    twins = [one for one in documents if detector.detect(one.paper).evidence]
    wrong = [relabelled(one) for one in twins[:3]]
    trained = train(detector, weights, [*documents, *wrong])
    assert trained.examples + trained.silent == sum(not one.labels.is_borderline for one in [*documents, *wrong])
    assert trained.present[0].tp + trained.present[0].fn == len([one for one in twins if one.labels.is_relevant])
    assert trained.model.weights.keys() == weights.weights.keys()


def relabelled(document: LabelledDocument) -> LabelledDocument:
    labels = document.labels.__class__(**(document.labels.__dict__ | {"is_relevant": False}))
    return LabelledDocument(f"{document.id}-not", document.topic, document.paper, labels)


def test_without_both_kinds_there_is_nothing_to_learn(documents: list[LabelledDocument]) -> None:
    relevant = [one for one in documents if one.labels.is_relevant]
    with pytest.raises(InvalidInput, match="at least two"):
        train(the_detector(), load_vocabulary().weights, relevant)


def test_the_whole_detector_is_judged_with_other_weights(documents: list[LabelledDocument]) -> None:
    vocabulary = load_vocabulary()
    same = Model(vocabulary.weights.bias, vocabulary.weights.weights)
    deaf = Model(-50.0, vocabulary.weights.weights)
    found = [judge_with(vocabulary, load_places(), model, documents).relevance.tp for model in (same, deaf)]
    assert found == [4, 0]


def test_the_written_file_is_a_weights_file_with_its_comments() -> None:
    weights = load_vocabulary().weights
    model = Model(-1.234, dict(weights.weights) | {"title": 0.777})
    text = weights_toml(model, "test-1")
    read = Weights.model_validate(tomllib.loads(text))
    assert (read.version, read.bias, read.of("title"), read.threshold) == ("test-1", -1.23, 0.78, weights.threshold)
    comments = [line for line in WEIGHTS.read_text("utf-8").splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == comments


def test_without_scikit_learn_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(training.importlib, "import_module", missing)
    with pytest.raises(ConfigurationError, match=r"--require-hashes -r requirements-train\.txt"):
        Solver.load(1.0)
