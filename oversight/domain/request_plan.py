"""The plan of requests: how much the feeds of a site ask of it, and how much politeness allows (SAFETY B10)."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from oversight.domain.schedule import MAXIMUM_MINUTES, MINIMUM_MINUTES

# An estimate, for what a calendar leads to cannot be known before it is read: a council lists twelve meetings from a
# week back to a month ahead. Each is asked for once a night, and four times more when its row changes or its day comes.
MEETINGS_IN_SIGHT, DAYS_IN_SIGHT, QUESTIONS_A_MEETING = 12, 37, 5
AGENDAS_A_DAY = MEETINGS_IN_SIGHT + MEETINGS_IN_SIGHT * QUESTIONS_A_MEETING / DAYS_IN_SIGHT


@dataclass(frozen=True)
class Asking:
    """What one feed asks of one site: so many questions each poll, and perhaps agendas besides."""

    feed: str
    site: str
    every_minutes: int
    questions: int
    has_agendas: bool


@dataclass(frozen=True)
class Pace:
    """Politeness: the pause after each answer, and how many requests a site gets at a time."""

    gap_seconds: float
    connections: int

    @property
    def most_an_hour(self) -> float:
        """How many requests a site gets in an hour, if it answers at once."""
        return 3600 * self.connections / self.gap_seconds if self.gap_seconds > 0 else math.inf


@dataclass(frozen=True)
class SitePlan:
    """All that is asked of one site: all tenants of a platform's host share its budget.

    `shortest_minutes` is the least interval that all its feeds could have together; None where even a day is too short.
    """

    site: str
    feeds: int
    questions_an_hour: float
    agendas_an_hour: float
    round_seconds: float
    shortest_minutes: int | None
    most_an_hour: float

    @property
    def is_too_much(self) -> bool:
        """Whether the feeds' intervals ask for more than politeness allows."""
        return self.questions_an_hour + self.agendas_an_hour > self.most_an_hour


def request_plan(askings: Iterable[Asking], pace: Pace) -> list[SitePlan]:
    """The plan of every site, the most asked first."""
    by_site: defaultdict[str, list[Asking]] = defaultdict(list)
    for asking in askings:
        by_site[asking.site].append(asking)
    plans = [_plan(site, asked, pace) for site, asked in by_site.items()]
    return sorted(plans, key=lambda plan: (-plan.questions_an_hour, plan.site))


def _plan(site: str, askings: list[Asking], pace: Pace) -> SitePlan:
    questions = sum(asking.questions for asking in askings)
    agendas = len({asking.feed for asking in askings if asking.has_agendas}) * AGENDAS_A_DAY / 24
    return SitePlan(
        site=site,
        feeds=len({asking.feed for asking in askings}),
        questions_an_hour=sum(asking.questions * 60 / asking.every_minutes for asking in askings),
        agendas_an_hour=agendas,
        round_seconds=questions * pace.gap_seconds / pace.connections,
        shortest_minutes=_shortest(questions, pace.most_an_hour - agendas),
        most_an_hour=pace.most_an_hour,
    )


def _shortest(questions: int, left_an_hour: float) -> int | None:
    """The least interval, in minutes, at which so many questions fit into what the agendas leave."""
    if left_an_hour <= 0:
        return None
    minutes = max(MINIMUM_MINUTES, math.ceil(questions * 60 / left_an_hour))
    return minutes if minutes <= MAXIMUM_MINUTES else None
