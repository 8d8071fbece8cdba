"""The brief of a jurisdiction: what somebody prints before a meeting, on two pages at most, with numbered citations."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from oversight.domain.duty import DutyState
from oversight.domain.policy_standing import Force
from oversight.domain.posture import STRENGTH, Stance
from oversight.domain.record import Posture
from oversight.storage.queries.claims import Dispute
from oversight.storage.queries.deployments import DeploymentLine
from oversight.storage.queries.jurisdiction_page import JurisdictionPage
from oversight.storage.queries.meetings import MeetingLine
from oversight.storage.queries.policies import PolicyLine
from oversight.storage.queries.sources import SourceLine, nearest_first
from oversight.vocabulary.labels import words
from oversight.web.presentation import partial, technology_label

# So much fits on two pages, whatever the record holds; the rest is counted and stands on the jurisdiction's page.
STANCES, POLICIES, DEPLOYMENTS, ABOVE, MEETINGS, QUESTIONS = 6, 6, 6, 4, 4, 6
SPENT = (Force.EXPIRED, Force.REPEALED, Force.NEVER)
Line = TypeVar("Line")


@dataclass
class Citations:
    """The sources of a brief, numbered in the order in which they are first cited."""

    sources: list[SourceLine] = field(default_factory=list)

    def cite(self, sources: Sequence[SourceLine]) -> int | None:
        """The number of the source that is closest to the act; None where a fact has none."""
        best = next(iter(nearest_first(sources)), None)
        if best is None:
            return None
        if best not in self.sources:
            self.sources.append(best)
        return self.sources.index(best) + 1

    def fit(self, lines: Sequence[Line], most: int, sources: Callable[[Line], Sequence[SourceLine]]) -> "Fitting[Line]":
        """The first lines, each with the number of its source, and how many more there are."""
        shown = tuple((line, self.cite(sources(line))) for line in lines[:most])
        return Fitting(shown, len(lines) - len(shown))


@dataclass(frozen=True)
class Fitting(Generic[Line]):
    """The lines that fit, and how many do not."""

    lines: tuple[tuple[Line, int | None], ...]
    more: int


@dataclass(frozen=True)
class Brief:
    """What is printed. `questions` are what the record leaves open."""

    stances: Mapping[str, Stance]
    policies: Fitting[PolicyLine]
    above: Fitting[tuple[str, str, PolicyLine]]
    deployments: Fitting[DeploymentLine]
    meetings: Sequence[MeetingLine]
    questions: Sequence[str]
    more_questions: int
    sources: Sequence[SourceLine]


def brief_of(page: JurisdictionPage) -> Brief:
    """The brief of a jurisdiction: the strictest stances, and what is in force before what is over."""
    cited = Citations()
    strictest = sorted(page.stances.items(), key=lambda pair: -STRENGTH[pair[1].posture])
    standing = sorted(page.policies, key=lambda line: line.standing.force in SPENT)
    questions = list(open_questions(page))
    return Brief(
        stances=dict(strictest[:STANCES]),
        policies=cited.fit(standing, POLICIES, lambda line: line.sources),
        above=cited.fit(page.rules_above, ABOVE, lambda rule: rule[2].sources),
        deployments=cited.fit(page.deployments, DEPLOYMENTS, lambda line: line.sources),
        meetings=page.meetings[:MEETINGS],
        questions=questions[:QUESTIONS],
        more_questions=max(len(questions) - QUESTIONS, 0),
        sources=cited.sources,
    )


def open_questions(page: JurisdictionPage) -> Iterator[str]:
    """What parties say differently, what is late or not looked for, what dates leave open."""
    things = [(line.facts.title, line.disputes) for line in page.policies]
    things += [(f"{technology_label(line.technology)}, {line.agency}", line.disputes) for line in page.deployments]
    for name, disputes in things:
        yield from (f"{name}: {told(dispute)}" for dispute in disputes if dispute.is_contradiction)
    for policy in page.policies:
        for duty in policy.duties:
            if duty.clock.state in (DutyState.OVERDUE, DutyState.NOT_RESEARCHED):
                state = duty.clock.state.label
                yield f"{policy.facts.title}: {duty.kind.label.lower()}, due {partial(duty.due)}. {state}."
    yield from open_stances(page.stances)


def told(dispute: Dispute) -> str:
    """Who says what, and whom the record follows."""
    said = "; ".join(f"{claim.party}: {claim.value}" for claim in dispute.claims)
    followed = f" The record follows {dispute.followed.party}." if dispute.followed else ""
    return f"{words(dispute.field).lower()} is told differently ({said}).{followed}"


def open_stances(stances: Mapping[str, Stance]) -> Iterator[str]:
    """Where nobody looked, and where dates leave open what stands."""
    for code, stance in stances.items():
        if stance.posture is Posture.NOT_RESEARCHED:
            yield f"{technology_label(code)}: nobody has recorded a search for a rule."
        elif not stance.is_certain:
            yield f"{technology_label(code)}: where the place stands is not certain; dates or a sunset leave it open."
