"""What was learned, judged on documents that it was not learned from."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from oversight.domain.evaluation import Rate
from oversight.services.examples import NAMED_ALONE, Trained


@dataclass(frozen=True)
class HeldOut:
    """Figures of documents that were held out, by what was learned from the others."""

    relevance: Rate
    named_relevance: Rate
    technologies: Rate
    named_technologies: Rate
    stages_right: int
    stages: int


def held_out(trained: Trained, ids: Collection[str]) -> HeldOut:
    """The figures of the examples with these ids."""
    limit = math.log(trained.balance["relevant"] / (1 - trained.balance["relevant"]))
    rows = [
        (example, log_odds >= limit, told)
        for example, log_odds, told in zip(trained.examples, trained.log_odds, trained.technologies, strict=True)
        if example.document.id in ids
    ]
    labels = [example.document.labels for example, _, _ in rows]
    about = [(example, told) for example, _, told in rows if example.document.labels.is_relevant]
    staged = [one for one in trained.stages if one in ids]
    stages = {example.document.id: example.document.labels.stage for example, _, _ in rows}
    return HeldOut(
        relevance=rate_of((one.is_relevant, found) for one, (_, found, _) in zip(labels, rows, strict=True)),
        named_relevance=rate_of(
            (one.is_relevant, not row[0].is_unnamed and row[0].named + row[0].against >= NAMED_ALONE)
            for one, row in zip(labels, rows, strict=True)
        ),
        technologies=overlap((example.document.labels.technologies, told) for example, told in about),
        named_technologies=overlap((one.document.labels.technologies, one.technologies) for one, _ in about),
        stages_right=sum(trained.stages[one] == stages[one] for one in staged),
        stages=len(staged),
    )


def rate_of(pairs: Iterable[tuple[bool, bool]]) -> Rate:
    """Of pairs of what is so and what is told."""
    counts = {(True, True): 0, (False, True): 0, (True, False): 0, (False, False): 0}
    for is_so, is_told in pairs:
        counts[bool(is_so), bool(is_told)] += 1
    return Rate(counts[True, True], counts[False, True], counts[True, False], counts[False, False])


def overlap(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> Rate:
    """The same of sets of labels, each label counted."""
    return sum((Rate(len(one & told), len(told - one), len(one - told)) for one, told in pairs), Rate())
