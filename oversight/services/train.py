"""Trains the learned part of the detector: how much each word says, and how words and named signals add up.

Needs scikit-learn, which nothing else does: what training finds is shipped as data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from oversight.domain.detection import Detector, Examination
from oversight.domain.labelled import LabelledDocument
from oversight.domain.lexical import stage_values
from oversight.domain.money import amount_in
from oversight.domain.staging import points_by_stage
from oversight.domain.subject_codes import technologies_of, vendors_and_products
from oversight.errors import ConfigurationError
from oversight.vocabulary import Vocabulary
from oversight.vocabulary.text_model import TextModel, write_text_model

FOLDS = 10
RAREST, RAREST_OF_STAGES = 3, 2  # documents a word must be in to be learned from
STRENGTH = {"relevance": 0.1, "technologies": 0.3, "stages": 1.0}  # inverse of the L2 penalty, by cross-validation
LEAST = {"relevance": 0.03, "technologies": 0.1, "stages": 0.08}  # log-odds that are worth a place in the table


@dataclass(frozen=True)
class Example:
    """A labelled document as training sees it: features, what the named signals add up to, and the labels."""

    document: LabelledDocument
    words: dict[str, float]
    stage_words: dict[str, float]
    named: float
    is_unnamed: bool
    technologies: frozenset[str]


def examples_of(documents: Sequence[LabelledDocument], detector: Detector, vocabulary: Vocabulary) -> list[Example]:
    """Every document that people do not disagree about, read as the detector reads it."""
    plain = [document for document in documents if not document.labels.is_borderline]
    return [_example(document, detector.examine(document.paper), vocabulary) for document in plain]


def _example(document: LabelledDocument, found: Examination, vocabulary: Vocabulary) -> Example:
    vendors, products = vendors_and_products(found.subjects, found.matches)
    named = technologies_of(found.subjects, vendors, products, vocabulary, length=len(found.paper.text))
    points = points_by_stage(found.matches)
    is_priced = amount_in(found.passages) is not None
    # Signals are stored as they count now; what they counted before any training is what the balance starts from.
    share = vocabulary.learned.balance.share
    return Example(
        document=document,
        words=dict.fromkeys(found.lexical.features, 1.0),
        stage_words=stage_values(found.lexical, found.matches.subjects, points, is_priced=is_priced),
        named=sum(reason.weight for reason in found.named) / share,
        is_unnamed=not found.subjects,
        technologies=frozenset(named),
    )


@dataclass(frozen=True)
class Trained:
    """What training found, and out-of-fold log-odds of every example: each judged by a model that never saw it."""

    relevance: TextModel
    technologies: TextModel
    stages: TextModel
    balance: dict[str, float]
    log_odds: Any
    code_log_odds: Any
    codes: Sequence[str]
    staged: Sequence[str]


class Trainer:
    """Fits linear models over examples; `weights` make some examples count less than others."""

    def __init__(self, examples: Sequence[Example], weights: Sequence[float], *, seed: int = 1) -> None:
        self._examples, self._seed = examples, seed
        self._np, self._sk = _library("numpy"), _Sklearn()
        self._weights = self._np.array(weights)

    def train(self) -> Trained:
        """Everything; the same examples and seed give the same result."""
        relevance, balance, log_odds = self._relevance()
        technologies, codes, code_log_odds, limits = self._technologies()
        stages, staged = self._stages()
        return Trained(relevance, technologies, stages, balance | limits, log_odds, code_log_odds, codes, staged)

    def _relevance(self) -> tuple[TextModel, dict[str, float], Any]:
        np = self._np
        matrix, names = self._matrix([example.words for example in self._examples], RAREST)
        wanted = np.array([example.document.labels.is_relevant for example in self._examples])
        outside = self._outside(matrix, wanted, STRENGTH["relevance"])
        named = np.clip([example.named for example in self._examples], -8, 10)
        unnamed = np.array([float(example.is_unnamed) for example in self._examples])
        joined = np.column_stack([outside, named, unnamed])
        stack = self._sk.logistic(10.0).fit(joined, wanted, sample_weight=self._weights)
        of_words, share, of_unnamed = stack.coef_[0]
        bias = float(stack.intercept_[0])
        fitted = self._sk.logistic(STRENGTH["relevance"]).fit(matrix, wanted, sample_weight=self._weights)
        bias += float(of_words * fitted.intercept_[0])
        model = _model(names, {"relevant": fitted.coef_[0] * of_words}, {"relevant": 0.0}, LEAST["relevance"])
        balance = {"bias": bias, "share": float(share), "unnamed": bias + float(of_unnamed)}
        return model, balance, self._sk.outside_stack(joined, wanted, self._weights, self._seed)

    def _technologies(self) -> tuple[TextModel, list[str], Any, dict[str, float]]:
        np = self._np
        matrix, names = self._matrix([example.words for example in self._examples], RAREST)
        codes = sorted({code for example in self._examples for code in example.document.labels.technologies})
        wanted = np.array([[code in one.document.labels.technologies for code in codes] for one in self._examples])
        named = np.array([[code in one.technologies for code in codes] for one in self._examples])
        strength = STRENGTH["technologies"]
        outside = np.column_stack([self._outside(matrix, wanted[:, at], strength) for at in range(len(codes))])
        about = np.array([example.document.labels.is_relevant for example in self._examples])
        others = named.sum(axis=1, keepdims=True) - named > 0
        joined = np.column_stack([outside[about].ravel(), named[about].ravel(), others[about].ravel()])
        stack = self._sk.logistic(10.0).fit(joined, wanted[about].ravel())
        of_words, of_named, of_others = stack.coef_[0]
        start = self._best_limit(stack, joined, wanted[about].ravel()) - stack.intercept_[0]
        limits = {
            "technology": start / of_words,
            "technology_beside": (start - of_others) / of_words,
            "technology_named": (start - of_named) / of_words,
        }
        fits = [self._sk.logistic(strength).fit(matrix, wanted[:, at]) for at in range(len(codes))]
        coefficients = {code: fit.coef_[0] for code, fit in zip(codes, fits, strict=True)}
        biases = {code: float(fit.intercept_[0]) for code, fit in zip(codes, fits, strict=True)}
        return (
            _model(names, coefficients, biases, LEAST["technologies"]),
            codes,
            outside,
            {key: float(value) for key, value in limits.items()},
        )

    def _best_limit(self, stack: Any, joined: Any, wanted: Any) -> float:
        """The log-odds from which telling a technology gives the best F1."""
        log_odds = stack.decision_function(joined)

        def f1(limit: float) -> float:
            told = log_odds >= limit
            return float(2 * (told & wanted).sum() / (told.sum() + wanted.sum()))

        return max((step / 10 for step in range(-15, 11)), key=f1)

    def _stages(self) -> tuple[TextModel, list[str]]:
        staged = [example for example in self._examples if example.document.labels.stage]
        matrix, names = self._matrix([example.stage_words for example in staged], RAREST_OF_STAGES)
        wanted = self._np.array([str(example.document.labels.stage) for example in staged])
        outside = self._sk.outside_classes(matrix, wanted, STRENGTH["stages"], self._seed)
        fit = self._sk.logistic(STRENGTH["stages"]).fit(matrix, wanted)
        coefficients = {stage: fit.coef_[at] for at, stage in enumerate(fit.classes_)}
        biases = {stage: float(fit.intercept_[at]) for at, stage in enumerate(fit.classes_)}
        return _model(names, coefficients, biases, LEAST["stages"]), list(outside)

    def _matrix(self, rows: list[dict[str, float]], rarest: int) -> tuple[Any, list[str]]:
        vectorizer = self._sk.vectorizer()
        matrix = vectorizer.fit_transform(rows)
        kept = self._np.flatnonzero(self._np.asarray((matrix != 0).sum(axis=0)).ravel() >= rarest)
        names = vectorizer.get_feature_names_out()
        return matrix[:, kept], [str(names[at]) for at in kept]

    def _outside(self, matrix: Any, wanted: Any, strength: float) -> Any:
        return self._sk.outside(matrix, wanted, self._weights, strength, self._seed)


class _Sklearn:
    """The few things that are used of scikit-learn."""

    def __init__(self) -> None:
        self._linear = _library("sklearn.linear_model")
        self._selection = _library("sklearn.model_selection")
        self._extraction = _library("sklearn.feature_extraction")
        self._np = _library("numpy")

    def vectorizer(self) -> Any:
        return self._extraction.DictVectorizer()

    def logistic(self, strength: float) -> Any:
        return self._linear.LogisticRegression(C=strength, max_iter=4000)

    def outside(self, matrix: Any, wanted: Any, weights: Any, strength: float, seed: int) -> Any:
        """The log-odds of each row by a model of the other folds."""
        log_odds = self._np.full(len(wanted), -9.0)
        for inside, out in self._folds(seed).split(matrix, wanted):
            if wanted[inside].sum() >= FOLDS // 2:
                fit = self.logistic(strength).fit(matrix[inside], wanted[inside], sample_weight=weights[inside])
                log_odds[out] = fit.decision_function(matrix[out])
        return log_odds

    def outside_stack(self, joined: Any, wanted: Any, weights: Any, seed: int) -> Any:
        return self.outside(joined, wanted, weights, 10.0, seed + 1)

    def outside_classes(self, matrix: Any, wanted: Any, strength: float, seed: int) -> Any:
        """The class of each row by a model of the other folds."""
        return self._selection.cross_val_predict(self.logistic(strength), matrix, wanted, cv=self._folds(seed))

    def _folds(self, seed: int) -> Any:
        return self._selection.StratifiedKFold(FOLDS, shuffle=True, random_state=seed)


def _model(names: Sequence[str], coefficients: dict[str, Any], biases: dict[str, float], least: float) -> TextModel:
    weights = {}
    for at, name in enumerate(names):
        says = tuple(
            (question, round(float(column[at]), 2))
            for question, column in coefficients.items()
            if abs(column[at]) >= least
        )
        if says:
            weights[name] = says
    return TextModel(biases, weights)


def _library(name: str) -> Any:
    """A module of scikit-learn or its company; it is no requirement of the product, so it may be missing."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigurationError(
            "training needs scikit-learn: pip install --require-hashes -r requirements-train.txt"
        ) from error


def write_trained(folder: Path, trained: Trained, *, version: str, remarks: Sequence[str]) -> None:
    """Write the learned part of the vocabulary into a folder, in the form that it is shipped in."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in (
        ("relevance", trained.relevance),
        ("technologies", trained.technologies),
        ("stages", trained.stages),
    ):
        write_text_model(folder / f"{name}.tsv", model, remarks)
    lines = [f"# {remark}" for remark in remarks] + [f'version = "{version}"']
    lines += [f"{name} = {value:.2f}" for name, value in trained.balance.items()]
    (folder / "balance.toml").write_text("\n".join(lines) + "\n", "utf-8")
