"""Tests of domain/record_diff.py: a diff says all that changed, and two edits come together without a loss."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.record_diff import Fate, Form, applied, changes, merged

TEXTS = st.text(alphabet="ab \n\té", max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False, width=16) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
)
VERSIONS = st.dictionaries(st.sampled_from(["title", "history", "facts", "note"]), VALUES)


def exact(value: object) -> str:
    return json.dumps(value, sort_keys=True)


@given(VERSIONS, VERSIONS)
def test_the_diff_makes_the_version_after_from_the_one_before(before: dict, after: dict) -> None:
    assert exact(applied(before, changes(before, after))) == exact(after)


@given(VERSIONS)
def test_a_version_does_not_differ_from_itself(version: dict) -> None:
    assert changes(version, version) == ()


@given(VERSIONS)
def test_all_of_a_new_thing_came(version: dict) -> None:
    assert exact(applied(None, changes(None, version))) == exact(version)


@given(VERSIONS, VERSIONS, VERSIONS)
def test_of_two_edits_nothing_that_one_of_us_changed_is_lost(base: dict, mine: dict, theirs: dict) -> None:
    merge = merged(base, mine, theirs)
    for name in {*base, *mine, *theirs}:
        was, is_now, i_say = (exact(one.get(name)) for one in (base, theirs, mine))
        expected = is_now if i_say == was else i_say
        assert exact(merge.values.get(name)) == expected
        assert (name in merge.clashing) == (len({was, is_now, i_say}) == 3)


def pieces(before: object, after: object) -> tuple[Form, list[tuple[Fate, object]]]:
    (change,) = changes({"field": before}, {"field": after})
    return change.form, [(piece.fate, piece.value) for piece in change.pieces]


@pytest.mark.parametrize(
    ("before", "after", "form", "expected"),
    [
        (1, 2, "value", [("went", 1), ("came", 2)]),
        (1, True, "value", [("went", 1), ("came", True)]),
        (None, "new", "value", [("went", None), ("came", "new")]),
        ("one", "two", "value", [("went", "one"), ("came", "two")]),
        ("a ban of all", "a ban of some", "words", [("kept", "a ban of"), ("went", " all"), ("came", " some")]),
        (["a", "b"], ["b", "c"], "entries", [("went", "a"), ("kept", "b"), ("came", "c")]),
        ([{"status": "proposed"}], [{"status": "adopted"}], "entries",
         [("went", {"status": "proposed"}), ("came", {"status": "adopted"})]),
    ],
)  # fmt: skip
def test_a_field_is_compared_by_its_parts(before: object, after: object, form: str, expected: list) -> None:
    assert pieces(before, after) == (form, expected)


def test_what_has_fields_itself_is_compared_field_by_field() -> None:
    before = {"agency": {"name": "Police", "operator_kind": "police"}}
    after = {"agency": {"name": "City Police", "operator_kind": "police"}}
    assert [change.path for change in changes(before, after)] == [("agency", "name")]


def test_two_who_changed_different_fields_both_have_their_way() -> None:
    base = {"title": "A", "note": None, "number": 1}
    merge = merged(base, base | {"title": "B"}, base | {"note": "n"})
    assert (merge.values, merge.clashing, merge.theirs) == ({"title": "B", "note": "n", "number": 1}, (), ("note",))


def test_two_who_changed_one_field_clash_and_mine_stands() -> None:
    merge = merged({"title": "A"}, {"title": "B"}, {"title": "C"})
    assert (merge.values, merge.clashing, merge.theirs) == ({"title": "B"}, ("title",), ())


def test_two_who_wrote_the_same_do_not_clash() -> None:
    assert merged({"title": "A"}, {"title": "B"}, {"title": "B"}).clashing == ()
