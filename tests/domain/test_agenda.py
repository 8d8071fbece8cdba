"""Tests of domain/agenda.py: what a version of an agenda added, and what it only moved."""

from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.agenda import Entry, Revision, agenda_hash, compared

CAMERAS = Entry("1", "Cameras downtown", "Buy ten cameras.\nTerm: one year.")
ROADS = Entry("2", "Roads", "Mend the road.")
PARKS = Entry("3", "Parks", "")
entries = st.lists(
    st.builds(Entry, st.sampled_from("abcde"), st.sampled_from(["Roads", "Parks"]), st.text("xy\n", max_size=6)),
    unique_by=lambda entry: entry.identity,
)


def test_a_new_entry_is_added_whole() -> None:
    assert compared([ROADS], [CAMERAS, ROADS]) == Revision(added=(CAMERAS,), removed=())


def test_an_entry_that_left_is_removed_whole() -> None:
    assert compared([CAMERAS, ROADS], [ROADS]) == Revision(added=(), removed=(CAMERAS,))


def test_of_an_edited_entry_only_the_lines_that_came_and_went_are_kept() -> None:
    edited = Entry("1", "Cameras downtown", "Buy twenty cameras.\nTerm: one year.\nStored in the cloud.")
    revision = compared([CAMERAS], [edited])
    assert revision.added == (Entry("1", "", "Buy twenty cameras.\nStored in the cloud."),)
    assert revision.removed == (Entry("1", "", "Buy ten cameras."),)


def test_a_new_title_is_added_without_the_text_that_stayed() -> None:
    revision = compared([ROADS], [Entry("2", "Roads and bridges", ROADS.text)])
    assert revision == Revision((Entry("2", "Roads and bridges", ""),), (Entry("2", "Roads", ""),))


def test_words_that_were_only_taken_away_add_nothing() -> None:
    revision = compared([CAMERAS], [Entry("1", CAMERAS.title, "Buy ten cameras.")])
    assert revision == Revision((), (Entry("1", "", "Term: one year."),))


def test_another_order_adds_and_removes_nothing_but_is_another_version() -> None:
    assert compared([CAMERAS, ROADS, PARKS], [PARKS, CAMERAS, ROADS]) == Revision((), ())
    assert agenda_hash([CAMERAS, ROADS]) != agenda_hash([ROADS, CAMERAS])


def test_the_same_words_under_another_id_are_neither_added_nor_removed() -> None:
    assert compared([CAMERAS], [Entry("9", CAMERAS.title, CAMERAS.text)]) == Revision((), ())


def test_the_hash_tells_titles_from_texts() -> None:
    assert agenda_hash([Entry("1", "a", "b")]) != agenda_hash([Entry("1", "ab", "")])


@given(entries)
def test_the_same_agenda_again_changes_nothing(agenda: list[Entry]) -> None:
    assert compared(agenda, agenda) == Revision((), ())


@given(entries, entries)
def test_whatever_is_added_stands_in_the_new_version_and_whatever_is_removed_in_the_old(
    before: list[Entry], after: list[Entry]
) -> None:
    revision = compared(before, after)
    for changed, version in ((revision.added, after), (revision.removed, before)):
        by_identity = {entry.identity: entry for entry in version}
        for entry in changed:
            whole = by_identity[entry.identity]
            assert entry.title in ("", whole.title)
            assert set(entry.text.split("\n")) - {""} <= set(whole.text.split("\n"))
