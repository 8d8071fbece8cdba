"""Tests of storage/stories.py: copies join one story as they are saved, on both databases, whoever saves them."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from oversight.domain.mention import Place
from oversight.domain.near_duplicate import signature_of
from oversight.domain.reading import ItemKind
from oversight.domain.story import NEWS_LIFE, scope_of
from oversight.storage.engine import Sessions, reading
from oversight.storage.mentions import Match, save_mentions
from oversight.storage.models import BandRow, ItemRow, MatterAliasRow, MatterLinkRow, MentionRow, SignatureRow
from oversight.storage.signatures import drop_old_signatures
from oversight.storage.stories import leave_stories
from tests.factories import NOW, SEATTLE, add_council, add_feed, add_item, add_matter, add_meeting, make_detection
from tests.factories import make_item as make_news

PORTLAND = "ocd-division/country:us/state:or/place:portland"
TITLE = "Council approves license plate readers"
TEXT = (
    "The council approved a contract for twenty cameras after two hours of public comment about their data. The chief "
    "of police told the members that nothing is kept for more than thirty days, and that each search leaves a trace."
)
OTHER = "A gunshot detector fell from a roof in the night, and nobody was hurt, the firefighters said. " * 3


def match(session: Session, text: str = TEXT, *, places: Sequence[str] = (SEATTLE,), **changes: Any) -> Match:
    """What a poll has to say of an item that it just wrote; news of a feed of its own unless told otherwise."""
    values = {"kind": ItemKind.NEWS, "title": TITLE, "text": text, "published": NOW}
    values |= {name: changes.pop(name) for name in tuple(changes) if name in ("kind", "title", "published")}
    item = make_news(**values)
    row = add_item(session, kind=item.kind.value, title=item.title, published_at=item.published, **changes)
    return rematch(row.id, item, places)


def rematch(item_id: int, item: Any, places: Sequence[str] = (SEATTLE,)) -> Match:
    detection = make_detection(places=tuple(Place(key, key) for key in places))
    scope = scope_of(item.kind, SEATTLE)
    return Match(item_id, item, detection, NOW, signature_of(item.title, item.text, scope=scope or ""))


def official(session: Session, feed: int, **changes: Any) -> Match:
    """An agenda item of a meeting on the first of December."""
    if "meeting_id" not in changes:
        changes["meeting_id"] = add_meeting(session, feed_id=feed).id
    return match(session, **({"kind": ItemKind.AGENDA_ITEM, "feed_id": feed} | changes))


def save(sessions: Sessions, **changes: Any) -> int:
    """Save one copy; the id of its item."""
    with sessions.begin() as session:
        found = match(session, **changes)
        save_mentions(session, [found])
    return found.item_id


def stories(sessions: Sessions) -> list[int | None]:
    """The story of each mention, in the order in which they were found."""
    with reading(sessions) as session:
        return list(session.scalars(select(MentionRow.story_id).order_by(MentionRow.id)))


def count(sessions: Sessions, table: type[Any]) -> int:
    with reading(sessions) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_copies_of_several_feeds_join_the_first(sessions: Sessions) -> None:
    for title in (TITLE, f"UPDATE: {TITLE} - The Daily News", "Other words above the same text"):
        save(sessions, title=title)
    save(sessions, title="A detector fell", text=OTHER)
    assert stories(sessions) == [1, 1, 1, None]


def test_each_copy_keeps_the_reason_why_it_is_one(sessions: Sessions) -> None:
    save(sessions)
    save(sessions, text="kxyz.com")
    with reading(sessions) as session:
        reasons = list(session.scalars(select(MentionRow.story_reason).order_by(MentionRow.id)))
    assert reasons == [None, "the same headline as mention 1"]


def test_copies_that_are_saved_together_join(sessions: Sessions) -> None:
    with sessions.begin() as session:
        save_mentions(session, [match(session), match(session, title="Detector falls", text=OTHER), match(session)])
    assert stories(sessions) == [1, None, 1]


def test_two_cities_are_two_stories(sessions: Sessions) -> None:
    save(sessions)
    save(sessions, places=[PORTLAND])
    save(sessions, places=[PORTLAND])
    save(sessions, places=[])
    assert stories(sessions) == [1, 2, 2, 1]


def test_saving_again_changes_nothing(sessions: Sessions) -> None:
    items = [save(sessions), save(sessions)]
    for item_id in items:
        with sessions.begin() as session:
            save_mentions(session, [rematch(item_id, make_news(title=TITLE, text=TEXT))])
    assert (stories(sessions), count(sessions, SignatureRow), count(sessions, BandRow)) == ([1, 1], 2, 42)


def test_an_edit_takes_a_mention_out_of_its_story_and_back(sessions: Sessions) -> None:
    first = save(sessions)
    save(sessions), save(sessions)
    for text, expected in ((OTHER, [None, 2, 2]), (TEXT, [1, 1, 1])):
        title = TITLE if text == TEXT else "Detector falls from a roof"
        with sessions.begin() as session:
            save_mentions(session, [rematch(first, make_news(title=title, text=text))])
        assert stories(sessions) == expected


def test_of_a_story_of_two_one_that_leaves_ends_it(sessions: Sessions) -> None:
    save(sessions), save(sessions)
    with sessions.begin() as session:
        leave_stories(session, [2])
    assert stories(sessions) == [None, None]


def test_a_decided_mention_keeps_its_story_and_its_words(sessions: Sessions) -> None:
    first = save(sessions)
    save(sessions)
    with sessions.begin() as session:
        session.get_one(MentionRow, 1).state = "confirmed"
        session.flush()
        save_mentions(session, [rematch(first, make_news(title="Detector falls", text=OTHER))])
    assert stories(sessions) == [1, 1]


def test_an_unsigned_mention_is_saved_alone(sessions: Sessions) -> None:
    save(sessions)
    with sessions.begin() as session:
        item = add_item(session)
        save_mentions(session, [Match(item.id, make_news(), make_detection(), NOW)])
    assert stories(sessions) == [None, None]


def test_an_edit_that_is_not_signed_leaves_no_story(sessions: Sessions) -> None:
    first = save(sessions)
    save(sessions)
    with sessions.begin() as session:
        save_mentions(session, [Match(first, make_news(text=OTHER), make_detection(), NOW)])
    assert stories(sessions) == [1, 1]


# Whoever saves at the same time


@pytest.mark.parametrize("times", range(3))
def test_copies_that_two_processes_save_at_once_are_one_story(sessions: Sessions, times: int) -> None:
    together = threading.Barrier(4, timeout=20)
    failures: list[Exception] = []

    def poll() -> None:
        try:
            together.wait()
            save(sessions)
        except SQLAlchemyError as error:
            failures.append(error)

    polls = [threading.Thread(target=poll) for _ in range(4)]
    for one in polls:
        one.start()
    for one in polls:
        one.join()
    assert (failures, stories(sessions)) == ([], [1, 1, 1, 1])


@pytest.mark.parametrize("times", range(3))
def test_an_edit_and_a_copy_that_are_saved_at_once_do_not_wait_for_each_other(sessions: Sessions, times: int) -> None:
    firsts = [save(sessions) for _ in range(4)]
    together = threading.Barrier(8, timeout=20)
    failures: list[Exception] = []

    def poll(known: int | None) -> None:
        try:
            together.wait()
            with sessions.begin() as session:
                edit = rematch(known, make_news(title=TITLE, text=TEXT)) if known else match(session)
                save_mentions(session, [edit])
        except SQLAlchemyError as error:
            failures.append(error)

    polls = [threading.Thread(target=poll, args=(known,)) for known in (*firsts, None, None, None, None)]
    for one in polls:
        one.start()
    for one in polls:
        one.join()
    assert (failures, set(stories(sessions))) == ([], {1})


# What is kept


def test_signatures_of_old_news_are_forgotten_and_stories_stay(sessions: Sessions) -> None:
    save(sessions), save(sessions)
    with sessions.begin() as session:
        drop_old_signatures(session, now=NOW + NEWS_LIFE)
    assert count(sessions, SignatureRow) == 2
    with sessions.begin() as session:
        drop_old_signatures(session, now=NOW + NEWS_LIFE + timedelta(seconds=1))
    assert (stories(sessions), count(sessions, SignatureRow), count(sessions, BandRow)) == ([1, 1], 0, 0)


def test_what_hangs_on_an_item_goes_with_it(sessions: Sessions) -> None:
    first = save(sessions)
    save(sessions)
    with sessions.begin() as session:
        session.delete(session.get_one(ItemRow, first))
    assert (stories(sessions), count(sessions, SignatureRow)) == ([None], 1)


def test_of_very_many_copies_a_new_one_still_joins_the_first(sessions: Sessions) -> None:
    with sessions.begin() as session:
        save_mentions(session, [match(session) for _ in range(130)])
    save(sessions)
    assert set(stories(sessions)) == {1}


# What governments publish


def test_one_matter_in_two_feeds_of_a_council_is_one_story_on_one_day(sessions: Sessions) -> None:
    with sessions.begin() as session:
        api, feed = add_council(session, key="api").id, add_council(session, key="rss").id
        matter = add_matter(session).id
        told = [
            official(session, api, matter_id=matter),
            official(session, feed, matter_id=matter, title="CB 1", text="Other words"),
            official(session, api, matter_id=matter, meeting_id=later_meeting(session, api)),
            official(session, api, matter_id=add_matter(session).id, title="CB 2", text=OTHER),
        ]
        save_mentions(session, told)
    assert stories(sessions) == [1, 1, None, None]


def test_one_business_under_two_numbers_is_one_story_in_two_feeds(sessions: Sessions) -> None:
    with sessions.begin() as session:
        matters = [add_matter(session).id, add_matter(session).id]
        session.add(MatterAliasRow(matter_id=matters[1], lead_id=matters[0]))
        feeds = [add_council(session, key=key).id for key in ("one", "two")]
        for feed, matter, title in zip(feeds, matters, ("CB 1", "CB 2"), strict=True):
            save_mentions(session, [official(session, feed, matter_id=matter, title=title, text=title)])
    assert stories(sessions) == [1, 1]


def test_without_a_number_the_words_tell_of_two_feeds(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feeds = [add_council(session, key=key).id for key in ("one", "two")]
        save_mentions(session, [official(session, feed) for feed in (*feeds, feeds[0])])
    assert stories(sessions) == [1, 1, None]


def test_the_same_lines_of_two_cities_never_meet(sessions: Sessions) -> None:
    with sessions.begin() as session:
        one, other = add_council(session).id, add_feed(session, jurisdiction=PORTLAND).id
        here, there = official(session, one, places=[]), official(session, other, places=[])
        foreign = signature_of(TITLE, TEXT, scope=PORTLAND)
        save_mentions(session, [here, Match(there.item_id, there.item, there.detection, NOW, foreign)])
    assert stories(sessions) == [None, None]


def test_a_bill_that_comes_again_in_another_year_is_linked_and_not_joined(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session).id
        files = [add_matter(session, file=file).id for file in ("Int 0231-2018", "Int 0665-2015", "Int 1-2024")]
        told = [official(session, feed, matter_id=matter, kind=ItemKind.LEGISLATION) for matter in files[:2]]
        told.append(official(session, feed, matter_id=files[2], kind=ItemKind.LEGISLATION, title="B", text=OTHER))
        for one in told:
            save_mentions(session, [one])
    with reading(sessions) as session:
        links = session.execute(select(MatterLinkRow.matter_id, MatterLinkRow.earlier_id, MatterLinkRow.similarity))
        assert [tuple(link) for link in links] == [(files[0], files[1], 1.0)]
    assert stories(sessions) == [None, None, None]


def later_meeting(session: Session, feed: int) -> int:
    return add_meeting(session, feed_id=feed, date=(NOW + timedelta(days=90)).date()).id
