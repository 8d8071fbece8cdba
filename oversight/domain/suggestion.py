"""Which things of the record a mention may be about, ranked, each with its reasons; without one, nothing is named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from oversight.domain.next_status import PURCHASE, RULE, NextStatus, Saying, next_legal_status, next_use_status
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.word import Word
from oversight.vocabulary.labels import Labels

MOST_NAMED = 3
GENERAL = "surveillance_general"  # rules on surveillance technology as such
SAME_MATTER, SAME_STORY, SAME_NUMBER, SAME_TECHNOLOGY, SAME_VENDOR, SAME_AGENCY, RIGHT_KIND = 12, 12, 8, 4, 3, 2, 2
GENERAL_RULE = 1
SHORTEST_NUMBER = 3


class Noun(Word):
    """The things of the record whose status a mention can change."""

    DEPLOYMENT = "deployment", "Deployment"
    POLICY = "policy", "Policy"


@dataclass(frozen=True)
class Subject:
    """What a mention says of itself; `names` are the labels of technologies, by code."""

    places: frozenset[str]
    technologies: tuple[str, ...]
    vendors: frozenset[str]
    agencies: tuple[str, ...]
    text: str
    matter: int | None
    file: str | None
    story: int | None
    saying: Saying
    is_official: bool
    names: Labels = field(default_factory=Labels)


@dataclass(frozen=True)
class Candidate:
    """A deployment or policy of a place that the mention names, at its newest version.

    `matters` and `stories` are those of the mentions that are attached to it already.
    """

    noun: Noun
    key: str
    title: str
    place_key: str
    place: str
    technologies: frozenset[str]
    vendor: str | None
    agency: str | None
    number: str | None
    status: UseStatus | LegalStatus
    version: int
    matters: frozenset[int] = frozenset()
    stories: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Suggestion:
    """One thing that a mention may be about, why, and the status that would follow; None where it changes none."""

    candidate: Candidate
    reasons: tuple[str, ...]
    points: int
    status: NextStatus | None


@dataclass(frozen=True)
class Missing:
    """Something that the mention speaks of and the record does not have yet."""

    noun: Noun
    place_key: str
    technology: str
    reason: str


def suggestions(subject: Subject, candidates: Iterable[Candidate]) -> list[Suggestion]:
    """What the mention may be about, the likeliest first."""
    judged = (_judged(subject, one) for one in candidates if one.place_key in subject.places)
    return sorted((one for one in judged if one), key=lambda one: (-one.points, one.candidate.key))


def missing(subject: Subject, candidates: Iterable[Candidate], places: dict[str, str]) -> list[Missing]:
    """What could be recorded anew: of each place and technology that it names, where the record has nothing."""
    stage = subject.saying.stage
    noun = Noun.DEPLOYMENT if stage in PURCHASE else Noun.POLICY if stage in RULE else None
    if noun is None:
        return []
    known = {(one.place_key, code) for one in candidates if one.noun is noun for code in one.technologies}
    return [
        Missing(noun, key, code, f"no {noun} on {subject.names[code]} is recorded for {places[key]}")
        for key in sorted(subject.places & places.keys())
        for code in subject.technologies
        if (key, code) not in known
    ][:MOST_NAMED]


def _judged(subject: Subject, one: Candidate) -> Suggestion | None:
    found = [*_known_links(subject, one), *_likeness(subject, one)]
    if not found:
        return None
    is_of_kind = subject.saying.stage in (PURCHASE if one.noun is Noun.DEPLOYMENT else RULE)
    if is_of_kind and subject.saying.stage:
        found.append((RIGHT_KIND, f"“{subject.saying.stage.label}” is a step of a {one.noun}"))
    reasons = (*(words for _points, words in found), f"in {one.place}")
    return Suggestion(one, reasons, sum(points for points, _words in found), _status(subject, one))


def _known_links(subject: Subject, one: Candidate) -> Iterable[tuple[int, str]]:
    if subject.matter in one.matters:
        yield SAME_MATTER, f"file {subject.file or 'of the same matter'} is attached to it already"
    if subject.story in one.stories:
        yield SAME_STORY, "another mention of the same story is attached to it"
    if one.number and len(one.number) >= SHORTEST_NUMBER and _names(subject.text, one.number):
        yield SAME_NUMBER, f"names its number, {one.number}"


def _likeness(subject: Subject, one: Candidate) -> Iterable[tuple[int, str]]:
    shared = [subject.names[code] for code in subject.technologies if code in one.technologies]
    is_vendor = one.vendor is not None and one.vendor.casefold() in {name.casefold() for name in subject.vendors}
    if shared:
        yield SAME_TECHNOLOGY, f"same technology: {', '.join(shared)}"
    elif one.noun is Noun.POLICY and GENERAL in one.technologies and subject.saying.stage in RULE:
        yield GENERAL_RULE, "it rules surveillance technology in general"
    if is_vendor:
        yield SAME_VENDOR, f"same vendor: {one.vendor}"
    if one.agency and (shared or is_vendor) and _is_named(one.agency, subject):
        yield SAME_AGENCY, f"names {one.agency}"


def _is_named(agency: str, subject: Subject) -> bool:
    return agency in subject.agencies or _names(subject.text, agency)


def _names(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.I) is not None


def _status(subject: Subject, one: Candidate) -> NextStatus | None:
    if isinstance(one.status, LegalStatus):
        return next_legal_status(one.status, subject.saying, is_official=subject.is_official)
    return next_use_status(one.status, subject.saying)
