"""Tests of domain/adoption.py: what needs a government's document that says the body voted, and what is one."""

import pytest

from oversight.domain.adoption import newly_approved, vote_source
from oversight.domain.record import EvidenceTier, LegalStatus, UseStatus

NEED = {"adopted", "effective", "amended", "repealed", "approved_not_deployed"}


def step(status: str, date: str | None = "2020") -> dict[str, str | None]:
    return {"status": status, "date": date, "certainty": None}


@pytest.mark.parametrize("status", [*LegalStatus, *UseStatus])
def test_a_new_step_needs_a_vote_where_a_body_approves(status: str) -> None:
    assert newly_approved([], [step(status)]) == ([0] if status in NEED else [])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([step("adopted")], [step("adopted")], []),
        ([step("adopted")], [step("introduced"), step("adopted")], []),
        ([step("introduced")], [step("introduced"), step("adopted")], [1]),
        ([step("adopted", "2019")], [step("adopted", "2020")], [0]),
        ([step("adopted", None)], [step("adopted", "2020"), step("effective", "2021")], [0]),
        ([step("adopted")], [step("adopted"), step("effective", "2021")], []),
        ([step("introduced")], [step("introduced"), step("effective", "2021")], [1]),
        ([step("adopted")], [step("adopted") | {"certainty": "stated"}], []),
        ([step("adopted")], [], []),
    ],
)
def test_only_what_is_new_needs_it(before: list, after: list, expected: list[int]) -> None:
    assert newly_approved(before, after) == expected


@pytest.mark.parametrize(
    ("tiers", "says_vote", "expected"),
    [
        ({"a": EvidenceTier.T1}, True, "a"),
        ({"a": EvidenceTier.T2}, True, "a"),
        ({"a": EvidenceTier.T2}, False, None),
        ({"a": EvidenceTier.T3}, True, None),
        ({"a": EvidenceTier.T4}, True, None),
        ({"a": EvidenceTier.T5}, True, None),
        ({"a": None}, True, None),
        ({"a": EvidenceTier.T4, "b": EvidenceTier.T1}, True, "b"),
        ({}, True, None),
    ],
)
def test_only_a_governments_document_that_says_so_proves_a_vote(
    tiers: dict, says_vote: bool, expected: str | None
) -> None:
    assert vote_source(tiers, says_vote=says_vote) == expected
