"""Bans and moratoria over the years: how many came, which were taken back, and how many stood."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.domain.contribution import SETTING_ASIDE
from oversight.domain.partial_date import span_of
from oversight.domain.policy_standing import FORCES, Force, PolicyFacts, standing
from oversight.domain.record import Direction, Effect, Instrument

FORBIDDING = (Instrument.BAN, Instrument.MORATORIUM)
ENDING = (Force.EXPIRED, Force.REPEALED, Force.SUSPENDED, Force.DISPLACED)


@dataclass(frozen=True)
class Turn:
    """What happened to a ban: its date (partial), the ban, and the words."""

    date: str
    policy: PolicyFacts
    words: str


@dataclass(frozen=True)
class Year:
    """One year. `standing` are those in force at its end, or on the day asked about."""

    year: int
    came: tuple[Turn, ...]
    went: tuple[Turn, ...]
    standing: int


def tides(policies: Sequence[PolicyFacts], as_of: date) -> list[Year]:
    """Every year from the first ban to the day asked about."""
    bans = [one for one in policies if one.instrument in FORBIDDING and one.direction is Direction.TIGHTENS]
    came = [turn for ban in bans for turn in arrival(ban) if has_come(turn, as_of)]
    went = [turn for ban in bans for turn in retreats(ban, policies, as_of) if has_come(turn, as_of)]
    if not came:
        return []
    replacing = {ban.key: [one for one in policies if one.amends_key == ban.key and takes_place(one)] for ban in bans}
    years = range(min(span_of(turn.date).first.year for turn in came), as_of.year + 1)
    return [
        Year(
            year,
            came=in_year(came, year),
            went=in_year(went, year),
            standing=sum(stands(ban, replacing[ban.key], min(date(year, 12, 31), as_of)) for ban in bans),
        )
        for year in years
    ]


def arrival(ban: PolicyFacts) -> Iterator[Turn]:
    """When it was adopted, or came into force where no adoption is dated; never for what was vetoed or failed."""
    if any(FORCES[step.status] is Force.NEVER for step in ban.history):
        return
    for step in ban.history:
        if FORCES[step.status] is Force.IN_FORCE and step.date:
            yield Turn(step.date, ban, f"{step.status.label.lower()} {step.date}")
            return


def retreats(ban: PolicyFacts, policies: Iterable[PolicyFacts], as_of: date) -> Iterator[Turn]:
    """Its ends and suspensions, a sunset that passed with no word since, and what loosened it."""
    for step in ban.history:
        if FORCES[step.status] in ENDING and step.date:
            yield Turn(step.date, ban, f"{step.status.label.lower()} {step.date}")
    if standing(ban, as_of, is_early=False).force is Force.SUNSET_PASSED and ban.expires:
        yield Turn(ban.expires, ban, f"sunset passed {ban.expires}, extension not known")
    for other in policies:
        if other.amends_key == ban.key and other.direction is Direction.LOOSENS:
            yield from (Turn(one.date, ban, f"loosened {one.date} by {other.title}") for one in arrival(other))


def takes_place(policy: PolicyFacts) -> bool:
    """Whether it loosens so that what it amends does not stand any more."""
    return policy.direction is Direction.LOOSENS and (policy.repeals or policy.effect is Effect.AUTHORISES)


def stands(ban: PolicyFacts, replacing: Iterable[PolicyFacts], day: date) -> bool:
    """Whether it was in force on that day and none of those had taken its place."""
    if standing(ban, day, is_early=False).force is not Force.IN_FORCE:
        return False
    return not any(standing(other, day, is_early=False).force in SETTING_ASIDE for other in replacing)


def has_come(turn: Turn, as_of: date) -> bool:
    """Whether it may have happened by that day."""
    return span_of(turn.date).first <= as_of


def in_year(turns: Iterable[Turn], year: int) -> tuple[Turn, ...]:
    """The turns of one year, in their order."""
    found = [turn for turn in turns if span_of(turn.date).first.year == year]
    return tuple(sorted(found, key=lambda turn: (turn.date, turn.policy.key)))
