"""The posture of a jurisdiction follows from its dated policies, with reasons."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.policy_standing import PolicyFacts, PolicyStep
from oversight.domain.posture import Stance, stance
from oversight.domain.record import Binds, DateCertainty, Direction, Effect, Instrument, LegalStatus, Posture

FACE, ALPR, DRONES, CAMERAS, GENERAL = "face_recognition", "alpr", "drones", "camera_network", "surveillance_general"
TODAY = date(2026, 11, 22)


def steps(*given: tuple[str, str | None]) -> tuple[PolicyStep, ...]:
    return tuple(PolicyStep(LegalStatus(status), day, None) for status, day in given)


BAN = PolicyFacts(
    key="ban",
    title="The ban",
    instrument=Instrument.BAN,
    effect=Effect.PROHIBITS,
    direction=Direction.TIGHTENS,
    amends_key=None,
    binds=None,
    technologies=frozenset({FACE}),
    history=steps(("adopted", "2020-12-17"), ("effective", None)),
    expires=None,
)
OVERSIGHT = replace(
    BAN,
    key="oversight",
    title="The oversight ordinance",
    instrument=Instrument.OVERSIGHT_ORDINANCE,
    effect=Effect.REQUIRES_PROCESS,
    technologies=frozenset({GENERAL}),
    history=steps(("adopted", "2018-05-15"), ("effective", None)),
)
RULES = replace(
    BAN,
    key="rules",
    title="The rules",
    instrument=Instrument.USE_POLICY,
    effect=Effect.CONDITIONALLY_PERMITS,
    history=steps(("adopted", "2022-08-04"), ("effective", None)),
)
ROLLBACK = replace(
    BAN,
    key="rollback",
    title="The rollback",
    instrument=Instrument.LOCAL_LAW,
    effect=Effect.AUTHORISES,
    direction=Direction.LOOSENS,
    amends_key="ban",
    history=steps(("adopted", "2022-07-21")),
)
PROPOSAL = replace(ROLLBACK, key="proposal", amends_key=None, history=steps(("introduced", "2025")))
NEW_ORLEANS = (
    replace(
        BAN,
        technologies=frozenset({FACE, "predictive_policing"}),
        history=steps(("adopted", "2020-12-17"), ("effective", None), ("amended", "2022-07-21")),
    ),
    ROLLBACK,
    RULES,
    PROPOSAL,
)


def texts(found: Stance) -> str:
    return "\n".join(reason.text for reason in found.reasons)


@pytest.mark.parametrize(
    ("as_of", "posture", "was_loosened"),
    [
        (date(2020, 12, 16), Posture.NOT_RESEARCHED, False),
        (date(2020, 12, 17), Posture.BANNED, False),
        (date(2022, 7, 20), Posture.BANNED, False),
        (date(2022, 7, 21), Posture.ROLLED_BACK, True),
        (date(2022, 8, 3), Posture.ROLLED_BACK, True),
        (date(2022, 8, 4), Posture.RESTRICTED, True),
        (TODAY, Posture.RESTRICTED, True),
    ],
)
def test_new_orleans_bans_rolls_back_and_sets_guardrails(as_of: date, posture: Posture, was_loosened: bool) -> None:
    found = stance(FACE, NEW_ORLEANS, as_of)
    assert (found.posture, found.was_loosened, found.is_certain) == (posture, was_loosened, True)


def test_a_partial_repeal_leaves_the_rest_of_the_ban() -> None:
    assert stance("predictive_policing", NEW_ORLEANS, TODAY).posture is Posture.BANNED


def test_every_policy_gives_its_reason_the_deciding_one_first() -> None:
    found = stance(FACE, NEW_ORLEANS, TODAY)
    assert [reason.key for reason in found.reasons] == ["rules", "ban", "rollback", "proposal"]
    assert "set aside for this technology by The rollback" in found.reasons[1].text
    assert "introduced 2025, not adopted by then, so without effect" in found.reasons[3].text


SAN_FRANCISCO = (
    replace(
        BAN,
        technologies=frozenset({FACE, GENERAL}),
        history=steps(("adopted", "2019-05-21"), ("effective", "2019-07-01"), ("amended", "2019-07-15")),
    ),
    replace(
        ROLLBACK,
        technologies=frozenset({DRONES, CAMERAS, GENERAL}),
        history=steps(("adopted", "2024-03-05")),
    ),
)


@pytest.mark.parametrize(
    ("technology", "posture"),
    [
        (FACE, Posture.BANNED),
        (ALPR, Posture.PROCESS_REQUIRED),
        (GENERAL, Posture.PROCESS_REQUIRED),
        (DRONES, Posture.ROLLED_BACK),
        (CAMERAS, Posture.ROLLED_BACK),
    ],
)
def test_san_francisco_bans_faces_only_and_frees_what_voters_named(technology: str, posture: Posture) -> None:
    assert stance(technology, SAN_FRANCISCO, TODAY).posture is posture


def test_adopted_and_not_yet_effective_has_no_force() -> None:
    found = stance(FACE, SAN_FRANCISCO, date(2019, 6, 1))
    assert found.posture is Posture.NOT_RESEARCHED
    assert "adopted 2019-05-21, in force only from 2019-07-01" in texts(found)


SAN_DIEGO = (
    replace(OVERSIGHT, history=steps(("introduced", "2020-11-10"), ("adopted", "2022-08"), ("effective", None))),
    replace(
        ROLLBACK,
        amends_key="oversight",
        technologies=frozenset({GENERAL, CAMERAS, "data_fusion"}),
        history=steps(("adopted", "2024-01-23")),
    ),
)


@pytest.mark.parametrize(
    ("technology", "posture"),
    [
        (CAMERAS, Posture.ROLLED_BACK),
        ("data_fusion", Posture.ROLLED_BACK),
        (ALPR, Posture.PROCESS_REQUIRED),
        (GENERAL, Posture.PROCESS_REQUIRED),
    ],
)
def test_san_diego_exempts_some_and_keeps_the_process_for_the_rest(technology: str, posture: Posture) -> None:
    assert stance(technology, SAN_DIEGO, TODAY).posture is posture


def test_within_the_month_of_adoption_the_weaker_answer_is_given() -> None:
    found = stance(ALPR, SAN_DIEGO, date(2022, 8, 15))
    assert (found.posture, found.is_certain) == (Posture.NOT_RESEARCHED, False)
    assert "Not certain: not researched or approval required; the weaker is given" in texts(found)


def test_orlandos_failed_policy_gives_a_reason_and_no_posture() -> None:
    failed = replace(RULES, history=steps(("introduced", "2018-10"), ("failed", None)))
    found = stance(FACE, [failed], TODAY)
    assert found.posture is Posture.NOT_RESEARCHED
    assert "so it never had effect" in texts(found)


@pytest.mark.parametrize("status", ["vetoed", "failed", "introduced", "proposed", "in_committee", "first_reading"])
def test_what_was_never_adopted_has_no_force(status: str) -> None:
    never = replace(BAN, history=steps(("introduced", "2020-01-01"), (status, "2020-02-01")))
    assert stance(FACE, [never], TODAY).posture is Posture.NOT_RESEARCHED


def test_a_veto_after_adoption_ends_it_and_an_override_revives_it() -> None:
    history = steps(("adopted", "2017-12-07"), ("vetoed", "2017-12-18"), ("adopted", "2018-01-10"))
    northampton = replace(BAN, history=history)
    assert stance(FACE, [northampton], date(2017, 12, 20)).posture is Posture.NOT_RESEARCHED
    assert stance(FACE, [northampton], date(2018, 1, 10)).posture is Posture.BANNED


VIRGINIA = (
    replace(BAN, binds=Binds.POLICE, history=steps(("adopted", "2021-04-07"), ("effective", "2021-07-01"))),
    replace(ROLLBACK, history=steps(("adopted", "2022-04-27"), ("effective", "2022-07-01")), expires="2026-07-01"),
)


@pytest.mark.parametrize(
    ("as_of", "posture", "is_certain"),
    [
        (date(2021, 6, 30), Posture.NOT_RESEARCHED, True),
        (date(2021, 7, 1), Posture.BANNED, True),
        (date(2022, 6, 30), Posture.BANNED, True),
        (date(2022, 7, 1), Posture.ROLLED_BACK, True),
        (date(2026, 6, 30), Posture.ROLLED_BACK, True),
        (date(2026, 7, 1), Posture.SUNSET_PASSED, False),
    ],
)
def test_virginia_reopens_and_its_sunset_is_left_open(as_of: date, posture: Posture, is_certain: bool) -> None:
    found = stance(FACE, VIRGINIA, as_of)
    assert (found.posture, found.is_certain) == (posture, is_certain)


def test_virginias_doubt_names_both_answers() -> None:
    words = texts(stance(FACE, VIRGINIA, TODAY))
    assert "rolled back if it was prolonged, banned if it was not" in words
    assert "sunset passed 2026-07-01, extension not known" in words
    assert "set aside for this technology by The rollback, whose sunset passed 2026-07-01" in words


def test_what_replaces_a_ban_with_conditions_restricts_and_loosens() -> None:
    replacing = replace(VIRGINIA[1], effect=Effect.CONDITIONALLY_PERMITS, repeals=True)
    found = stance(FACE, (VIRGINIA[0], replacing), date(2024, 1, 1))
    assert (found.posture, found.was_loosened, found.is_certain) == (Posture.RESTRICTED, True, True)
    exception = replace(replacing, repeals=False)
    assert stance(FACE, (VIRGINIA[0], exception), date(2024, 1, 1)).posture is Posture.BANNED


def test_a_sunset_beside_a_stronger_rule_changes_nothing() -> None:
    ending = replace(RULES, expires="2023-01-01")
    found = stance(FACE, [BAN, ending], TODAY)
    assert (found.posture, found.is_certain) == (Posture.BANNED, True)
    assert "sunset passed 2023-01-01, extension not known" in texts(found)


def test_within_the_year_of_a_sunset_the_weaker_answer_is_given() -> None:
    found = stance(FACE, [replace(RULES, expires="2026")], TODAY)
    assert (found.posture, found.is_certain) == (Posture.NOT_RESEARCHED, False)


MORATORIUM = replace(BAN, key="pause", title="The pause", instrument=Instrument.MORATORIUM)


def test_a_moratorium_counts_until_it_expires() -> None:
    history = steps(("adopted", "2021-06-14"), ("effective", "2021-09-08"), ("expired", "2022-12-31"))
    baltimore = replace(MORATORIUM, binds=Binds.PUBLIC_AND_PRIVATE, history=history)
    assert stance(FACE, [baltimore], date(2022, 12, 30)).posture is Posture.MORATORIUM
    after = stance(FACE, [baltimore], date(2022, 12, 31))
    assert (after.posture, after.was_loosened) == (Posture.NOT_RESEARCHED, False)
    assert "expired 2022-12-31" in texts(after)


def test_a_moratorium_past_the_end_its_text_sets_is_not_claimed() -> None:
    found = stance(FACE, [replace(MORATORIUM, expires="2023-01-01")], TODAY)
    assert (found.posture, found.is_certain) == (Posture.SUNSET_PASSED, False)
    assert "moratorium if it was prolonged, not researched if it was not" in texts(found)


def test_an_exception_leaves_the_moratorium_standing() -> None:
    exception = replace(ROLLBACK, amends_key="pause", effect=Effect.CONDITIONALLY_PERMITS)
    found = stance(FACE, [MORATORIUM, exception], TODAY)
    assert (found.posture, found.was_loosened) == (Posture.MORATORIUM, False)
    assert {reason.key for reason in found.reasons} == {"pause", "rollback"}


def test_a_repealed_ban_is_a_rollback_even_without_the_repeal_on_record() -> None:
    jackson = replace(BAN, history=steps(("adopted", "2020-08-18"), ("effective", None), ("repealed", "2025-02-01")))
    assert stance(FACE, [jackson], TODAY).posture is Posture.ROLLED_BACK


def test_a_lapsed_use_policy_is_no_rollback() -> None:
    lapsed = replace(RULES, history=steps(("adopted", "2018-04"), ("repealed", "2020-06-10")))
    assert stance(FACE, [lapsed], TODAY).posture is Posture.NOT_RESEARCHED


def test_the_strongest_in_force_wins_and_all_give_reasons() -> None:
    found = stance(FACE, [OVERSIGHT, RULES, BAN], TODAY)
    assert found.posture is Posture.BANNED
    assert [reason.key for reason in found.reasons] == ["ban", "oversight", "rules"]


def test_a_general_ordinance_covers_any_technology() -> None:
    assert stance("spyware", [OVERSIGHT], TODAY).posture is Posture.PROCESS_REQUIRED


def test_a_rule_on_one_technology_says_nothing_of_another() -> None:
    found = stance(ALPR, [BAN], TODAY)
    assert found.posture is Posture.NOT_RESEARCHED
    assert "the first dated step on any technology is of 2020-12-17" in texts(found)


@pytest.mark.parametrize(
    ("effect", "binds", "posture"),
    [
        (Effect.REQUIRES_DISCLOSURE, None, Posture.PERMISSIVE_POLICY),
        (Effect.AUTHORISES, None, Posture.PERMISSIVE_POLICY),
        (Effect.PROHIBITS, Binds.SCHOOLS, Posture.RESTRICTED),
        (Effect.PROHIBITS, Binds.POLICE, Posture.BANNED),
        (Effect.PROHIBITS, Binds.PRIVATE_SECTOR, Posture.NOT_RESEARCHED),
        (None, None, Posture.NOT_RESEARCHED),
    ],
)
def test_effect_and_who_is_bound_decide(effect: Effect | None, binds: Binds | None, posture: Posture) -> None:
    assert stance(FACE, [replace(BAN, effect=effect, binds=binds)], TODAY).posture is posture


@pytest.mark.parametrize(
    ("status", "posture"),
    [
        ("suspended", Posture.NOT_RESEARCHED),
        ("enjoined", Posture.NOT_RESEARCHED),
        ("preempted", Posture.PREEMPTED),
    ],
)
def test_a_ban_that_was_stopped_or_displaced_is_not_in_force(status: str, posture: Posture) -> None:
    stopped = replace(BAN, history=steps(("adopted", "2020-12-17"), (status, "2021-06-01")))
    assert stance(FACE, [stopped], TODAY).posture is posture


def test_silence_is_a_finding_only_after_a_search() -> None:
    assert stance(FACE, [], TODAY).posture is Posture.NOT_RESEARCHED
    found = stance(FACE, [], TODAY, is_researched=True)
    assert found.posture is Posture.NO_RULE_FOUND
    assert texts(found) == "No rule in force is recorded for 2026-11-22; a search for rules was made"


def test_in_force_since_an_unknown_day_is_counted_as_uncertain() -> None:
    found = stance(FACE, [replace(BAN, history=steps(("effective", None)))], TODAY)
    assert (found.posture, found.is_certain) == (Posture.BANNED, False)


def test_state_law_gives_a_reason_and_never_the_value() -> None:
    state = replace(BAN, key="state", title="The act", binds=Binds.POLICE)
    found = stance(FACE, [], TODAY, state_policies=[state])
    assert found.posture is Posture.NOT_RESEARCHED
    assert found.reasons[-1].text.startswith("Higher law applies here too: The act")


def test_an_old_state_law_is_not_said_to_apply() -> None:
    ended = replace(BAN, history=steps(("adopted", "2019-09-12"), ("expired", "2023-01-01")))
    assert "Higher law" not in texts(stance(FACE, [], TODAY, state_policies=[ended]))


def test_pre_emption_by_the_state_throws_doubt_on_a_local_ban() -> None:
    state = replace(BAN, key="state", title="The act", instrument=Instrument.PREEMPTION, effect=None)
    found = stance(FACE, [BAN], TODAY, state_policies=[state])
    assert (found.posture, found.is_certain) == (Posture.BANNED, False)
    assert "The act may displace the local rule" in texts(found)


def test_pre_emption_comes_first_of_the_law_above() -> None:
    act = replace(RULES, key="act", title="The act")
    taking = replace(BAN, key="taking", title="The taking", instrument=Instrument.PREEMPTION, effect=None)
    found = stance(FACE, [], TODAY, state_policies=[act, taking])
    assert [reason.key for reason in found.reasons if reason.key] == ["taking", "act"]


def test_a_state_law_whose_sunset_passed_is_named_so_below() -> None:
    words = texts(stance(FACE, [], TODAY, state_policies=VIRGINIA))
    assert "Higher law applies here too: The rollback: local law, loosens what went before; sunset passed" in words
    assert "set aside for this technology by The rollback, whose sunset passed 2026-07-01" in words


PARTIAL = st.dates(date(1990, 1, 1), date(2030, 12, 31)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}", None])
)
STEP = st.builds(PolicyStep, st.sampled_from(LegalStatus), PARTIAL, st.sampled_from([None, *DateCertainty]))
POLICY = st.builds(
    PolicyFacts,
    key=st.sampled_from(["a", "b", "c"]),
    title=st.just("A rule"),
    instrument=st.sampled_from(Instrument),
    effect=st.sampled_from([None, *Effect]),
    direction=st.sampled_from(Direction),
    amends_key=st.sampled_from([None, "a", "b", "c"]),
    binds=st.sampled_from([None, *Binds]),
    technologies=st.frozensets(st.sampled_from([FACE, ALPR, GENERAL]), min_size=1),
    history=st.lists(STEP, max_size=5).map(tuple),
    expires=PARTIAL,
    repeals=st.booleans(),
)
POLICIES = st.lists(POLICY, max_size=4, unique_by=lambda policy: policy.key)


@given(POLICIES, POLICIES, st.dates(), st.booleans())
def test_any_policies_on_any_day_have_a_posture_and_a_reason(
    policies: list[PolicyFacts], state: list[PolicyFacts], as_of: date, is_researched: bool
) -> None:
    found = stance(FACE, policies, as_of, state_policies=state, is_researched=is_researched)
    assert found.reasons
    if not is_researched:
        assert found.posture is not Posture.NO_RULE_FOUND


@given(POLICIES, POLICIES, st.dates())
def test_state_law_never_changes_the_value(policies: list[PolicyFacts], state: list[PolicyFacts], as_of: date) -> None:
    alone = stance(FACE, policies, as_of)
    assert stance(FACE, policies, as_of, state_policies=state).posture is alone.posture
