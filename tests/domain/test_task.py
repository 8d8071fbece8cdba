"""Tasks follow from facts, and are gone when the facts say what was missing."""

from datetime import date

import pytest

from oversight.domain.duty import DutyFacts, DutyKind
from oversight.domain.outcome_look import Finding
from oversight.domain.policy_standing import PolicyStep
from oversight.domain.provision import FieldState
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.task import (
    Subject,
    contradiction_task,
    effect_task,
    filing_task,
    in_order,
    outcome_task,
    source_task,
)

TODAY = date(2026, 11, 20)
SUBJECT = Subject("policy", "pol", "Surveillance Ordinance", "Seattle")


@pytest.mark.parametrize("found", [one for one in Finding if one is not Finding.RECORDED])
def test_a_meeting_that_is_over_asks_for_its_outcome_and_says_what_is_known(found: Finding) -> None:
    task = outcome_task(SUBJECT, thing="matter-1", body="City Council", day=date(2026, 11, 3), found=found)
    assert task and task.reason.startswith("City Council met on 2026-11-03; ")
    assert found.label[1:] in task.reason


def test_a_recorded_outcome_asks_for_nothing() -> None:
    found = Finding.RECORDED
    assert outcome_task(SUBJECT, thing="matter-1", body=None, day=date(2026, 11, 3), found=found) is None


@pytest.mark.parametrize(
    ("steps", "is_open"),
    [
        ([("introduced", "2020")], False),
        ([("adopted", "2020")], True),
        ([("adopted", "2020"), ("effective", None)], True),
        ([("adopted", "2020"), ("effective", "2021")], False),
        ([("adopted", "2020"), ("repealed", "2022")], False),
        ([("effective", "2021")], False),
    ],
)
def test_an_adopted_policy_asks_for_its_day_of_effect(steps: list[tuple[str, str | None]], is_open: bool) -> None:
    history = [PolicyStep(LegalStatus(status), day, None) for status, day in steps]
    assert (effect_task(SUBJECT, history) is not None) is is_open


@pytest.mark.parametrize(
    ("due", "filed", "filing", "is_open"),
    [
        ("2026-03-01", None, FieldState.NOT_RESEARCHED, True),
        ("2026-03-01", None, FieldState.ABSENT, False),
        ("2026-03-01", "2026-02", FieldState.ANSWERED, False),
        ("2027-03-01", None, FieldState.NOT_RESEARCHED, False),
        (None, None, FieldState.NOT_RESEARCHED, False),
    ],
)
def test_a_duty_whose_day_passed_asks_whether_it_was_filed(
    due: str | None, filed: str | None, filing: FieldState, is_open: bool
) -> None:
    facts = DutyFacts(due, filed, filing)
    assert (filing_task(SUBJECT, DutyKind.ANNUAL_REPORT, facts, TODAY) is not None) is is_open


@pytest.mark.parametrize(
    ("status", "newest", "is_open"),
    [
        (UseStatus.IN_USE, "2019", True),
        (UseStatus.IN_USE, None, True),
        (UseStatus.PILOT, "2024-01-31", True),
        (UseStatus.IN_USE, "2025-06", False),
        (UseStatus.TERMINATED, "2019", False),
    ],
)
def test_a_use_asks_for_a_source_of_the_last_two_years(status: UseStatus, newest: str | None, is_open: bool) -> None:
    assert (source_task(SUBJECT, status, newest, TODAY) is not None) is is_open


def test_a_contradiction_asks_until_an_editor_follows_one() -> None:
    asked = [
        contradiction_task(SUBJECT, "is_live", values=values, is_followed=is_followed)
        for values, is_followed in ((1, False), (2, True), (2, False))
    ]
    assert [task is not None for task in asked] == [False, False, True]


def test_what_has_waited_longest_comes_first() -> None:
    found = [source_task(SUBJECT, UseStatus.IN_USE, newest, TODAY) for newest in (None, "2021", "2019")]
    assert [task.since for task in in_order([None, *found])] == ["2019", "2021", None]
