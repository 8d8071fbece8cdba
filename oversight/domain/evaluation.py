"""How well a detector does on labelled documents: pure counting, so that a figure means the same everywhere."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from oversight.domain.labelled import LabelledDocument
from oversight.domain.mention import Detection

Z = 1.959964  # of a 95 % interval
CLASSES = ("technologies", "vendors", "jurisdictions", "badges", "modes")
STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True)
class Rate:
    """Right finds, wrong finds and misses, and what follows from them. No find is no precision, not a bad one: None.

    `tn` counts whole documents that were rightly left out; of words it says nothing.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn)

    @property
    def precision(self) -> float | None:
        """Of what was found, how much is right."""
        return share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Of what there is, how much was found."""
        return share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; 0 where nothing was found rightly, None where there was nothing to find."""
        return share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True)
class Judged:
    """A labelled document and what the detector says of it."""

    document: LabelledDocument
    found: Detection


@dataclass(frozen=True)
class Fault:
    """One thing that the detector got wrong: `what` is missed, false, or the name of a class."""

    what: str
    id: str
    topic: str
    title: str
    detail: str


@dataclass(frozen=True)
class Evaluation:
    """The figures. Borderline documents count in `borderline` alone: people disagree about them."""

    documents: int
    relevant: int
    relevance: Rate
    borderline: Rate
    borderline_documents: int
    by_threshold: Mapping[float, Rate]
    technologies: Rate
    each_technology: Mapping[str, Rate]
    vendors: Rate
    jurisdictions: Rate
    badges: Rate | None
    modes: Rate | None
    stages_right: int
    stages: int
    by_kind: Mapping[str, Rate]
    by_topic: Mapping[str, Rate]
    faults: Sequence[Fault] = field(default=(), repr=False)

    @property
    def macro_f1(self) -> float:
        """The mean F1 of all technologies that a document is labelled with: a rare one counts as much as any."""
        labelled = [rate.f1 or 0.0 for rate in self.each_technology.values() if rate.tp + rate.fn]
        return sum(labelled) / len(labelled) if labelled else 0.0

    @property
    def stage_accuracy(self) -> float | None:
        """Of the relevant documents with a labelled stage, the share whose stage is right."""
        return share(self.stages_right, self.stages)


def evaluate(judged: Sequence[Judged], *, thresholds: Iterable[float] = ()) -> Evaluation:
    """The figures of these documents; `by_threshold` has these scores besides a few round ones."""
    plain = [one for one in judged if not one.document.labels.is_borderline]
    unsure = [one for one in judged if one.document.labels.is_borderline]
    staged = [one for one in plain if one.document.labels.is_relevant and one.document.labels.stage]
    return Evaluation(
        documents=len(plain),
        relevant=sum(one.document.labels.is_relevant for one in plain),
        relevance=relevance(plain),
        borderline=relevance(unsure),
        borderline_documents=len(unsure),
        by_threshold={step: at_threshold(plain, step) for step in sorted({*STEPS, *thresholds})},
        technologies=_sets(plain, "technologies"),
        each_technology=_each_technology(plain),
        vendors=_sets(plain, "vendors"),
        jurisdictions=_sets(plain, "jurisdictions"),
        badges=_labelled_sets(plain, "badges"),
        modes=_labelled_sets(plain, "modes"),
        stages_right=sum(one.document.labels.stage is one.found.stage for one in staged),
        stages=len(staged),
        by_kind=_grouped(plain, lambda one: one.document.paper.kind),
        by_topic=_grouped(plain, lambda one: one.document.topic),
        faults=tuple(fault for one in plain for fault in faults_of(one)),
    )


def relevance(judged: Iterable[Judged]) -> Rate:
    """Whether the right documents are found."""
    return _sum(_told(one.document.labels.is_relevant, one.found.is_relevant) for one in judged)


def at_threshold(judged: Iterable[Judged], score: float) -> Rate:
    """The same where only what has at least this score counts as found."""
    return _sum(
        _told(one.document.labels.is_relevant, one.found.is_relevant and one.found.score >= score) for one in judged
    )


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None where there is no whole."""
    return part / whole if whole else None


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % interval of a share by Wilson's formula, which stays honest near 0 and 1 and for few documents."""
    if whole == 0:
        return None
    mean, square = part / whole, Z * Z
    centre = mean + square / (2 * whole)
    reach = Z * math.sqrt(mean * (1 - mean) / whole + square / (4 * whole * whole))
    below, above = (centre - reach) / (1 + square / whole), (centre + reach) / (1 + square / whole)
    return max(0.0, below), min(1.0, above)


def found_words(found: Detection, name: str) -> frozenset[str]:
    """What the detector says in one class, in the form of labels; nothing of what it finds irrelevant."""
    if not found.is_relevant:
        return frozenset()
    if name == "jurisdictions":
        return frozenset(_folded(place.name) for place in found.places)
    return frozenset(str(word) for word in getattr(found, name, ()))


def is_labelled(one: Judged, name: str) -> bool:
    """Whether a class was labelled, and is one that this detector tells at all."""
    is_told = name == "jurisdictions" or hasattr(one.found, name)
    return is_told and getattr(one.document.labels, name) is not None


def labelled_words(document: LabelledDocument, name: str) -> frozenset[str]:
    """The labels of one class; the names of places are compared without regard to capitals."""
    words: frozenset[str] = getattr(document.labels, name)
    return frozenset(map(_folded, words)) if name == "jurisdictions" else words


def faults_of(one: Judged) -> list[Fault]:
    """Everything that is wrong about one document; of one that was missed or found wrongly, only that."""
    labels, found = one.document.labels, one.found
    if labels.is_relevant != found.is_relevant:
        return [_fault(one, "missed" if labels.is_relevant else "false", f"score {found.score:.2f}")]
    faults = []
    for name in filter(lambda name: is_labelled(one, name), CLASSES):
        wanted, told = labelled_words(one.document, name), found_words(found, name)
        if wanted != told:
            signs = [f"-{word}" for word in sorted(wanted - told)] + [f"+{word}" for word in sorted(told - wanted)]
            faults.append(_fault(one, name, " ".join(signs)))
    if labels.is_relevant and labels.stage and labels.stage is not found.stage:
        faults.append(_fault(one, "stage", f"-{labels.stage.value} +{found.stage.value if found.stage else 'none'}"))
    return faults


def _fault(one: Judged, what: str, detail: str) -> Fault:
    title = one.document.paper.title or one.document.paper.text
    return Fault(what, one.document.id, one.document.topic, " ".join(title.split())[:100], detail)


def _sets(judged: Iterable[Judged], name: str) -> Rate:
    return _sum(_overlap(labelled_words(one.document, name), found_words(one.found, name)) for one in judged)


def _labelled_sets(judged: Iterable[Judged], name: str) -> Rate | None:
    labelled = [one for one in judged if is_labelled(one, name)]
    return _sets(labelled, name) if labelled else None


def _each_technology(judged: Sequence[Judged]) -> dict[str, Rate]:
    rates: defaultdict[str, Rate] = defaultdict(Rate)
    for one in judged:
        wanted, told = labelled_words(one.document, "technologies"), found_words(one.found, "technologies")
        for code in wanted | told:
            rates[code] += _told(code in wanted, code in told)
    return dict(sorted(rates.items()))


def _grouped(judged: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Rate]:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one)].append(one)
    return {name: relevance(group) for name, group in sorted(groups.items())}


def _overlap(wanted: frozenset[str], told: frozenset[str]) -> Rate:
    return Rate(len(wanted & told), len(told - wanted), len(wanted - told))


def _told(is_so: bool, is_told: bool) -> Rate:
    return Rate(
        tp=int(is_so and is_told),
        fp=int(is_told and not is_so),
        fn=int(is_so and not is_told),
        tn=int(not (is_so or is_told)),
    )


def _sum(rates: Iterable[Rate]) -> Rate:
    return sum(rates, Rate())


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
