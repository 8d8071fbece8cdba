"""Places or policies side by side on a day: a pure function of their dated rows."""

from collections.abc import Sequence
from datetime import date

from oversight.domain.compared import Cell, Entry, Home, Row, Section, Side, section
from oversight.domain.compared_outcomes import action_row, duty_rows, later_row
from oversight.domain.compared_rules import instrument_rows, policy_entry, posture_rows, provision_rows, told, unknown
from oversight.domain.compared_uses import cost_rows, use_rows, vendor_rows
from oversight.domain.word import Word


def compare_places(sides: Sequence[Side], as_of: date) -> tuple[Section, ...]:
    """Every row of a comparison of places."""
    return (
        section("posture", "Posture by technology", posture_rows(sides, as_of)),
        section("instruments", "Instruments", instrument_rows(sides, as_of)),
        section("provisions", "Provisions of the rules in force", provision_rows(sides, as_of)),
        section("deployments", "Deployments", use_rows(sides, as_of)),
        section("vendors", "Vendors", vendor_rows(sides, as_of)),
        section("costs", "Costs", cost_rows(sides, as_of)),
        section("outcomes", "Outcomes", [*outcome_rows(sides, as_of), action_row(sides, as_of)]),
    )


def compare_policies(sides: Sequence[Side], as_of: date) -> tuple[Section, ...]:
    """Every row of a comparison of policies, each side holding one."""
    return (
        section("rule", "The rule", rule_rows(sides, as_of)),
        section("provisions", "Provisions", provision_rows(sides, as_of, of_policies=True)),
        section("outcomes", "Outcomes", outcome_rows(sides, as_of)),
    )


def outcome_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """Duties, and what became of the rules."""
    return [*duty_rows(sides, as_of), later_row(sides, as_of)]


def rule_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """What each policy is, does and binds, and where it stood."""
    facts = [side.policies[0].facts for side in sides]
    return [
        Row(
            "Standing", tuple(Cell((policy_entry(side.policies[0], told(side.policies[0], as_of)),)) for side in sides)
        ),
        Row("Instrument", word_cells(sides, [one.instrument for one in facts])),
        Row("Effect", word_cells(sides, [one.effect for one in facts])),
        Row("Direction", word_cells(sides, [one.direction for one in facts])),
        Row("Who is bound", word_cells(sides, [one.binds for one in facts])),
        Row("Technologies", tuple(technology_cell(side) for side in sides), code="technologies"),
    ]


def word_cells(sides: Sequence[Side], words: Sequence[Word | None]) -> tuple[Cell, ...]:
    """One word of each policy."""
    return tuple(
        Cell((Entry(word.label, Home("policy", side.key), word.value, sources=side.policies[0].sources),))
        if word
        else unknown("Not recorded.")
        for side, word in zip(sides, words, strict=True)
    )


def technology_cell(side: Side) -> Cell:
    """The codes of what a policy is about, an entry each."""
    ruled = side.policies[0]
    home = Home("policy", side.key)
    return Cell(tuple(Entry(code, home, code, sources=ruled.sources) for code in sorted(ruled.facts.technologies)))
