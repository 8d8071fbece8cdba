"""How many bans came, were taken back and stood, year by year, from dated policies alone."""

from dataclasses import replace
from datetime import date

from oversight.domain.policy_standing import PolicyFacts
from oversight.domain.record import Instrument
from oversight.domain.tides import tides
from tests.domain.test_posture import BAN, ROLLBACK, RULES, steps

DAY = date(2023, 6, 1)


def told(*policies: PolicyFacts, as_of: date = DAY) -> list[tuple[int, int, int, int]]:
    """Year, came, went, stood."""
    return [(one.year, len(one.came), len(one.went), one.standing) for one in tides(policies, as_of)]


def ban(key: str, *history: tuple[str, str | None], **changes: object) -> PolicyFacts:
    return replace(BAN, key=key, history=steps(*history), **changes)


def test_a_ban_comes_stands_and_is_loosened() -> None:
    assert told(BAN, ROLLBACK) == [(2020, 1, 0, 1), (2021, 0, 0, 1), (2022, 0, 1, 0), (2023, 0, 0, 0)]


def test_an_exception_takes_a_ban_back_in_part_and_leaves_it_standing() -> None:
    exception = replace(ROLLBACK, effect=RULES.effect)
    assert told(BAN, exception)[-2:] == [(2022, 0, 1, 1), (2023, 0, 0, 1)]


def test_a_moratorium_that_expired_went() -> None:
    short = ban("short", ("adopted", "2021-03"), ("expired", "2022-12-31"), instrument=Instrument.MORATORIUM)
    assert told(short) == [(2021, 1, 0, 1), (2022, 0, 1, 0), (2023, 0, 0, 0)]


def test_a_sunset_with_no_word_since_is_no_standing_ban() -> None:
    found = tides([ban("open", ("adopted", "2022"), expires="2022-12-31")], DAY)
    assert found[0].went[0].words == "sunset passed 2022-12-31, extension not known"
    assert found[-1].standing == 0


def test_what_was_vetoed_or_is_only_proposed_never_came() -> None:
    vetoed = ban("vetoed", ("adopted", "2021"), ("vetoed", None))
    assert told(vetoed, ban("pending", ("introduced", "2022"))) == []


def test_nothing_is_told_of_later_days() -> None:
    assert told(BAN, ROLLBACK, as_of=date(2021, 6, 1)) == [(2020, 1, 0, 1), (2021, 0, 0, 1)]


def test_rules_that_forbid_nothing_are_not_counted() -> None:
    assert told(RULES) == []
