"""Logistic regression by scikit-learn: the few things that training asks of it, in plain lists."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from oversight.errors import ConfigurationError
from oversight.vocabulary.text_model import TextModel

FOLDS = 10
SEED = 1
NEVER = -9.0  # log-odds of what there are too few examples of
MOST_STEPS = 4_000
INSTALL = "training needs scikit-learn: pip install --require-hashes -r requirements-train.txt"


class Regression:
    """Fits on all rows, and on the rows of other folds; raises ConfigurationError where scikit-learn is missing."""

    def __init__(self) -> None:
        self._np = _library("numpy")
        self._linear = _library("sklearn.linear_model")
        self._selection = _library("sklearn.model_selection")
        self._extraction = _library("sklearn.feature_extraction")

    def matrix(self, rows: Sequence[Mapping[str, float]], rarest: int) -> tuple[Any, list[str]]:
        """The features that at least `rarest` rows have, as a sparse matrix, and their names by column."""
        vectorizer = self._extraction.DictVectorizer()
        matrix = vectorizer.fit_transform(rows)
        kept = self._np.flatnonzero(self._np.asarray((matrix != 0).sum(axis=0)).ravel() >= rarest)
        names = vectorizer.get_feature_names_out()
        return matrix[:, kept], [str(names[at]) for at in kept]

    def fitted(
        self, rows: Any, wanted: Sequence[bool], strength: float, weights: Sequence[float] | None = None
    ) -> tuple[list[float], float]:
        """The coefficients of a model of all rows, and its intercept."""
        fit = self._fit(rows, wanted, strength, weights)
        return [float(one) for one in fit.coef_[0]], float(fit.intercept_[0])

    def outside(
        self, rows: Any, wanted: Sequence[bool], strength: float, weights: Sequence[float] | None = None
    ) -> list[float]:
        """The log-odds of each row by a model of the other folds."""
        np = self._np
        rows = np.array(rows) if isinstance(rows, list) else rows
        truth, counts = np.array(wanted), np.ones(len(wanted)) if weights is None else np.array(weights)
        log_odds = np.full(len(truth), NEVER)
        for inside, out in self._folds().split(np.zeros(len(truth)), truth):
            if truth[inside].sum() >= FOLDS // 2:
                fit = self._fit(rows[inside], truth[inside], strength, counts[inside])
                log_odds[out] = fit.decision_function(rows[out])
        return [float(one) for one in log_odds]

    def fitted_classes(
        self, rows: Any, wanted: Sequence[str], strength: float
    ) -> tuple[dict[str, list[float]], dict[str, float]]:
        """The coefficients of each class, and its intercept."""
        fit = self._fit(rows, wanted, strength)
        coefficients = {str(name): [float(one) for one in fit.coef_[at]] for at, name in enumerate(fit.classes_)}
        return coefficients, {str(name): float(fit.intercept_[at]) for at, name in enumerate(fit.classes_)}

    def outside_classes(self, rows: Any, wanted: Sequence[str], strength: float) -> list[str]:
        """The class of each row by a model of the other folds."""
        found = self._selection.cross_val_predict(self._model(strength), rows, wanted, cv=self._folds())
        return [str(one) for one in found]

    def _fit(self, rows: Any, wanted: Any, strength: float, weights: Any = None) -> Any:
        return self._model(strength).fit(rows, wanted, sample_weight=weights)

    def _model(self, strength: float) -> Any:
        return self._linear.LogisticRegression(C=strength, max_iter=MOST_STEPS)

    def _folds(self) -> Any:
        return self._selection.StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)


def model_of(
    names: Sequence[str], coefficients: Mapping[str, Sequence[float]], biases: Mapping[str, float], least: float
) -> TextModel:
    """The table of what is worth a place in it."""
    weights = {}
    for at, name in enumerate(names):
        columns = ((question, round(column[at], 2)) for question, column in coefficients.items())
        says = tuple((question, weight) for question, weight in columns if abs(weight) >= least)
        if says:
            weights[name] = says
    return TextModel(dict(biases), weights)


def _library(name: str) -> Any:
    """A module of scikit-learn or its company; it is no requirement of the product, so it may be missing."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigurationError(INSTALL) from error
