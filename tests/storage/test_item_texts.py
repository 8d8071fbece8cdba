"""Tests of storage/item_texts.py: the archive holds what was matched."""

from sqlalchemy import select

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.reading import Reading
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import ItemRow, ItemTextRow
from tests.factories import make_detection, make_item
from tests.storage.test_items import feed_in, save

LONG = "a long report " * 1_000
SHORT = "a line"


def kept(sessions: Sessions) -> list[tuple[str, str]]:
    with reading(sessions) as session:
        query = select(ItemRow.uid, ItemTextRow.text).join(ItemTextRow, ItemTextRow.item_id == ItemRow.id)
        return sorted(tuple(row) for row in session.execute(query))  # type: ignore[misc]


def test_a_text_that_is_longer_than_the_excerpt_is_kept_whole(sessions: Sessions) -> None:
    items = (make_item(uid="long", text=LONG), make_item(uid="short", text=SHORT), make_item(uid="none", text=None))
    save(sessions, feed_in(sessions), Reading(items=items))
    assert kept(sessions) == [("long", LONG)]


def test_a_text_as_long_as_the_excerpt_needs_no_second_row(sessions: Sessions) -> None:
    save(sessions, feed_in(sessions), Reading(items=(make_item(text="x" * EXCERPT_LENGTH),)))
    assert kept(sessions) == []


def test_an_edit_changes_the_kept_text(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    for text in (LONG, LONG + "and more", LONG + "and more"):
        save(sessions, feed, Reading(items=(make_item(text=text),)))
    assert kept(sessions) == [("item-1", LONG + "and more")]


def test_an_edit_that_makes_a_text_short_leaves_the_excerpt_only(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    for text in (LONG, SHORT):
        save(sessions, feed, Reading(items=(make_item(text=text),)))
    assert kept(sessions) == []


def test_an_edit_that_makes_a_text_long_keeps_it_whole(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    for text in (SHORT, LONG):
        save(sessions, feed, Reading(items=(make_item(text=text),)))
    assert kept(sessions) == [("item-1", LONG)]


def test_the_text_of_a_mention_is_kept_like_any_other(sessions: Sessions) -> None:
    save(sessions, feed_in(sessions), Reading(items=(make_item(text=LONG),)), {0: make_detection()})
    assert kept(sessions) == [("item-1", LONG)]


def test_a_text_goes_with_its_item(sessions: Sessions) -> None:
    save(sessions, feed_in(sessions), Reading(items=(make_item(text=LONG),)))
    with sessions.begin() as session:
        session.delete(session.scalars(select(ItemRow)).one())
    assert kept(sessions) == []
