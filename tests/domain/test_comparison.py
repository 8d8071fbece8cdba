"""A comparison follows from dated rows alone, and says why it is silent."""

from dataclasses import replace
from datetime import date

import pytest

from oversight.domain.compared import Blank, Cell, Difference, Done, Entry, Home, Owed, Row, Ruled, Section, Side, Used
from oversight.domain.comparison import compare_places, compare_policies
from oversight.domain.duty import DutyFacts, DutyKind
from oversight.domain.provision import FieldState, ProvisionCode
from oversight.domain.record import ActionKind, OperatorKind, UseStatus
from oversight.domain.strictness import Provision
from oversight.domain.use_status import Setting, StatusChange
from tests.domain.test_posture import BAN, OVERSIGHT, ROLLBACK, TODAY, steps

ABSENT, ANSWERED, UNKNOWN = FieldState.ABSENT, FieldState.ANSWERED, FieldState.NOT_RESEARCHED
HOME = Home("policy", "a-policy")


def provision(code: str, state: FieldState = ANSWERED) -> Provision:
    return Provision(ProvisionCode(code), state, "Words.", None, None, "§ 1", "oversight", "a-source")


def ordinance(*provisions: Provision, duties: tuple[Owed, ...] = ()) -> Ruled:
    return Ruled(OVERSIGHT, provisions, duties, ("its-source",))


def used(status: str, day: str | None, **changes: object) -> Used:
    setting = Setting(OperatorKind.POLICE, "alpr", UNKNOWN)
    history = (StatusChange(UseStatus(status), day, None),)
    use = Used("dep", "Police", setting, None, "Flock Safety", "flock", None, 94200, None, history, ("a-source",))
    return replace(use, **changes)


NOTHING = Side("nothing", "Nothing")
BANNING = Side("banning", "Banning", policies=(Ruled(BAN, (), (), ()),))


def section(key: str, *sides: Side, as_of: date = TODAY) -> Section:
    return next(one for one in compare_places(sides, as_of) if one.key == key)


def row(found: Section, name: str) -> Row:
    """The row of a code, of a technology or of a label."""
    rows = (*found.rows, *found.silent)
    return next(one for one in rows if name in (one.code, one.label, *one.technologies))


def test_a_posture_stands_with_its_reason_and_source() -> None:
    side = Side("a", "A", policies=(Ruled(BAN, (), (), ("a-source",)),))
    cell = row(section("posture", side, NOTHING), "face_recognition").cells[0]
    assert (cell.entries[0].mark, cell.entries[0].home, cell.entries[0].sources) == (
        "banned",
        Home("policy", "ban"),
        ("a-source",),
    )


def test_technologies_with_the_same_answers_share_a_row() -> None:
    side = Side("a", "A", policies=(ordinance(), Ruled(BAN, (), (), ())), uses=(used("in_use", "2020"),))
    rows = section("posture", side, NOTHING).rows
    assert [one.technologies for one in rows] == [("face_recognition",), ("alpr", "surveillance_general")]


@pytest.mark.parametrize(
    ("side", "code", "blank"),
    [
        (NOTHING, "nda_ban", Blank.UNKNOWN),
        (Side("a", "A", policies=(ordinance(),)), "nda_ban", Blank.UNKNOWN),
        (Side("a", "A", policies=(ordinance(provision("nda_ban", UNKNOWN)),)), "nda_ban", Blank.UNKNOWN),
        (Side("a", "A", policies=(ordinance(provision("nda_ban", ABSENT)),)), "nda_ban", Blank.NONE),
        (BANNING, "fr_warrant", Blank.NOT_APPLICABLE),
        (BANNING, "nda_ban", Blank.UNKNOWN),
        (Side("a", "A", policies=(ordinance(provision("nda_ban")),)), "nda_ban", None),
    ],
)
def test_a_blank_says_why(side: Side, code: str, blank: Blank | None) -> None:
    assert row(section("provisions", side, NOTHING), code).cells[0].blank is blank


def test_a_provision_leads_to_its_text_and_to_its_own_source() -> None:
    side = Side("a", "A", policies=(ordinance(provision("nda_ban")),))
    entry = row(section("provisions", side, NOTHING), "nda_ban").cells[0].entries[0]
    assert (entry.home, entry.sources, entry.beside) == (
        Home("policy", "oversight", "nda_ban"),
        ("a-source",),
        "The oversight ordinance, § 1",
    )


def test_a_provision_counts_only_while_its_rule_is_in_force() -> None:
    side = Side("a", "A", policies=(ordinance(provision("nda_ban")),))
    cell = row(section("provisions", side, NOTHING, as_of=date(2018, 1, 1)), "nda_ban").cells[0]
    assert (cell.blank, cell.because) == (Blank.UNKNOWN, "No rule in force is recorded for this day.")


def test_the_strictest_of_those_known_is_marked() -> None:
    have, lack = (ordinance(provision("nda_ban", state)) for state in (ANSWERED, ABSENT))
    found = row(section("provisions", Side("a", "A", (lack,)), Side("b", "B", (have,)), NOTHING), "nda_ban")
    assert found.strictest is not None
    assert (found.strictest.places, found.difference) == ({1}, Difference.DIFFERS)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (["in_use", "in_use"], Difference.SAME),
        (["in_use", "ended"], Difference.DIFFERS),
        (["in_use", "unknown"], Difference.OPEN),
        (["in_use", "ended", "unknown"], Difference.DIFFERS),
        (["in_use", "in_use", "unknown"], Difference.OPEN),
        (["in_use", "in_use", "not_applicable"], Difference.SAME),
        (["in_use", "not_applicable"], Difference.OPEN),
        (["in_use", "none"], Difference.DIFFERS),
        (["none", "none"], Difference.SAME),
    ],
)
def test_a_row_differs_by_what_is_known(signs: list[str], expected: Difference) -> None:
    blanks = {one.value: Cell(blank=one) for one in Blank}
    cells = tuple(blanks.get(sign) or Cell((Entry("Words", HOME, sign),)) for sign in signs)
    assert Row("A row", cells).difference is expected


def test_a_question_that_nobody_has_answered_is_set_apart() -> None:
    found = section("provisions", Side("a", "A", policies=(ordinance(provision("nda_ban")),)), NOTHING)
    assert [one.code for one in found.rows] == ["nda_ban"]
    assert len(found.silent) == len(ProvisionCode) - 1


def test_a_deployment_shows_as_it_was_on_that_day() -> None:
    side = Side("a", "A", uses=(used("in_use", "2020-05-01"),))
    assert row(section("deployments", side, NOTHING), "alpr").cells[0].entries[0].mark is UseStatus.IN_USE
    assert section("deployments", side, NOTHING, as_of=date(2020, 4, 30)).rows == ()


def test_where_nothing_is_deployed_nobody_asks_for_its_cost() -> None:
    side, other = (
        Side("a", "A", uses=(used("in_use", "2020"),)),
        Side("b", "B", uses=(used("in_use", "2020", cost_usd=None),)),
    )
    cells = row(section("costs", side, other, NOTHING), "alpr").cells
    assert (cells[0].entries[0].words, cells[1].blank, cells[2].blank) == (
        "$94,200",
        Blank.UNKNOWN,
        Blank.NOT_APPLICABLE,
    )


@pytest.mark.parametrize(("filed", "filing"), [(None, UNKNOWN), ("2025", ANSWERED)])
def test_a_duty_says_how_late_it_came_and_silence_is_no_difference(filed: str | None, filing: FieldState) -> None:
    facts = (DutyFacts("2025-02-01", "2025-07-15", ANSWERED), DutyFacts("2025-02-01", filed, filing))
    sides = [
        Side(key, key, policies=(ordinance(duties=(Owed(DutyKind.ANNUAL_REPORT, "A report", one, None),)),))
        for key, one in zip("ab", facts, strict=True)
    ]
    found = row(section("outcomes", *sides), "Duty: annual report")
    assert found.cells[0].entries[0].beside == "due 2025-02-01, filed 2025-07-15, 164 days late"
    assert found.difference is Difference.OPEN


def test_what_became_of_a_rule_is_told_in_order_and_up_to_the_day() -> None:
    amended = replace(BAN, history=steps(("adopted", "2020-12-17"), ("amended", "2021-05")))
    side = Side("a", "A", policies=(Ruled(amended, (), (), ()), Ruled(ROLLBACK, (), (), ())))
    told = [
        [one.words for one in row(section("outcomes", side, NOTHING, as_of=day), "later").cells[0].entries]
        for day in (date(2021, 12, 31), TODAY)
    ]
    assert told == [
        ["Amended 2021-05: The ban"],
        ["Amended 2021-05: The ban", f"Loosened by {ROLLBACK.title}"],
    ]


def test_what_was_done_later_is_not_told() -> None:
    done = Done("act", ActionKind.LAWSUIT, "2023", ("Somebody",), "Sued.", ())
    side = Side("a", "A", actions=(done,))
    assert row(section("outcomes", side, NOTHING), "actions").cells[0].entries
    assert row(section("outcomes", side, NOTHING, as_of=date(2022, 1, 1)), "actions").is_silent


def test_policies_are_compared_by_what_they_are_and_say() -> None:
    sides = [Side("ban", "Ban", policies=(Ruled(BAN, (), (), ()),)), Side("oversight", "O", policies=(ordinance(),))]
    found = {one.key: one for one in compare_policies(sides, TODAY)}
    assert row(found["rule"], "Instrument").difference is Difference.DIFFERS
    assert row(found["rule"], "Direction").difference is Difference.SAME
    cells = row(found["provisions"], "fr_warrant").cells
    assert [cell.blank for cell in cells] == [Blank.UNKNOWN, Blank.UNKNOWN]
