"""What the cues of each stage add up to in a paper: one part of what the learned model of stages reads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from oversight.domain.matching import Matches
from oversight.domain.phrase_index import Hit
from oversight.domain.phrases import Kind
from oversight.domain.surroundings import LEAD

PAIR_REACH = 70
ACT_REACH = 60
DECISIVE, PAIR, ACT, STRONG, CUE = 8.0, 5.0, 1.0, 3.0, 1.0
MOST_SUBJECTS = 40  # hits that are looked at
MOST_STRONG, MOST_CUES = 7.5, 2.0
TITLE_FACTOR = 1.5


def points_by_stage(matches: Matches) -> dict[str, float]:
    """What the cues of each stage add up to."""
    by_stage: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in matches.of(Kind.STAGE):
        by_stage[hit.meaning.name].append(hit)
    subjects = [hit for hit in matches.subjects if hit.start <= LEAD and hit.meaning.strength != "footage"][
        :MOST_SUBJECTS
    ]
    return {stage: _points(hits, subjects) for stage, hits in by_stage.items()}


def _points(hits: Iterable[Hit], subjects: Sequence[Hit]) -> float:
    parts: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        parts[hit.meaning.strength].append(hit)
    decisive = DECISIVE if parts["decisive"] else 0.0
    strong = sum(STRONG * _factor(hit) for hit in _distinct(parts["strong"]))
    cues = sum(CUE * _factor(hit) for hit in _distinct(parts["cue"]))
    return (
        decisive + min(strong, MOST_STRONG) + min(cues, MOST_CUES) + _pair_points(parts) + _act_points(parts, subjects)
    )


def _pair_points(parts: dict[str, list[Hit]]) -> float:
    pairs = (
        (first, second)
        for name, firsts in parts.items()
        if name.startswith("first:")
        for first in firsts
        for second in parts.get(name.replace("first", "second"), ())
        if first.is_near(second, PAIR_REACH)
    )
    return max((PAIR * _factor(first) for first, _ in pairs), default=0.0)


def _act_points(parts: dict[str, list[Hit]], subjects: Sequence[Hit]) -> float:
    """What is done to a subject, once."""
    acts = (act for act in parts.get("act", ()) if any(act.is_near(subject, ACT_REACH) for subject in subjects))
    return max((ACT * _factor(act) for act in acts), default=0.0)


def _factor(hit: Hit) -> float:
    return TITLE_FACTOR if hit.field == "title" else 1.0


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    """Not two hits on the same words: "voted down" and "voted" say one thing."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.field != "title", hit.start, -hit.end)):
        if not any(hit.field == other.field and hit.start < other.end for other in kept[-1:]):
            kept.append(hit)
    return kept
