"""Tests of domain/training.py: which entry of the weights gave each reason."""

import pytest

from oversight.domain.evaluation import Rate
from oversight.domain.mention import Evidence
from oversight.domain.training import Example, entry_of, example_of, is_sum, log_loss, probability, rate_at
from tests.factories import make_detection

WEIGHTS = {
    "technology:term": 4.4,
    "technology:alpr:weak": 2.8,
    "subject:further": 0.4,
    "cue:crime": -1.3,
    "cue:crime:alpr": -0.3,
    "title": 0.5,
}


def reason(signal: str, weight: float) -> Evidence:
    return Evidence(signal, "title", 0, 1, "x", weight)


@pytest.mark.parametrize(
    ("signal", "weight", "entry"),
    [
        ("technology:alpr", 2.8, "technology:alpr:weak"),
        ("technology:alpr", 4.4, "technology:term"),
        ("technology:drones", 4.4, "technology:term"),
        ("technology:drones", 0.4, "subject:further"),
        ("cue:crime", -0.3, "cue:crime:alpr"),
        ("cue:crime", -1.3, "cue:crime"),
        ("title", 0.5, "title"),
        ("cue:crime", 9.9, None),
    ],
)
def test_a_reason_comes_from_the_nearest_entry_of_its_weight(signal: str, weight: float, entry: str | None) -> None:
    assert entry_of(reason(signal, weight), WEIGHTS) == entry


def test_a_document_is_the_sum_of_its_reasons() -> None:
    reasons = (reason("technology:alpr", 4.4), reason("title", 0.5), reason("odd", 7.0))
    example = example_of(make_detection(evidence=reasons), WEIGHTS, is_relevant=True)
    assert example == Example(True, {"technology:term": 1, "title": 1}, fixed=7.0)
    assert example.log_odds(-3.0, WEIGHTS) == pytest.approx(8.9)


def test_whether_the_score_is_the_sum_is_told() -> None:
    found = make_detection(evidence=(reason("title", 0.5),), score=round(probability(-0.5), 4))
    example = example_of(found, WEIGHTS, is_relevant=True)
    assert example is not None
    assert is_sum(found, example, -1.0, WEIGHTS)
    assert not is_sum(found, example, -2.0, WEIGHTS)


def test_a_document_without_any_reason_teaches_nothing() -> None:
    assert example_of(make_detection(evidence=()), WEIGHTS, is_relevant=False) is None


def test_rate_and_loss_follow_the_weights() -> None:
    examples = [Example(True, {"title": 1}, 0), Example(False, {"title": 1}, 0), Example(False, {}, 0)]
    assert rate_at(examples, -0.1, {"title": 0.5}, 0.5) == Rate(tp=1, fp=1, tn=1)
    assert log_loss(examples, 0.0, {"title": 0.0}) == pytest.approx(0.6931, abs=1e-4)
    assert log_loss([], 0.0, {}) == 0


@pytest.mark.parametrize(("odds", "expected"), [(0, 0.5), (800, 1.0), (-800, 0.0)])
def test_no_log_odds_are_too_large(odds: float, expected: float) -> None:
    assert probability(odds) == expected
