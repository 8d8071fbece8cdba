"""A learned linear model over words: what each word or pair of words says for or against each of its questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from oversight.errors import ConfigurationError

Says = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class TextModel:
    """Log-odds by feature and question. `biases` name every question; a feature without a weight says nothing."""

    biases: Mapping[str, float]
    weights: Mapping[str, Says]

    def sums(self, features: Mapping[str, float]) -> dict[str, float]:
        """The log-odds of each question, its bias included."""
        sums = list(self.biases.values())
        numbered = self._numbered
        for feature in [one for one in features if one in numbered]:  # few words say anything
            value = features[feature]
            for number, weight in numbered[feature]:
                sums[number] += value * weight
        return dict(zip(self.biases, sums, strict=True))

    @cached_property
    def _numbered(self) -> Mapping[str, tuple[tuple[int, float], ...]]:
        """The weights by the number of their question: many are added up for every paper."""
        numbers = {question: number for number, question in enumerate(self.biases)}
        return {
            feature: tuple([(numbers[question], weight) for question, weight in says])
            for feature, says in self.weights.items()
        }

    @cached_property
    def heard(self) -> frozenset[str]:
        """The questions about which some word says something; the others had too few examples."""
        return frozenset(question for says in self.weights.values() for question, _ in says)

    @cached_property
    def only(self) -> Mapping[str, float]:
        """The weights of a model that has one question."""
        return {feature: says[0][1] for feature, says in self.weights.items()}


def read_text_model(path: Path) -> TextModel:
    """Read a table: a feature, then `question weight` pairs, tabs between; the biases stand at feature `*`."""
    try:
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
        weights = {feature: tuple(_pair(said) for said in says) for feature, *says in rows}
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path.name}: {error}; `flask detector train` writes it") from error
    return TextModel(dict(weights.pop("*", ())), weights)


def write_text_model(path: Path, model: TextModel, remarks: Iterable[str]) -> None:
    """Write what `read_text_model` reads, in a stable order, with remarks at its head."""
    lines = [f"# {remark}" for remark in remarks]
    for feature, says in (("*", tuple(model.biases.items())), *sorted(model.weights.items())):
        lines.append("\t".join((feature, *(f"{question} {weight:.2f}" for question, weight in sorted(says)))))
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _pair(said: str) -> tuple[str, float]:
    question, _, weight = said.rpartition(" ")
    return question, float(weight)
