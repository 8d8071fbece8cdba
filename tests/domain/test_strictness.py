"""Which provision is the strictest, for each code of the vocabulary, and when none can be said to be."""

import pytest

from oversight.domain.provision import FieldState, ProvisionCode, Unit
from oversight.domain.strictness import Provision, strictest

BINDING = [
    *("approval_to_seek_funds", "approval_to_acquire", "approval_for_new_use", "approval_to_share", "impact_report"),
    *("use_policy", "public_hearing", "comment_period", "oversight_body", "annual_report", "inventory"),
    *("independent_audit", "retention_limit", "sharing_limit", "access_limit", "nda_ban"),
    *("existing_technology_deadline", "private_right_of_action", "attorney_fees", "evidence_suppression"),
    *("discipline_or_criminal_penalty", "whistleblower_protection", "immigration_bar", "protest_bar", "fr_warrant"),
    *("fr_crime_severity", "fr_lead_only", "fr_human_review", "fr_no_live", "fr_no_mobile", "fr_accuracy_threshold"),
    "fr_disclosure_to_defence",
]
FREEING = ["exigent_use", "pilot_carveout", "excluded_technology"]
NEITHER = ["fr_private_use"]


def provision(code: str, state: str = "answered", amount: float | None = None, unit: str | None = None) -> Provision:
    given = Unit(unit) if unit else None
    return Provision(ProvisionCode(code), FieldState(state), "words", amount, given, None, "a-policy", None)


def lead(code: str, *compared: Provision | None) -> set[int] | None:
    """The places of the strictest; a place where nobody looked is None."""
    found = strictest(ProvisionCode(code), [[one] if one else [] for one in compared])
    return set(found.places) if found else None


def test_every_code_is_in_the_table() -> None:
    assert sorted([*BINDING, *FREEING, *NEITHER]) == sorted(code.value for code in ProvisionCode)


@pytest.mark.parametrize("code", BINDING)
def test_to_have_a_demand_is_stricter_than_not_to_have_it(code: str) -> None:
    assert lead(code, provision(code, "absent"), provision(code), None) == {1}


@pytest.mark.parametrize("code", FREEING)
def test_to_have_no_exception_is_stricter_than_to_have_it(code: str) -> None:
    assert lead(code, provision(code, "absent"), provision(code), None) == {0}


@pytest.mark.parametrize("code", NEITHER)
def test_a_provision_that_may_demand_or_allow_is_not_ranked(code: str) -> None:
    assert lead(code, provision(code, "absent"), provision(code)) is None


@pytest.mark.parametrize(
    ("code", "one", "other", "expected"),
    [
        ("retention_limit", (30, "days"), (1, "years"), {0}),
        ("retention_limit", (6, "months"), (90, "days"), {1}),
        ("existing_technology_deadline", (1, "years"), (3, "years"), {0}),
        ("exigent_use", (30, "days"), (90, "days"), {0}),
        ("comment_period", (45, "days"), (2, "months"), {1}),
        ("fr_accuracy_threshold", (98, "per_cent"), (90, "per_cent"), {0}),
        ("comment_period", (45, "days"), (45, "days"), None),
        ("comment_period", (45, "days"), (10, "per_cent"), None),
        ("comment_period", (45, "days"), (None, None), None),
        ("pilot_carveout", (15, "days"), (6, "months"), None),
        ("annual_report", (1, "years"), (6, "months"), None),
    ],
)
def test_figures_rank_only_where_they_count_the_same_thing(code: str, one: tuple, other: tuple, expected: set) -> None:
    assert lead(code, provision(code, "answered", *one), provision(code, "answered", *other)) == expected


@pytest.mark.parametrize("state", ["redacted", "present_but_empty", "not_researched"])
def test_what_does_not_tell_is_not_ranked(state: str) -> None:
    assert lead("nda_ban", provision("nda_ban"), provision("nda_ban", state)) is None


def test_words_alone_are_never_ranked() -> None:
    assert lead("nda_ban", provision("nda_ban"), provision("nda_ban")) is None


def test_the_reason_says_of_how_many_nothing_is_known() -> None:
    found = strictest(ProvisionCode.NDA_BAN, [[provision("nda_ban")], [provision("nda_ban", "absent")], []])
    assert found is not None
    assert found.reason.endswith("1 of 3 not known")


def test_of_two_laws_of_one_place_the_stricter_counts() -> None:
    ours = [provision("comment_period", "answered", 10, "days"), provision("comment_period", "answered", 60, "days")]
    theirs = [provision("comment_period", "answered", 45, "days")]
    found = strictest(ProvisionCode.COMMENT_PERIOD, [ours, theirs])
    assert found is not None
    assert found.places == {0}
