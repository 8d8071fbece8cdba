"""Lanes: what held from when to when, with partial and missing dates."""

from datetime import date

import pytest

from oversight.domain.lanes import Lane, Manner, Step, Stretch, lane_of, policy_steps
from oversight.domain.policy_standing import Force, PolicyFacts, PolicyStep, standing
from oversight.domain.record import Direction, Instrument, LegalStatus

TODAY = date(2026, 1, 1)


def lane(*steps: tuple[str | None, Manner | None]) -> Lane:
    return lane_of([Step("a step", day, manner) for day, manner in steps], TODAY)


def policy(*history: PolicyStep, expires: str | None = None) -> PolicyFacts:
    return PolicyFacts(
        key="pol",
        title="A rule",
        instrument=Instrument.BAN,
        effect=None,
        direction=Direction.TIGHTENS,
        amends_key=None,
        binds=None,
        technologies=frozenset(),
        history=history,
        expires=expires,
    )


def test_each_step_holds_until_the_next_and_the_last_until_today() -> None:
    found = lane(("2020-05-01", Manner.PENDING), ("2021", Manner.HOLDS))
    assert found.stretches == (
        Stretch(Manner.PENDING, date(2020, 5, 1), date(2021, 1, 1)),
        Stretch(Manner.HOLDS, date(2021, 1, 1), TODAY),
    )


def test_nothing_holds_after_an_end() -> None:
    assert [one.last for one in lane(("2020", Manner.HOLDS), ("2022-03", None)).stretches] == [date(2022, 3, 1)]


def test_a_step_without_a_date_follows_at_once_and_is_no_mark() -> None:
    found = lane(("2020-12-17", Manner.PENDING), (None, Manner.HOLDS))
    assert found.stretches == (Stretch(Manner.HOLDS, date(2020, 12, 17), TODAY),)
    assert len(found.marks) == 1


def test_a_step_known_to_the_year_begins_no_sooner_than_the_one_behind_it() -> None:
    found = lane(("2015-01", Manner.PENDING), ("2015-06", Manner.COMING), ("2015", Manner.HOLDS))
    assert found.stretches == (
        Stretch(Manner.PENDING, date(2015, 1, 1), date(2015, 6, 1)),
        Stretch(Manner.HOLDS, date(2015, 6, 1), TODAY),
    )


def test_what_is_still_to_come_is_a_mark_and_holds_nothing() -> None:
    found = lane(("2027-01-01", Manner.HOLDS))
    assert (found.stretches, len(found.marks)) == ((), 1)


def test_a_passed_sunset_leaves_open_what_holds() -> None:
    steps = [*policy_steps(policy(PolicyStep(LegalStatus.ADOPTED, "2020-01-01", None), expires="2024-07-01"))]
    assert [one.manner for one in lane_of(steps, TODAY).stretches] == [Manner.HOLDS, Manner.OPEN]


def test_a_rule_that_was_repealed_has_no_open_sunset() -> None:
    history = (
        PolicyStep(LegalStatus.ADOPTED, "2020-01-01", None),
        PolicyStep(LegalStatus.REPEALED, "2022-01-01", None),
    )
    assert [step.label for step in policy_steps(policy(*history, expires="2024-07-01"))] == ["Adopted", "Repealed"]


def test_an_adopted_rule_is_not_in_force_before_its_day() -> None:
    facts = policy(
        PolicyStep(LegalStatus.ADOPTED, "2020-01-10", None), PolicyStep(LegalStatus.EFFECTIVE, "2021-07-01", None)
    )
    assert standing(facts, date(2020, 6, 1), is_early=False).force is Force.COMING
    found = lane_of([*policy_steps(facts)], TODAY)
    assert found.stretches == (
        Stretch(Manner.COMING, date(2020, 1, 10), date(2021, 7, 1)),
        Stretch(Manner.HOLDS, date(2021, 7, 1), TODAY),
    )
    assert [mark.label for mark in found.marks] == ["Adopted (not yet in force)", "In force"]


@pytest.mark.parametrize("effective", [None, "2020-01-10"])
def test_a_rule_without_a_later_day_of_effect_counts_from_its_adoption(effective: str | None) -> None:
    facts = policy(
        PolicyStep(LegalStatus.ADOPTED, "2020-01-10", None), PolicyStep(LegalStatus.EFFECTIVE, effective, None)
    )
    assert {step.manner for step in policy_steps(facts)} == {Manner.HOLDS}
    assert "Adopted" in [step.label for step in policy_steps(facts)]
