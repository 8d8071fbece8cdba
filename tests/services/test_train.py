"""Training: what is learned, what is held out, and the form that it is written in."""

from pathlib import Path

import pytest

from oversight.domain.labelled import LabelledDocument, Labels
from oversight.domain.mention import Paper, Stage
from oversight.errors import ConfigurationError, InvalidInput
from oversight.services import regression
from oversight.services.examine import the_detector
from oversight.services.examples import Trained, examples_of
from oversight.services.held_out import held_out
from oversight.services.train import train, write_trained
from oversight.vocabulary import load_vocabulary, read_learned

WATCHED = (
    "Police bought plate readers number {} from a vendor",
    "Police bought a police drone number {} from a vendor",
)
CODES = ("alpr", "drones")
PLAIN = "The parks bought benches number {} from a vendor"


def labelled(number: int, *, is_relevant: bool, is_borderline: bool = False) -> LabelledDocument:
    pattern = WATCHED[number % 2] if is_relevant else PLAIN
    text = pattern.format(["one", "two", "three", "four", "five", "six"][number % 6])
    codes = frozenset({CODES[number % 2]} if is_relevant else ())
    stage = (Stage.CONTRACT, Stage.PILOT, Stage.REPORT)[number % 3] if is_relevant else None
    labels = Labels(is_relevant, is_borderline, codes, None, frozenset(), frozenset(), stage, None)
    return LabelledDocument(f"{text}-{number}-{is_relevant}", "test", Paper("news", text, ""), labels)


def trained(count: int = 80, *, halved: int = 0) -> Trained:
    pytest.importorskip("sklearn", reason="scikit-learn is installed for building only")
    documents = [labelled(number, is_relevant=number < count // 2) for number in range(count)]
    return train(examples_of(documents, the_detector(), load_vocabulary()), halved=halved)


def test_words_that_tell_are_learned_with_their_sign() -> None:
    said = trained().models["relevance"].only
    assert said["police"] > 0 > said["parks"]
    assert "bought" not in said


def test_every_example_is_judged_by_a_model_that_never_saw_it() -> None:
    found = trained()
    assert len(found.log_odds) == len(found.examples) == 80
    assert held_out(found, {example.document.id for example in found.examples}).relevance.f1 == 1
    assert held_out(found, set()).relevance.tp == 0


def test_training_twice_learns_the_same() -> None:
    assert trained() == trained()


def test_what_is_written_is_what_the_detector_reads(tmp_path: Path) -> None:
    found = trained()
    write_trained(tmp_path, found, held_out(found, set()), version="test-7")
    learned = read_learned(tmp_path)
    assert learned.balance.version == "test-7"
    assert learned.relevance.only == found.models["relevance"].only
    assert learned.balance.share == pytest.approx(found.balance["share"], abs=0.01)


def test_borderline_documents_teach_nothing() -> None:
    assert examples_of([labelled(1, is_relevant=True, is_borderline=True)], the_detector(), load_vocabulary()) == []


def test_without_both_kinds_there_is_nothing_to_learn() -> None:
    examples = examples_of([labelled(1, is_relevant=True)], the_detector(), load_vocabulary())
    with pytest.raises(InvalidInput, match="both"):
        train(examples)


def test_without_scikit_learn_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(regression, "import_module", missing)
    with pytest.raises(ConfigurationError, match=r"requirements-train\.txt"):
        regression.Regression()
