"""Trains the learned part of the detector: how much each word says, and how words and named signals add up.

Needs scikit-learn, which nothing that runs does: what training finds is shipped as data.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from json import dumps
from pathlib import Path

from oversight.errors import InvalidInput
from oversight.services.examples import Example, Trained
from oversight.services.held_out import HeldOut, rate_of
from oversight.services.regression import Regression, model_of
from oversight.vocabulary.text_model import TextModel, write_text_model

RAREST, RAREST_OF_STAGES = 3, 2  # documents a word must be in to be learned from
STACKED = 10.0
# The inverse of the L2 penalty of each model, by cross-validation; and log-odds that are worth a place in its table.
STRENGTH = {"relevance": 0.1, "technologies": 0.3, "stages": 1.0}
LEAST = {"relevance": 0.06, "technologies": 0.2, "stages": 0.16}
MOST_NAMED = 10.0  # what named signals can add up to in one paper, for the fit
HALF = 0.5
LIMITS = tuple(step / 10 for step in range(-15, 11))
SCORES = tuple(step / 100 for step in range(50, 81, 5))
HIGH_SCORES = (0.8, 0.9, 0.95, 0.97, 0.98, 0.99)
HIGH = 0.99  # the precision that the high-precision threshold must have had on held-out documents
REMARK = "Written by `flask detector train`; docs/detector.md says from what."


def train(examples: Sequence[Example], *, halved: int = 0) -> Trained:
    """Learn from all examples, of which the last `halved` count half; the same examples give the same result.

    Raises ConfigurationError where scikit-learn is not installed, InvalidInput where there is nothing to tell apart.
    """
    kinds = {example.document.labels.is_relevant for example in examples}
    if kinds != {True, False}:
        raise InvalidInput("training needs both relevant documents and others")
    tools = Regression()
    weights = [1.0] * (len(examples) - halved) + [HALF] * halved
    relevance, balance, log_odds = _relevance(tools, examples, weights)
    technologies, limits, told = _technologies(tools, examples, weights)
    stages, staged = _stages(tools, examples)
    models = {"relevance": relevance, "technologies": technologies, "stages": stages}
    return Trained(examples, models, {**balance, **limits}, log_odds, told, staged)


def write_trained(folder: Path, trained: Trained, found: HeldOut, *, version: str) -> None:
    """Write the learned part of the vocabulary into a folder, in the form that it is shipped in."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in trained.models.items():
        write_text_model(folder / f"{name}.tsv", model, [REMARK])
    balance = [f"{name} = {value:.2f}" for name, value in trained.balance.items()]
    text = "\n".join((f"# {REMARK}", f'version = "{version}"', *balance, ""))
    (folder / "balance.toml").write_text(text, "utf-8")
    (folder / "held_out.json").write_text(dumps(asdict(found) | {"detector": version}, indent=1) + "\n", "utf-8")


def _relevance(
    tools: Regression, examples: Sequence[Example], weights: Sequence[float]
) -> tuple[TextModel, dict[str, float], list[float]]:
    matrix, names = tools.matrix([example.words for example in examples], RAREST)
    wanted = [example.document.labels.is_relevant for example in examples]
    strength = STRENGTH["relevance"]
    outside = tools.outside(matrix, wanted, strength, weights)
    joined = [
        (words, min(example.named, MOST_NAMED), example.against, float(example.is_unnamed))
        for words, example in zip(outside, examples, strict=True)
    ]
    (of_words, share, against, of_unnamed), start = tools.fitted(joined, wanted, STACKED, weights)
    coefficients, intercept = tools.fitted(matrix, wanted, strength, weights)
    bias = start + of_words * intercept
    model = model_of(
        names, {"relevant": [of_words * one for one in coefficients]}, {"relevant": 0.0}, LEAST["relevance"]
    )
    log_odds = tools.outside(joined, wanted, STACKED, weights)
    balance = {"bias": bias, "share": share, "against": against, "unnamed": bias + of_unnamed}
    limits = {"relevant": _even(log_odds, wanted), "high_precision": _high_precision(log_odds, wanted)}
    return model, balance | limits, log_odds


def _even(log_odds: Sequence[float], wanted: Sequence[bool]) -> float:
    """The score from which as few held-out documents are found wrongly as are missed, of each share."""

    def worse(score: float) -> float:
        limit = math.log(score / (1 - score))
        rate = rate_of((so, one >= limit) for one, so in zip(log_odds, wanted, strict=True))
        return min(rate.precision or 0.0, rate.recall or 0.0)

    return max(SCORES, key=worse)


def _high_precision(log_odds: Sequence[float], wanted: Sequence[bool]) -> float:
    """The lowest of a few scores from which held-out documents were relevant as often as is promised."""
    for score in HIGH_SCORES:
        limit = math.log(score / (1 - score))
        found = [is_relevant for one, is_relevant in zip(log_odds, wanted, strict=True) if one >= limit]
        if found and sum(found) / len(found) >= HIGH:
            return score
    return 0.99


def _technologies(
    tools: Regression, examples: Sequence[Example], weights: Sequence[float]
) -> tuple[TextModel, dict[str, float], list[frozenset[str]]]:
    matrix, names = tools.matrix([example.words for example in examples], RAREST)
    codes = sorted({code for example in examples for code in example.document.labels.technologies})
    strength = STRENGTH["technologies"]
    coefficients, biases, outside = {}, {}, {}
    for code in codes:
        wanted = [code in example.document.labels.technologies for example in examples]
        outside[code] = tools.outside(matrix, wanted, strength, weights)
        coefficients[code], biases[code] = tools.fitted(matrix, wanted, strength, weights)
    limits = _limits(tools, examples, outside)
    told = [
        _told(example.technologies, {code: outside[code][at] for code in codes}, limits)
        for at, example in enumerate(examples)
    ]
    return model_of(names, coefficients, biases, LEAST["technologies"]), limits, told


def _told(named: frozenset[str], log_odds: Mapping[str, float], limits: Mapping[str, float]) -> frozenset[str]:
    """As the detector does it: what is named unless words tell against it, and what they tell by themselves."""
    limit = limits["technology_beside"] if named else limits["technology"]
    told = {code for code, one in log_odds.items() if one >= limit}
    return frozenset(told | {code for code in named if log_odds.get(code, 0.0) >= limits["technology_named"]})


def _limits(tools: Regression, examples: Sequence[Example], outside: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """From which log-odds of its words a technology is told: the same chance of being right, whatever is named."""
    rows, wanted = [], []
    for at, example in enumerate(examples):
        if example.document.labels.is_relevant:
            for code, log_odds in outside.items():
                is_named = code in example.technologies
                rows.append((log_odds[at], float(is_named), float(bool(example.technologies - {code}))))
                wanted.append(code in example.document.labels.technologies)
    (of_words, of_named, of_others), intercept = tools.fitted(rows, wanted, STACKED)
    sums = [intercept + of_words * row[0] + of_named * row[1] + of_others * row[2] for row in rows]
    best = max(
        LIMITS,
        key=lambda limit: rate_of((one, sum_ >= limit) for one, sum_ in zip(wanted, sums, strict=True)).f1 or 0.0,
    )
    start = best - intercept
    return {
        "technology": start / of_words,
        "technology_beside": (start - of_others) / of_words,
        "technology_named": (start - of_named) / of_words,
    }


def _stages(tools: Regression, examples: Sequence[Example]) -> tuple[TextModel, dict[str, str]]:
    staged = [example for example in examples if example.document.labels.stage]
    matrix, names = tools.matrix([example.stage_words for example in staged], RAREST_OF_STAGES)
    wanted = [str(example.document.labels.stage) for example in staged]
    outside = tools.outside_classes(matrix, wanted, STRENGTH["stages"])
    coefficients, biases = tools.fitted_classes(matrix, wanted, STRENGTH["stages"])
    told = {example.document.id: stage for example, stage in zip(staged, outside, strict=True)}
    return model_of(names, coefficients, biases, LEAST["stages"]), told
