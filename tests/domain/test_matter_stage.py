"""Tests of domain/matter_stage.py: clerks' words for what was done with a matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.matter_stage import MatterStage, stage_of


@pytest.mark.parametrize(
    ("action", "stage"),
    [
        ("Introduced by Council", MatterStage.INTRODUCED),
        ("INTRODUCED AND REFERRED", MatterStage.REFERRED),
        ("Referred to Comm by Council", MatterStage.REFERRED),
        ("Passed at First Reading", MatterStage.FIRST_READING),
        ("Read the first time", MatterStage.FIRST_READING),
        ("Final Passage", MatterStage.SECOND_READING),
        ("2nd Reading - adopted", MatterStage.SECOND_READING),
        ("Hearing Held by Committee", MatterStage.HEARING),
        ("Approved by Committee", MatterStage.COMMITTEE),
        ("Recommended for approval", MatterStage.COMMITTEE),
        ("do pass as amended", MatterStage.COMMITTEE),
        ("Amended by Committee", MatterStage.AMENDED),
        ("Substitute offered", MatterStage.AMENDED),
        ("Laid Over by Committee", MatterStage.CONTINUED),
        ("Held in committee", MatterStage.CONTINUED),
        ("Carried over to the next meeting", MatterStage.CONTINUED),
        ("Continued to a date certain", MatterStage.CONTINUED),
        ("Approved by Council", MatterStage.APPROVED),
        ("ADOPTED", MatterStage.APPROVED),
        ("Approved as Amended", MatterStage.APPROVED),
        ("Passed as amended", MatterStage.APPROVED),
        ("Adopt as amended", MatterStage.APPROVED),
        ("Motion carried", MatterStage.APPROVED),
        ("Authorized", MatterStage.APPROVED),
        ("Not Approved", MatterStage.DENIED),
        ("Failed to pass", MatterStage.DENIED),
        ("Motion to adopt fails", MatterStage.DENIED),
        ("Disapproved", MatterStage.DENIED),
        ("Withdrawn", MatterStage.WITHDRAWN),
        ("Removed from the agenda", MatterStage.WITHDRAWN),
        ("Signed Into Law by Mayor", MatterStage.SIGNED),
        ("Returned Unsigned by Mayor", MatterStage.SIGNED),
        ("Vetoed by Mayor", MatterStage.VETOED),
        ("Contract executed", MatterStage.EXECUTED),
        ("Contract renewed", MatterStage.RENEWED),
        ("Not renewed", MatterStage.ENDED),
        ("Filed (End of Session)", MatterStage.ENDED),
        ("Roll call", MatterStage.OTHER),
        ("", MatterStage.OTHER),
    ],
)
def test_a_clerk_s_words_name_the_stage(action: str, stage: MatterStage) -> None:
    assert stage_of(action) is stage


@pytest.mark.parametrize("outcome", ["Fail", "Failed", "FAILED", "Lost", "Defeated", "Not adopted"])
def test_an_outcome_against_it_decides_over_the_name_of_the_step(outcome: str) -> None:
    assert stage_of("Adopted", outcome) is MatterStage.DENIED
    assert stage_of("First reading", outcome) is MatterStage.DENIED


@pytest.mark.parametrize("outcome", ["Pass", "Passed", "Carried", None, ""])
def test_an_outcome_for_it_leaves_the_step_its_name(outcome: str | None) -> None:
    assert stage_of("Referred to committee", outcome) is MatterStage.REFERRED


def test_an_outcome_names_the_stage_where_the_step_names_none() -> None:
    assert stage_of("Motion", "Pass") is MatterStage.APPROVED
    assert stage_of("Motion", "Fail") is MatterStage.DENIED


@given(st.text(max_size=60), st.none() | st.text(max_size=20))
def test_no_words_raise(action: str, outcome: str | None) -> None:
    assert stage_of(action, outcome) in MatterStage
