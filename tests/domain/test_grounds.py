"""Tests of domain/grounds.py: what a recorded approval rests on, on any day."""

from datetime import date

import pytest

from oversight.domain.grounds import Basis, Cited, grounds
from oversight.domain.policy_standing import PolicyStep
from oversight.domain.record import EvidenceTier, LegalStatus

NONE = "no government document cited"
TODAY = date(2026, 1, 1)
LAW, FILE = Cited(EvidenceTier.T1, "2019-07-20"), Cited(EvidenceTier.T2, "2019-03")
AGENCY, PAPER, ACLU = Cited(EvidenceTier.T3, None), Cited(EvidenceTier.T4, "2019-07-17"), Cited(None, None)


def steps(*told: tuple[str, str | None]) -> list[PolicyStep]:
    return [PolicyStep(LegalStatus(status), day, None) for status, day in told]


ADOPTED = steps(("introduced", "2019-03-01"), ("adopted", "2019-07-16"), ("effective", None))


@pytest.mark.parametrize(
    ("cited", "basis", "words"),
    [
        ([LAW, PAPER], Basis.GOVERNMENT, "adopted; a government document is cited"),
        ([PAPER], Basis.PRESS, "adopted, by press reports; no government document cited"),
        ([PAPER, AGENCY], Basis.STATEMENTS, f"adopted, by statements of the agency or the vendor; {NONE}"),
        ([ACLU], Basis.UNRATED, "adopted, by sources whose kind is not rated; no government document cited"),
        ([PAPER, FILE], Basis.PRESS, "adopted, by press reports; the government documents cited are older"),
        ([Cited(EvidenceTier.T2, "2019")], Basis.GOVERNMENT, "adopted; a government document is cited"),
        ([Cited(EvidenceTier.T1, None)], Basis.GOVERNMENT, "adopted; a government document is cited"),
    ],
)  # fmt: skip
def test_the_best_that_is_cited_counts(cited: list[Cited], basis: Basis, words: str) -> None:
    found = grounds(ADOPTED, cited, TODAY)
    assert found is not None
    assert (found.basis, found.text, found.is_doubtful) == (basis, words, basis is not Basis.GOVERNMENT)


def test_before_anything_was_approved_there_is_nothing_to_prove() -> None:
    assert grounds(ADOPTED, [PAPER], date(2019, 7, 15)) is None
    assert grounds(steps(("introduced", "2019"), ("failed", "2020")), [PAPER], TODAY) is None


def test_each_approval_needs_a_document_of_its_own() -> None:
    history = [*ADOPTED, *steps(("amended", "2021-05-04"))]
    assert grounds(history, [LAW, PAPER], date(2020, 1, 1)).basis is Basis.GOVERNMENT  # type: ignore[union-attr]
    found = grounds(history, [LAW, PAPER], TODAY)
    assert found is not None
    assert found.text == "amended, by press reports; the government documents cited are older"


def test_a_day_that_is_not_known_is_not_before_the_step_before_it() -> None:
    history = steps(("first_reading", "2019-07-16"), ("adopted", None))
    assert grounds(history, [FILE], TODAY).is_doubtful  # type: ignore[union-attr]
    assert not grounds(history, [LAW], TODAY).is_doubtful  # type: ignore[union-attr]


def test_being_in_force_says_it_only_where_no_adoption_is_recorded() -> None:
    assert grounds(steps(("effective", "2020-01-01")), [PAPER], TODAY).text.startswith("in force, by press")  # type: ignore[union-attr]
