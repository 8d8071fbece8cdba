"""Fits the weights of named signals to labelled documents; needs scikit-learn, which nothing that runs does."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from oversight.domain.detection import Detector
from oversight.domain.evaluation import Evaluation, Rate
from oversight.domain.labelled import LabelledDocument
from oversight.domain.training import Example, example_of, is_sum, log_loss, rate_at
from oversight.errors import ConfigurationError, InvalidInput
from oversight.services.evaluate import judge
from oversight.vocabulary import Vocabulary, Weights
from oversight.vocabulary.places import Places

FOLDS = 5
SEED = 20_261_120
STRENGTH = 1.0  # how strongly a weight is held where it is: so many examples' worth
WEIGHTS = Path(__file__).parents[1] / "vocabulary" / "weights.toml"
INSTALL = "training needs scikit-learn: pip install --require-hashes -r requirements-train.txt"


@dataclass(frozen=True)
class Model:
    """A bias and a weight for each entry."""

    bias: float
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Trained:
    """What training came to. Rates and losses are of held-out folds: the present weights beside the learned ones.

    `is_explained` is the share of documents whose score is the sum of its reasons.
    """

    model: Model
    examples: int
    silent: int
    is_explained: float
    present: tuple[Rate, float]
    learned: tuple[Rate, float]
    changed: Mapping[str, tuple[float, float, int]]


def train(
    detector: Detector, weights: Weights, documents: Sequence[LabelledDocument], *, strength: float = STRENGTH
) -> Trained:
    """Cross-validate and then fit all; raises ConfigurationError where scikit-learn is not installed.

    Borderline documents are left out. A weight keeps its sign, and stays near where it is unless documents say
    otherwise.
    """
    tools = Solver.load(strength)
    plain = [one for one in documents if not one.labels.is_borderline]
    found = [(one, detector.detect(one.paper)) for one in plain]
    pairs = [
        (example, answer)
        for one, answer in found
        if (example := example_of(answer, weights.weights, is_relevant=one.labels.is_relevant)) is not None
    ]
    examples = [example for example, _ in pairs]
    _require_both(examples)
    start = Model(weights.bias, weights.weights)
    learned = tools.fit(examples, start)
    explained = sum(is_sum(answer, example, start.bias, start.weights) for example, answer in pairs)
    present, held_out = _cross_validated(tools, examples, start, weights.threshold)
    return Trained(
        model=learned,
        examples=len(examples),
        silent=len(plain) - len(examples),
        is_explained=explained / len(examples),
        present=present,
        learned=held_out,
        changed=_changed(examples, start, learned),
    )


def judge_with(
    vocabulary: Vocabulary, places: Places, model: Model, documents: Sequence[LabelledDocument]
) -> Evaluation:
    """The figures of the whole detector with these weights: rules that ask for a weight see the new one too."""
    changed = vocabulary.weights.model_copy(update={"bias": model.bias, "weights": dict(model.weights)})
    return judge(Detector(replace(vocabulary, weights=changed), places), documents)


def weights_toml(model: Model, version: str, source: Path = WEIGHTS) -> str:
    """The weights file with these weights; its comments, its order and its other entries stay."""
    document = tomlkit.parse(source.read_text("utf-8"))
    document["version"] = version
    document["bias"] = round(model.bias, 2)
    table: Any = document["weights"]
    for name, value in model.weights.items():
        table[name] = round(value, 2)
    return tomlkit.dumps(document)


@dataclass(frozen=True)
class Solver:
    """Logistic regression toward the present weights, by the optimiser that comes with scikit-learn."""

    numpy: Any
    optimize: Any
    folds: Any
    strength: float

    @classmethod
    def load(cls, strength: float) -> "Solver":
        """The solver; raises ConfigurationError where scikit-learn is not installed."""
        try:
            folds = importlib.import_module("sklearn.model_selection").StratifiedKFold
            return cls(importlib.import_module("numpy"), importlib.import_module("scipy.optimize"), folds, strength)
        except ImportError as error:
            raise ConfigurationError(INSTALL) from error

    def fit(self, examples: Sequence[Example], start: Model) -> Model:
        """The weights of least surprise: the squared way from `start` is a price, and no weight changes its sign."""
        np = self.numpy
        names = sorted({name for example in examples for name in example.counts})
        counts = np.array([[example.counts.get(name, 0) for name in names] + [1] for example in examples], dtype=float)
        fixed = np.array([example.fixed for example in examples])
        signs = np.array([1.0 if example.is_relevant else -1.0 for example in examples])
        begin = np.array([start.weights[name] for name in names] + [start.bias])

        def price(point: Any) -> tuple[float, Any]:
            odds = signs * (counts @ point + fixed)
            away = point - begin
            slope = -signs / (1 + np.exp(np.clip(odds, -500, 500)))
            return (
                float(np.logaddexp(0, -odds).sum() + self.strength / 2 * (away @ away)),
                counts.T @ slope + self.strength * away,
            )

        bounds = [(0.0, None) if value > 0 else (None, 0.0) for value in begin[:-1]] + [(None, None)]
        point = self.optimize.minimize(price, begin, jac=True, method="L-BFGS-B", bounds=bounds).x
        learned = {name: float(value) for name, value in zip(names, point[:-1], strict=True)}
        return Model(float(point[-1]), dict(start.weights) | learned)

    def split(self, examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
        """Folds with as many relevant examples each: what is learned from, and what is held out."""
        labels = [example.is_relevant for example in examples]
        smallest = min(labels.count(True), labels.count(False))
        folds = self.folds(n_splits=min(FOLDS, smallest), shuffle=True, random_state=SEED)
        return [
            ([examples[place] for place in known], [examples[place] for place in held])
            for known, held in folds.split(labels, labels)
        ]


def _require_both(examples: Sequence[Example]) -> None:
    relevant = sum(example.is_relevant for example in examples)
    if min(relevant, len(examples) - relevant) < 2:
        raise InvalidInput("training needs at least two relevant documents and two others in which a signal was found")


def _cross_validated(
    tools: Solver, examples: Sequence[Example], start: Model, threshold: float
) -> tuple[tuple[Rate, float], tuple[Rate, float]]:
    """Held-out rate and loss of the present weights and of learned ones, over the same folds."""
    rates, losses = [Rate(), Rate()], [0.0, 0.0]
    for known, held in tools.split(examples):
        for place, model in enumerate((start, tools.fit(known, start))):
            rates[place] += rate_at(held, model.bias, model.weights, threshold)
            losses[place] += log_loss(held, model.bias, model.weights) * len(held) / len(examples)
    return (rates[0], losses[0]), (rates[1], losses[1])


def _changed(examples: Sequence[Example], start: Model, learned: Model) -> dict[str, tuple[float, float, int]]:
    """Every weight that moved: before, after, and in how many documents it counted; what moved most first."""
    seen = {name: sum(name in example.counts for example in examples) for name in start.weights}
    moved = {
        name: (before, learned.weights[name], seen[name])
        for name, before in start.weights.items()
        if abs(learned.weights[name] - before) >= 0.005
    }
    return dict(sorted(moved.items(), key=lambda pair: -abs(pair[1][1] - pair[1][0])))
