"""Whether a paper is about government surveillance: additive log-odds, each with the words that gave it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from oversight.domain.matching import Matches
from oversight.domain.mention import Evidence
from oversight.domain.phrase_index import Document, Hit
from oversight.domain.phrases import Kind
from oversight.vocabulary import Vocabulary, Weights

DENIAL_REACH = 60
LEAD = 800
MOST_LOOKED_AT, MOST_EXCLUSIONS = 40, 8
NEVER_OFFICIAL = frozenset({"footage", "corporate", "research"})  # cues that mean something else in an agenda
EXCLUSION = "exclusion:"
COMMENT, OPINION = "public_comment", "opinion"
FEWEST_OPINIONS = 2
GOVERNED = frozenset({"police", "government"})
ANYBODY = frozenset({"use", "action", "procurement"})  # a shop buys and uses too: no cue where no government is named
_RANK = {"term": 0, "weak": 1, "hint": 2, "footage": 3}


@dataclass(frozen=True, slots=True)
class Subject:
    """A technology or vendor that the paper is about, by its most telling hit."""

    signal: str
    hit: Hit
    weight: float
    count: int
    is_denied: bool

    @property
    def name(self) -> str:
        return self.hit.meaning.name

    @property
    def kind(self) -> Kind:
        return self.hit.meaning.kind


def subjects_of(matches: Matches, document: Document, vocabulary: Vocabulary, *, is_official: bool) -> list[Subject]:
    """Each technology and vendor once, the heaviest first. What a government wrote is never mere footage."""
    denials = matches.of(Kind.DENIAL)
    by_name: dict[tuple[Kind, str], list[Hit]] = {}
    for hit in matches.subjects:
        if hit.meaning.kind in (Kind.TECHNOLOGY, Kind.VENDOR):
            by_name.setdefault((hit.meaning.kind, hit.meaning.name), []).append(hit)
    subjects = []
    for hits in by_name.values():
        best = hits[0] if len(hits) == 1 else min(hits, key=_how_telling)
        strength = "weak" if is_official and best.meaning.strength == "footage" else best.meaning.strength
        subjects.append(
            Subject(
                signal=best.meaning.signal,
                hit=best if strength == best.meaning.strength else _with_strength(best, strength),
                weight=_subject_weight(best, strength, vocabulary),
                count=len({(hit.field, hit.start) for hit in hits}),
                is_denied=bool(denials) and all(_is_denied(hit, denials, document) for hit in hits),
            )
        )
    return sorted(subjects, key=lambda subject: -subject.weight)


def _how_telling(hit: Hit) -> tuple[int, bool, int]:
    return _RANK[hit.meaning.strength], hit.field != "title", hit.start


def _with_strength(hit: Hit, strength: str) -> Hit:
    return hit._replace(meaning=replace(hit.meaning, strength=strength))


def _subject_weight(hit: Hit, strength: str, vocabulary: Vocabulary) -> float:
    kind, name = hit.meaning.kind, hit.meaning.name
    if kind is Kind.VENDOR and strength == "term":
        strength = {"general": "term"}.get(vocabulary.vendors[name].kind, vocabulary.vendors[name].kind)
    return vocabulary.weights.of(f"{kind}:{name}:{strength}", f"{kind}:{strength}")


def _is_denied(hit: Hit, denials: Iterable[Hit], document: Document) -> bool:
    """Whether its sentence denies it: before a technology ("does not use ..."), after a vendor ("... is not")."""
    is_vendor = hit.meaning.kind is Kind.VENDOR
    between = ((hit.end, no.start) if is_vendor else (no.end, hit.start) for no in denials if no.field == hit.field)
    text = document[hit.field].text
    return any(0 <= end - start <= DENIAL_REACH and ". " not in text[start:end] for start, end in between)


def evidence_of(
    subjects: Sequence[Subject], matches: Matches, document: Document, *, weights: Weights, is_official: bool
) -> list[Evidence]:
    """Every reason for the score, in the words of the paper."""
    if not subjects:
        return []
    further = weights.of("subject:further")
    reasons = []
    for number, subject in enumerate(subjects):
        weight = subject.weight if number == 0 or subject.weight < 0 else further
        reasons.append(_evidence(subject.signal, subject.hit, document, weight))
    if subjects[0].hit.field == "title":
        reasons.append(_evidence("title", subjects[0].hit, document, weights.of("title")))
    cues = _cues(matches, document, subjects[0], weights=weights, is_official=is_official)
    is_elsewhere = subjects[0].weight < 0  # traffic enforcement alone: no council makes it surveillance
    return reasons + [cue for cue in cues if cue.weight < 0 or not is_elsewhere]


def exclusions_of(
    subjects: Sequence[Subject], matches: Matches, document: Document, vocabulary: Vocabulary
) -> list[Evidence]:
    """What was cancelled and by which words: each takes away what it would have counted.

    A weight of 0 says that the words decided nothing: the same subject stands elsewhere too, or they stood elsewhere.
    """
    counted = {(subject.kind, subject.name) for subject in subjects}
    reasons: list[Evidence] = []
    told: set[tuple[str, str]] = set()
    for hit, by in matches.excluded[:MOST_LOOKED_AT]:
        name = f"{EXCLUSION}{by.meaning.name if by.meaning.kind is Kind.FALSE_FRIEND else hit.meaning.name}"
        key = (hit.meaning.kind, hit.meaning.name)
        weight = 0.0 if key in counted else _subject_weight(hit, hit.meaning.strength, vocabulary)
        if weight:
            reasons.append(_evidence(hit.meaning.signal, hit, document, weight))
            counted.add(key)
        elif (name, by.meaning.name) in told:
            continue
        told.add((name, by.meaning.name))
        reasons.append(_evidence(name, by, document, -weight))
    return (reasons + _near_misses(matches, document, told))[:MOST_EXCLUSIONS]


def ceiling_of(matches: Matches, document: Document, weights: Weights, log_odds: float) -> Evidence | None:
    """What takes away all that a public comment counts above its ceiling; None where nobody speaks for themselves.

    Only for what a government published: news quotes people too.
    """
    comments = [hit for hit in matches.of(Kind.SIGNAL) if hit.meaning.name == COMMENT and hit.start < LEAD]
    opinions = {hit.start: hit for hit in matches.of(Kind.SIGNAL) if hit.meaning.name == OPINION and hit.start < LEAD}
    said = comments or (list(opinions.values()) if len(opinions) >= FEWEST_OPINIONS else [])
    ceiling = weights.of(f"ceiling:{COMMENT}")
    if not said or log_odds <= ceiling:
        return None
    return _evidence(f"cue:{COMMENT}", said[0], document, round(ceiling - log_odds, 2))


def _near_misses(matches: Matches, document: Document, told: set[tuple[str, str]]) -> list[Evidence]:
    """Look-alikes that stand in the paper and cancelled nothing."""
    friends = {hit.meaning.name: hit for hit in reversed(matches.of(Kind.FALSE_FRIEND))}
    missed = ((f"{EXCLUSION}{name}", hit) for name, hit in friends.items() if (f"{EXCLUSION}{name}", name) not in told)
    return [_evidence(signal, hit, document, 0.0) for signal, hit in missed]


def _cues(
    matches: Matches, document: Document, subject: Subject, *, weights: Weights, is_official: bool
) -> list[Evidence]:
    """Each signal once, where it first stands; what lowers the score must stand early, for long stories digress."""
    first: dict[str, Hit] = {}
    for hit in matches.of(Kind.SIGNAL):
        first.setdefault(hit.meaning.name, hit)
    if not is_official and subject.weight < weights.of("specific") and not first.keys() & GOVERNED:
        first = {name: hit for name, hit in first.items() if name not in ANYBODY}
    if is_official:
        first = {name: hit for name, hit in first.items() if name not in NEVER_OFFICIAL}
    weighed = ((hit, weights.of(f"cue:{name}:{subject.name}", f"cue:{name}")) for name, hit in first.items())
    return [
        _evidence(f"cue:{hit.meaning.name}", hit, document, weight)
        for hit, weight in weighed
        if weight and (weight > 0 or hit.start < LEAD)
    ]


def _evidence(signal: str, hit: Hit, document: Document, weight: float) -> Evidence:
    folded = document[hit.field]
    start, end = folded.span(hit.start, hit.end)
    return Evidence(signal, hit.field, start, end, folded.original[start:end], weight)


def score_of(log_odds: float) -> float:
    """The probability that the log-odds stand for, to four places."""
    return round(1 / (1 + math.exp(-max(-50.0, log_odds))), 4)
