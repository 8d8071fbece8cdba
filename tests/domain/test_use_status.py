"""The use status of a deployment follows from its dated history."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.policy_standing import PolicyFacts, PolicyStep
from oversight.domain.provision import FieldState
from oversight.domain.record import (
    Binds,
    DateCertainty,
    Direction,
    Effect,
    Instrument,
    LegalStatus,
    OperatorKind,
    UseStatus,
)
from oversight.domain.use_status import Setting, StatusChange, under_rules, use_on


def change(status: UseStatus, day: str | None, certainty: DateCertainty | None = None) -> StatusChange:
    return StatusChange(status, day, certainty)


ORLANDO = (change(UseStatus.PILOT, "2017-12-19"), change(UseStatus.TERMINATED, "2018-06-19"))


@pytest.mark.parametrize(
    ("as_of", "status", "is_certain"),
    [
        (date(2017, 12, 18), UseStatus.UNKNOWN, False),
        (date(2017, 12, 19), UseStatus.PILOT, True),
        (date(2018, 6, 18), UseStatus.PILOT, True),
        (date(2018, 6, 19), UseStatus.TERMINATED, True),
        (date(2026, 1, 1), UseStatus.TERMINATED, True),
    ],
)
def test_orlandos_pilot_began_and_ended(as_of: date, status: UseStatus, is_certain: bool) -> None:
    use = use_on("orlando", ORLANDO, as_of)
    assert (use.status, use.is_certain) == (status, is_certain)


def test_the_deciding_step_comes_first_and_the_earlier_ones_follow() -> None:
    use = use_on("orlando", ORLANDO, date(2019, 1, 1))
    assert [(reason.text, reason.key, reason.date) for reason in use.reasons] == [
        ("Ended (2018-06-19)", "orlando", "2018-06-19"),
        ("Before: pilot (2017-12-19)", "orlando", "2017-12-19"),
    ]


def test_before_everything_the_reason_names_the_first_step() -> None:
    assert use_on("orlando", ORLANDO, date(2010, 1, 1)).reasons[0].text == (
        "Nothing is known for 2010-01-01: the first dated step is pilot, 2017-12-19"
    )


def test_within_a_partial_date_the_sure_status_is_given_and_the_other_named() -> None:
    history = (change(UseStatus.IN_USE, "2011"), change(UseStatus.TERMINATED, "2019-04"))
    use = use_on("laser", history, date(2019, 4, 10))
    assert (use.status, use.is_certain) == (UseStatus.IN_USE, False)
    assert use.reasons[1].text == "May already be: ended (2019-04)"


def test_within_the_year_of_the_only_step_it_may_already_be_so() -> None:
    use = use_on("axon", (change(UseStatus.PROPOSED, "2026"),), date(2026, 11, 22))
    assert (use.status, use.is_certain) == (UseStatus.PROPOSED, False)


def test_use_since_an_unknown_day_is_given_as_uncertain() -> None:
    use = use_on("fusion", (change(UseStatus.IN_USE, None),), date(2020, 1, 1))
    assert (use.status, use.is_certain) == (UseStatus.IN_USE, False)
    assert use.reasons[0].text == "In use (date not known)"


def test_an_undated_start_gives_way_to_a_dated_end() -> None:
    history = (change(UseStatus.ACCESS_ONLY, None), change(UseStatus.TERMINATED, "2021-02-12"))
    assert use_on("m", history, date(2021, 2, 11)).status is UseStatus.ACCESS_ONLY
    assert use_on("m", history, date(2021, 2, 12)).status is UseStatus.TERMINATED


def test_an_undated_step_waits_for_the_dated_one_before_it() -> None:
    history = (change(UseStatus.IN_USE, "2016-01-01"), change(UseStatus.PAUSED, None))
    assert use_on("bart", history, date(2015, 1, 1)).status is UseStatus.UNKNOWN
    assert use_on("bart", history, date(2017, 1, 1)).status is UseStatus.PAUSED


def test_an_upper_bound_may_lie_earlier() -> None:
    history = (
        change(UseStatus.PILOT, None),
        change(UseStatus.TERMINATED, "2020-02", DateCertainty.UPPER_BOUND),
    )
    use = use_on("putnam", history, date(2019, 1, 1))
    assert (use.status, use.is_certain) == (UseStatus.PILOT, False)
    assert use.reasons[1].text == "May already be: ended (2020-02, not later than this)"


def test_an_empty_history_is_unknown_with_a_reason() -> None:
    use = use_on("x", (), date(2020, 1, 1))
    assert (use.status, use.reasons[0].text) == (
        UseStatus.UNKNOWN,
        "Nothing is known for 2020-01-01: no step is recorded",
    )


PARTIAL = st.dates(date(1990, 1, 1), date(2030, 12, 31)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}", None])
)
CHANGES = st.builds(StatusChange, st.sampled_from(UseStatus), PARTIAL, st.sampled_from([None, *DateCertainty]))


@given(st.lists(CHANGES, max_size=6), st.dates())
def test_any_history_on_any_day_has_a_status_and_a_reason(history: list[StatusChange], as_of: date) -> None:
    use = use_on("any", history, as_of)
    assert use.reasons
    assert use.status in {UseStatus.UNKNOWN, *(step.status for step in history)}


ORDINANCE = PolicyFacts(
    key="ordinance",
    title="The oversight ordinance",
    instrument=Instrument.OVERSIGHT_ORDINANCE,
    effect=Effect.REQUIRES_PROCESS,
    direction=Direction.TIGHTENS,
    amends_key=None,
    binds=None,
    technologies=frozenset({"surveillance_general"}),
    history=(PolicyStep(LegalStatus.EFFECTIVE, "2019-07-01", None),),
    expires=None,
)
BAN = replace(
    ORDINANCE,
    key="ban",
    title="The ban",
    instrument=Instrument.BAN,
    effect=Effect.PROHIBITS,
    technologies=frozenset({"face_recognition"}),
)
USED = (change(UseStatus.IN_USE, "2018-01-01"), change(UseStatus.TERMINATED, "2024-01-01"))
POLICE_ONLY = frozenset({OperatorKind.POLICE})
FOUND, MISSING, UNKNOWN = FieldState.ANSWERED, FieldState.ABSENT, FieldState.NOT_RESEARCHED


@pytest.mark.parametrize(
    ("policies", "policy_found", "as_of", "status", "words"),
    [
        ([ORDINANCE], MISSING, "2019-06-30", UseStatus.IN_USE, None),
        ([ORDINANCE], MISSING, "2019-07-01", UseStatus.IN_USE_WITHOUT_REQUIRED_POLICY, "none was found for this use"),
        ([ORDINANCE], UNKNOWN, "2019-07-01", UseStatus.IN_USE, "whether there is one is not researched"),
        ([ORDINANCE], FOUND, "2019-07-01", UseStatus.IN_USE, "and one is recorded"),
        ([ORDINANCE], MISSING, "2024-01-01", UseStatus.TERMINATED, None),
        ([], MISSING, "2019-07-01", UseStatus.IN_USE, None),
        ([BAN], UNKNOWN, "2019-07-01", UseStatus.IN_USE, "Recorded although The ban prohibits it"),
        ([replace(BAN, binds=Binds.POLICE)], UNKNOWN, "2019-07-01", UseStatus.IN_USE, "The ban prohibits it"),
        ([replace(BAN, binds=Binds.SCHOOLS)], UNKNOWN, "2019-07-01", UseStatus.IN_USE, None),
        ([replace(BAN, exempts=POLICE_ONLY)], UNKNOWN, "2019-07-01", UseStatus.IN_USE, None),
        ([replace(ORDINANCE, exempts=POLICE_ONLY)], MISSING, "2019-07-01", UseStatus.IN_USE, None),
    ],
)
def test_in_use_without_the_required_policy_needs_a_rule_and_a_finding(
    policies: list[PolicyFacts], policy_found: FieldState, as_of: str, status: UseStatus, words: str | None
) -> None:
    day = date.fromisoformat(as_of)
    setting = Setting(OperatorKind.POLICE, "face_recognition", policy_found)
    use = under_rules(use_on("sf", USED, day), setting, policies, day)
    told = " ".join(reason.text for reason in use.reasons)
    assert use.status is status
    assert words in told if words else "ordinance" not in told and "ban" not in told
