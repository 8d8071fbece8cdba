"""The shapes of the vocabulary's entries, as written in its TOML files."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

_EITHER = re.compile(r"\{([^{}]*)\}")

Terms = tuple[str, ...]


def expand(term: str) -> Iterator[str]:
    """Every phrase that a term with `{either,or}` words stands for."""
    parts = _EITHER.split(term)
    choices = [part.split(",") if at % 2 else [part] for at, part in enumerate(parts)]
    return ("".join(words) for words in product(*choices))


def expand_all(terms: Terms) -> Terms:
    """The phrases of several terms, each once, in their order."""
    return tuple(dict.fromkeys(phrase for term in terms for phrase in expand(term)))


class Entry(BaseModel):
    """What every entry obeys: unknown keys are mistakes, empty phrases too, and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _no_empty_phrase(cls, value: object) -> object:
        if isinstance(value, tuple) and any(isinstance(part, str) and not part.strip() for part in value):
            raise ValueError("a phrase is empty")
        return value


class Careful(Entry):
    """Ambiguous terms: they count where a `needs` phrase is in the paper and no `unless` phrase is near.

    A need written `@police` is any phrase of that signal; `within` says how many characters away a need may stand
    (0: anywhere in the paper). `never` cancels wherever it stands. A `hint` is an everyday word: it is reported only
    where nothing better is. `exact` terms are abbreviations that must stand in capitals; `capital` terms are names that
    must start with one where no sentence starts. A `heading` stands by itself at the beginning of a line or of a
    sentence: "Consent: ..." or "12. Renewal - ...".
    """

    terms: Terms
    needs: Terms = ()
    unless: Terms = ()
    never: Terms = ()
    exact: bool = False
    capital: bool = False
    heading: bool = False
    within: int = 0
    strength: Literal["term", "weak", "hint"] = "term"


class Tested(Entry):
    """An entry with its own tests: each `matches` sentence must hit it, no `ignores` sentence may."""

    matches: Terms = ()
    ignores: Terms = ()


class Technology(Tested):
    """One technology code. `weak` terms need a government context; `absorbed_by` names what they are reported as.

    `never` says that a paper is about something else of the same name: it cancels every term in all of the paper.
    """

    code: str
    label: str
    terms: Terms
    weak: Terms = ()
    careful: tuple[Careful, ...] = ()
    unless: Terms = ()
    never: Terms = ()
    absorbed_by: Terms = ()


class Product(Entry):
    """What a vendor sells under a name of its own."""

    name: str
    terms: Terms
    technologies: Terms
    modes: Terms = ()


class Vendor(Tested):
    """Who sells. `technologies` is what the bare name implies; a `surveillance` firm's name alone tells the subject.

    `modes` is how a product can only be used: who names a search tool says that faces are searched.
    """

    name: str
    kind: Literal["general", "forensics", "surveillance"] = "general"
    technologies: Terms
    modes: Terms = ()
    never: Terms = ()
    aliases: Terms
    careful: tuple[Careful, ...] = ()
    products: tuple[Product, ...] = ()


class Signal(Tested):
    """Words around a term that raise or lower the score; `within`: only that many characters from a subject."""

    name: str
    phrases: Terms
    within: int = 0


class Seller(Tested):
    """Who sells what others make, so that a purchase order in this name hides the vendor."""

    name: str
    aliases: Terms


class Badge(Tested):
    """A quality that its phrases tell: how a purchase came to be, how faces are searched, where an item stands."""

    name: str
    label: str
    phrases: Terms
    careful: tuple[Careful, ...] = ()


class Pair(Entry):
    """A stage's cue in two parts: a word of `first` near a word of `second`, or near any subject if that is empty."""

    first: Terms
    second: Terms = ()


class StageCues(Entry):
    """What says that an item is at this stage."""

    name: str
    strong: Terms
    cues: Terms
    decisive: Terms = ()
    pairs: tuple[Pair, ...] = ()


class World(Entry):
    """Places by the words for them, agencies as they are written, and the outlets (host names) of states and cities."""

    countries: Mapping[str, Terms]
    cities: Mapping[str, Terms]
    nation: Mapping[str, Terms]
    federal: Mapping[str, Terms]
    agencies: Mapping[str, Terms]
    suffixes: Mapping[str, Terms]
    outlets: Mapping[str, Terms]
    local_outlets: Mapping[str, Terms]


class Weights(Entry):
    """Log-odds by the name of a signal."""

    weights: Mapping[str, float]

    def of(self, *signals: str) -> float:
        """The weight of the first of these names that has one; 0 where none has."""
        return next((self.weights[signal] for signal in signals if signal in self.weights), 0.0)

    def scaled(self, share: float, against: float) -> "Weights":
        """The same weights: those that raise a score times `share`, those that lower it times `against`."""
        factors = {name: share if weight > 0 else against for name, weight in self.weights.items()}
        return Weights(weights={name: weight * factors[name] for name, weight in self.weights.items()})


class Balance(Entry):
    """How named signals and learned words add up to a score; `flask detector train` writes it.

    `share` and `against` are what weights of named signals count beside the words, `unnamed` the log-odds of a paper
    in which nothing is named. The two thresholds are scores: from which a paper is relevant, and from which hardly any
    is not. The others are log-odds of the words from which a technology is told: where none is named, where others
    are, and where it is named itself.
    """

    version: str
    bias: float
    share: float
    against: float
    unnamed: float
    relevant: float
    high_precision: float
    technology: float
    technology_beside: float
    technology_named: float
