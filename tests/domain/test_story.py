"""Tests of domain/story.py: which mentions tell one and the same thing, and which never stand together."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.near_duplicate import signature_of
from oversight.domain.reading import ItemKind
from oversight.domain.story import Telling, is_reintroduced, likeness_of, may_be_one, scope_of, stories_with, why_told
from tests.factories import NOW, SEATTLE

PORTLAND = "ocd-division/country:us/state:or/place:portland"
TEXT = "The council approved a contract for twenty cameras after two hours of public comment about their data. " * 3
DAY = date(2026, 12, 1)


def telling(mention_id: int = 1, text: str = TEXT, **changes: Any) -> Telling:
    """News of a feed of its own about Seattle."""
    title = changes.pop("title", "Council approves license plate readers")
    valid: dict[str, Any] = {
        "kind": ItemKind.NEWS,
        "feed_id": mention_id,
        "places": frozenset({SEATTLE}),
        "day": None,
        "matter": None,
        "told_at": NOW,
        "signature": signature_of(title, text, scope="news"),
    }
    return Telling(mention_id=mention_id, **(valid | changes))


def agenda(mention_id: int = 1, **changes: Any) -> Telling:
    """An agenda item of a feed of its own."""
    return telling(mention_id, **({"kind": ItemKind.AGENDA_ITEM, "day": DAY} | changes))


def stories(*tellings: Telling, known: dict[int, int] | None = None) -> list[set[int]]:
    """All tellings as newcomers, each the rival of all others."""
    ids = [one.mention_id for one in tellings]
    return stories_with(dict.fromkeys(ids, ids), {one.mention_id: one for one in tellings}, known or {})


def test_copies_of_news_are_one_story() -> None:
    assert stories(telling(1), telling(2), telling(3)) == [{1, 2, 3}]


def test_other_words_are_another_story() -> None:
    text = "A gunshot detector fell from a roof in the night, and nobody was hurt, the firefighters said. " * 3
    assert stories(telling(1), telling(2), telling(3, text, title="Detector falls from a roof")) == [{1, 2}]


def test_the_same_words_about_two_cities_are_two_stories() -> None:
    assert stories(telling(1), telling(2, places=frozenset({PORTLAND}))) == []


def test_a_copy_without_a_place_joins_one_city_and_never_both() -> None:
    found = stories(telling(1), telling(2, places=frozenset({PORTLAND})), telling(3, places=frozenset()))
    assert found == [{1, 3}]


@pytest.mark.parametrize("place", ["ocd-division/country:us/state:wa", "ocd-division/country:us"])
def test_a_place_agrees_with_what_it_lies_in(place: str) -> None:
    assert stories(telling(1), telling(2, places=frozenset({place}))) == [{1, 2}]


def test_a_name_that_begins_alike_is_not_a_place_within() -> None:
    assert not may_be_one(telling(1), telling(2, places=frozenset({f"{SEATTLE}_heights"})))


def test_an_old_story_is_not_told_again() -> None:
    assert stories(telling(1), telling(2, told_at=NOW - timedelta(days=31))) == []


def test_the_same_headline_is_enough_for_some_days() -> None:
    soon, late = (telling(2, "kxyz.com", told_at=NOW + timedelta(days=days)) for days in (4, 7))
    assert (stories(telling(1), soon), stories(telling(1), late)) == ([{1, 2}], [])


def test_a_column_of_one_feed_is_another_story_every_day() -> None:
    other = telling(2, " ".join(f"other{number}" for number in range(60)), feed_id=1)
    assert (stories(telling(1), other), stories(telling(1), replace(other, feed_id=2))) == ([], [{1, 2}])


def test_news_and_agendas_are_never_one_story() -> None:
    assert likeness_of(telling(1), agenda(2)) == 0


def test_one_matter_in_two_feeds_on_one_day_is_one_story_whatever_its_words() -> None:
    assert stories(agenda(1, matter=7), agenda(2, signature=None, matter=7)) == [{1, 2}]


@pytest.mark.parametrize(
    "other",
    [
        agenda(2, matter=7, day=DAY + timedelta(days=14)),
        agenda(2, matter=7, feed_id=1),
        agenda(2, matter=8),
    ],
    ids=["another day", "the same feed", "another matter"],
)
def test_the_same_matter_again_is_a_sighting_and_no_story(other: Telling) -> None:
    assert stories(agenda(1, matter=7), other) == []


def test_where_no_file_is_known_the_words_tell() -> None:
    assert stories(agenda(1), agenda(2, matter=7)) == [{1, 2}]
    assert stories(agenda(1), agenda(2, signature=None)) == []


def test_a_newcomer_may_make_two_stories_one() -> None:
    assert stories(telling(1), telling(2), telling(3), telling(4), known={3: 3, 4: 3}) == [{1, 2, 3, 4}]


def test_nothing_new_touches_no_story() -> None:
    tellings = {1: telling(1), 2: telling(2)}
    assert stories_with({}, tellings, {1: 1, 2: 1}) == []
    assert stories_with({2: [1]}, tellings, {1: 1, 2: 1}) == []


def test_a_story_says_why_each_mention_stands_in_it() -> None:
    headline = telling(3, "kxyz.com")
    assert why_told(telling(2), [telling(1), headline]) == "100% of its words in common with mention 1"
    assert why_told(headline, [telling(1), telling(2)]) == "the same headline as mention 1"
    official = agenda(5, matter=7, signature=None)
    assert why_told(official, [agenda(4, matter=7)]) == "the same file as mention 4, in another feed"
    assert why_told(telling(6, signature=None), [telling(1)]) == "joined by a copy of both it and mention 1"


PLACES = st.sampled_from(
    [frozenset[str](), frozenset({SEATTLE}), frozenset({PORTLAND}), frozenset({SEATTLE, PORTLAND})]
)


@given(st.lists(PLACES, min_size=2, max_size=8), st.lists(st.integers(0, 40), min_size=8, max_size=8))
def test_in_a_story_every_mention_may_stand_beside_every_other(places: list[frozenset[str]], days: list[int]) -> None:
    tellings = [
        telling(number, places=there, told_at=NOW + timedelta(days=days[number])) for number, there in enumerate(places)
    ]
    for story in stories(*tellings):
        assert all(may_be_one(tellings[one], tellings[other]) for one, other in combinations(story, 2))


def bill(mention_id: int, **changes: Any) -> Telling:
    return agenda(mention_id, **({"kind": ItemKind.LEGISLATION, "matter": mention_id} | changes))


def test_a_bill_under_a_new_number_in_another_year_is_reintroduced() -> None:
    files = "Int 0665-2015", "Int 0231-2018"
    assert is_reintroduced(bill(1), bill(2), files=files, type_=None)
    assert not is_reintroduced(bill(2), bill(1), files=files[::-1], type_=None)


def test_where_the_file_names_no_year_the_day_does() -> None:
    later = bill(2, day=DAY + timedelta(days=60))
    assert is_reintroduced(bill(1), later, files=("CB 1", "CB 2"), type_="Council Bill")
    assert not is_reintroduced(bill(1), replace(later, day=DAY), files=("CB 1", "CB 2"), type_="Council Bill")


def test_a_contract_that_is_renewed_is_not_reintroduced() -> None:
    one, other = agenda(1, matter=1), agenda(2, matter=2, day=DAY + timedelta(days=365))
    assert not is_reintroduced(one, other, files=("26-1", "27-1"), type_="Contract")
    assert is_reintroduced(one, other, files=("26-1", "27-1"), type_="Ordinance")


def test_a_matter_is_not_reintroduced_as_itself() -> None:
    files = "Int 0665-2015", "Int 0231-2018"
    assert not is_reintroduced(bill(1), bill(2, matter=1), files=files, type_=None)


def test_copies_are_looked_for_in_all_news_or_within_one_government() -> None:
    assert scope_of(ItemKind.NEWS, SEATTLE) == scope_of(ItemKind.NEWS, None) == "news"
    assert (scope_of(ItemKind.NOTICE, SEATTLE), scope_of(ItemKind.NOTICE, None)) == (SEATTLE, None)
