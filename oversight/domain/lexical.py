"""What the learned models read in the words of a paper: whether it is relevant, its technologies, its stage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oversight.domain.mention import Evidence, Stage
from oversight.domain.phrase_index import Document, Hit
from oversight.domain.text_features import Stretch, features_in, features_without_names, places_of, stretches_of
from oversight.vocabulary.text_model import TextModel

OFFICIAL, PRICED = "is official", "is priced"
MOST_WORDS = 6  # of which each is told by itself
LEAST = 0.1  # log-odds that a word must move to be told
MOST_POINTS, POINTS_SCALE = 10.0, 3.0


@dataclass(frozen=True)
class Lexical:
    """The words of one paper as features, read once and asked several times; what comes again says no more."""

    document: Document
    stretches: list[Stretch]
    features: list[str]
    is_official: bool

    @classmethod
    def of(cls, document: Document, subjects: Iterable[Hit], *, is_official: bool) -> "Lexical":
        """The features of a paper around these subjects."""
        stretches = stretches_of(document, subjects)
        features = features_in(document, stretches)
        if is_official:
            features.append(OFFICIAL)
        return cls(document, stretches, features, is_official)

    def said(self, weights: Mapping[str, float]) -> dict[str, float]:
        """The features that have a weight, in the order of the paper: few have one."""
        return {feature: weights[feature] for feature in self.features if feature in weights}


def word_evidence(lexical: Lexical, weights: Mapping[str, float]) -> list[Evidence]:
    """The words that moved the score most, each by itself, and what the others add up to."""
    told = sorted(lexical.said(weights).items(), key=lambda one: -abs(one[1]))
    first = {feature for feature, weight in told[:MOST_WORDS] if abs(weight) >= LEAST and feature != OFFICIAL}
    places = places_of(first, lexical.document, lexical.stretches)
    reasons = [_evidence(feature, place, weights[feature], lexical.document) for feature, place in places.items()]
    rest = sum(weight for feature, weight in told if feature not in places)
    return [*reasons, Evidence("words", "text", 0, 0, "", round(rest, 2))]


def _evidence(feature: str, place: Stretch, weight: float, document: Document) -> Evidence:
    folded = document[place.field]
    start, end = folded.span(place.start, place.end)
    return Evidence(f"word:{feature}", place.field, start, end, folded.original[start:end], weight)


def stage_values(
    lexical: Lexical, subjects: Iterable[Hit], points: Mapping[str, float], *, is_priced: bool
) -> dict[str, float]:
    """The features of the stage: words with subjects read as their kinds, and the sums of the vocabulary's cues."""
    values = dict.fromkeys(features_without_names(lexical.document, subjects), 1.0)
    values |= {f"cue {stage}": min(sum_, MOST_POINTS) / POINTS_SCALE for stage, sum_ in points.items() if sum_}
    if lexical.is_official:
        values[OFFICIAL] = 1.0
    if is_priced:
        values[PRICED] = 1.0
    return values


def likeliest_stage(values: Mapping[str, float], model: TextModel) -> Stage:
    """The stage with the most log-odds."""
    sums = model.sums(values)
    return Stage(max(sums, key=lambda stage: sums[stage]))
