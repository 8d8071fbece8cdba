"""What the learned models read in the words of a paper: whether it is relevant, its technologies, its stage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oversight.domain.mention import Evidence, Stage
from oversight.domain.phrase_index import Document, Hit
from oversight.domain.wording import Word, features_of, without_names
from oversight.vocabulary.text_model import TextModel

RELEVANT = "relevant"
OFFICIAL, PRICED = "is official", "is priced"
MOST_WORDS = 6  # of which each is told by itself
LEAST = 0.1  # log-odds that a word must move to be told
STAGE_WORDS = 90  # a paper says early what happened
MOST_POINTS, POINTS_SCALE = 10.0, 3.0


@dataclass(frozen=True)
class Lexical:
    """The words of one paper as features, read once and asked several times."""

    words: list[Word]
    features: Mapping[str, Word]
    is_official: bool

    @classmethod
    def of(cls, words: list[Word], *, is_official: bool) -> "Lexical":
        """The features of these words."""
        return cls(words, features_of(words), is_official)

    def log_odds(self, model: TextModel) -> dict[str, float]:
        """What the model's questions add up to."""
        return model.sums(self.values())

    def values(self) -> dict[str, float]:
        """The features as numbers."""
        values = dict.fromkeys(self.features, 1.0)
        if self.is_official:
            values[OFFICIAL] = 1.0
        return values


def word_evidence(lexical: Lexical, model: TextModel, document: Document) -> list[Evidence]:
    """The words that moved the score most, each by itself, and what the others add up to."""
    told = [(feature, says[0][1]) for feature in lexical.features if (says := model.weights.get(feature))]
    told.sort(key=lambda one: -abs(one[1]))
    first = [one for one in told[:MOST_WORDS] if abs(one[1]) >= LEAST]
    reasons = [_evidence(lexical.features[feature], weight, document) for feature, weight in first]
    rest = sum(weight for _, weight in told[len(first) :])
    if lexical.is_official:
        rest += sum(weight for _, weight in model.weights.get(OFFICIAL, ()))
    return [*reasons, Evidence("words", "text", 0, 0, "", round(rest, 2))]


def _evidence(word: Word, weight: float, document: Document) -> Evidence:
    folded = document[word.field]
    start, end = folded.span(word.start, word.end)
    return Evidence(f"word:{word.text}", word.field, start, end, folded.original[start:end], weight)


def stage_values(
    lexical: Lexical, subjects: Iterable[Hit], points: Mapping[str, float], *, is_priced: bool
) -> dict[str, float]:
    """The features of the stage: words with subjects read as their kinds, and the sums of the vocabulary's cues."""
    values = dict.fromkeys(features_of(without_names(lexical.words[:STAGE_WORDS], subjects)), 1.0)
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
