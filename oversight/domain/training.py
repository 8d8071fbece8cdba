"""What a detector's weights are trained on: which entry of the weights file gave each reason of a labelled document."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oversight.domain.evaluation import Rate
from oversight.domain.mention import Detection, Evidence

SAME = 1e-9


@dataclass(frozen=True)
class Example:
    """One document as training sees it: how often each entry of the weights counted, and what else its reasons gave.

    `fixed` is what no entry explains; it stays as it is.
    """

    is_relevant: bool
    counts: Mapping[str, int]
    fixed: float

    def log_odds(self, bias: float, weights: Mapping[str, float]) -> float:
        """What these weights make of it."""
        return bias + self.fixed + sum(count * weights[name] for name, count in self.counts.items())


def example_of(found: Detection, weights: Mapping[str, float], *, is_relevant: bool) -> Example | None:
    """A document as an example; None where nothing was found in it at all, so that no weight can change its score."""
    if not found.evidence:
        return None
    named = [(entry_of(reason, weights), reason.weight) for reason in found.evidence]
    fixed = sum(weight for name, weight in named if name is None)
    return Example(is_relevant, Counter(name for name, _ in named if name is not None), fixed)


def entry_of(reason: Evidence, weights: Mapping[str, float]) -> str | None:
    """The entry of the weights file that gave a reason its weight: its own, one of its kind, or any of that weight."""
    kind = reason.signal.partition(":")[0]
    for prefix in (reason.signal, kind, ""):
        for name, weight in weights.items():
            is_near = not prefix or name == prefix or name.startswith(f"{prefix}:")
            if is_near and abs(weight - reason.weight) < SAME:
                return name
    return None


def probability(log_odds: float) -> float:
    """The probability that log-odds stand for."""
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def is_sum(found: Detection, example: Example, bias: float, weights: Mapping[str, float]) -> bool:
    """Whether the score is the sum of the reasons: only then does training say anything about this detector."""
    return abs(probability(example.log_odds(bias, weights)) - found.score) < 1e-3


def rate_at(examples: Sequence[Example], bias: float, weights: Mapping[str, float], threshold: float) -> Rate:
    """How well these weights tell the examples apart."""
    found = [(one.is_relevant, probability(one.log_odds(bias, weights)) >= threshold) for one in examples]
    return Rate(
        tp=sum(is_so and is_told for is_so, is_told in found),
        fp=sum(is_told and not is_so for is_so, is_told in found),
        fn=sum(is_so and not is_told for is_so, is_told in found),
        tn=sum(not (is_so or is_told) for is_so, is_told in found),
    )


def log_loss(examples: Sequence[Example], bias: float, weights: Mapping[str, float]) -> float:
    """The mean surprise at the labels, in nats; smaller is better."""
    if not examples:
        return 0.0
    odds = [one.log_odds(bias, weights) * (1 if one.is_relevant else -1) for one in examples]
    return sum(math.log1p(math.exp(-each)) if each > -700 else -each for each in odds) / len(odds)
