"""Tests of domain/fact_lines.py: facts go into lines and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.fact_lines import lines_of, pairs_of

NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
PLAIN = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(NAMES, PLAIN, max_size=2)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=4))
def test_facts_come_back_as_they_were(pairs: list) -> None:
    assert repr(pairs_of(lines_of(pairs))) == repr(pairs)


def test_a_person_can_write_them() -> None:
    assert pairs_of("database_size: 300000\nis_live: false\n\nnote: not in real time: they say\n") == [
        ("database_size", 300000),
        ("is_live", False),
        ("note", "not in real time: they say"),
    ]


@pytest.mark.parametrize("line", ["nothing", "name:", ": value", "name:   "])
def test_a_line_that_is_no_fact_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 is no fact"):
        pairs_of(f"a: 1\n{line}")
