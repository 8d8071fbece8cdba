"""The first page: every number is that of the list it leads to; the map says the same in tiles, words and rows."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask

from oversight.domain.posture import Stance
from oversight.domain.record import JurisdictionKind, Posture
from oversight.storage.engine import Sessions
from oversight.storage.models import MeetingChangeRow
from oversight.storage.queries.jurisdictions import Recorded
from oversight.vocabulary.states import STATE_NAMES, TILES
from oversight.web.tile_map import MOST_SIGNS, tile_map
from tests.factories import AFTERNOON, NOW, add_council, add_evening, add_item, add_meeting, add_mention
from tests.web.browse import Page, Visitor
from tests.web.conftest import move_clock


def numbers(page: Page) -> dict[str, set[int]]:
    """The numbers of a page by the address that each leads to."""
    found: dict[str, set[int]] = {}
    for figure in page.main.by_class("figures"):
        for one in figure.all("div"):
            found.setdefault(one.one("a").attributes["href"], set()).add(int(one.one("dd").text.replace(",", "")))
    for link in page.main.by_class("figure"):
        found.setdefault(link.attributes["href"], set()).add(int(link.one("b").text.replace(",", "")))
    for row in page.main.by_class("bars")[0].all("tr"):
        found.setdefault(row.one("a").attributes["href"], set()).add(int(row.by_class("number")[0].text))
    return found


@pytest.mark.parametrize("path", ["/", "/?technology=alpr"])
def test_every_number_is_that_of_the_list_it_leads_to(recorded: Visitor, path: str) -> None:
    found = numbers(recorded.get(path))
    assert len(found) > 40
    shown = {link: int(recorded.get(link).main.by_class("count")[0].text.split()[0]) for link in found}
    assert {link: count for link, count in found.items() if count != {shown[link]}} == {}


def test_the_map_has_a_tile_for_every_state_and_none_twice() -> None:
    assert set(TILES) == {*STATE_NAMES, "DC"}
    assert Counter(TILES.values()).most_common(1)[0][1] == 1
    assert all(0 <= column < 12 and 0 <= line < 8 for column, line in TILES.values())


def test_a_tile_is_a_link_that_says_where_the_state_and_its_places_stand(recorded: Visitor) -> None:
    tiles = {one.attributes["href"]: one for one in recorded.get("/").main.by_class("tile") if one.tag == "a"}
    virginia = tiles["/jurisdictions/?technology=face_recognition&state=VA"]
    assert virginia.attributes["aria-label"].startswith("Virginia: ")
    assert virginia.by_class("tip")[0].text.startswith("Virginia")


def place(state: str, kind: str = "city") -> Recorded:
    return Recorded(1, f"{state}-{kind}", "A place", JurisdictionKind(kind), state, None)


def stance(posture: Posture) -> Stance:
    return Stance(posture, (), is_certain=True, was_loosened=False)


def test_of_more_places_than_a_tile_holds_the_strictest_have_a_sign() -> None:
    many = [(place("CA"), stance(Posture.NOT_RESEARCHED))] * 20
    found = tile_map([*many, (place("CA"), stance(Posture.BANNED)), (place("CA", "state"), stance(Posture.RESTRICTED))])
    california = next(state for state in found.states if state.code == "CA")
    assert [sign.posture for sign in california.signs][:2] == [Posture.BANNED, Posture.NOT_RESEARCHED]
    assert (len(california.signs), california.more, california.total) == (MOST_SIGNS - 1, 7, 22)


def test_a_place_in_no_state_is_not_left_out() -> None:
    found = tile_map([(Recorded(1, "x", "Abroad", JurisdictionKind.CITY, None, None), stance(Posture.BANNED))])
    assert [row.name for row, _ in found.elsewhere] == ["Abroad"]
    assert found.recorded == []


def test_a_meeting_that_was_called_off_this_week_is_told_where_it_has_a_mention(
    app: Flask, sessions: Sessions, visitor: Visitor
) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        for body, days in (("City Council", 1), ("Parks Board", 1), ("Planning Board", 9)):
            meeting = add_meeting(session, feed_id=feed.id, body=body)
            seen = NOW - timedelta(days=days)
            session.add(
                MeetingChangeRow(meeting_id=meeting.id, kind="cancelled", before=None, after=None, seen_at=seen)
            )
            if body != "Parks Board":
                add_mention(session, item_id=add_item(session, feed_id=feed.id, meeting_id=meeting.id).id)
    told = visitor.get("/").main.by_class("happened")[0].text
    assert "City Council" in told
    assert "cancelled" in told
    assert "Parks Board" not in told
    assert "Planning Board" not in told


def test_changes_of_one_reason_are_told_together(recorded: Visitor) -> None:
    told = recorded.get("/").main.by_class("happened")[0].text
    assert "entries of the record, the last:" in told
    assert "The starter record" in told


def test_a_technology_that_does_not_exist_is_422(visitor: Visitor) -> None:
    assert visitor.get("/?technology=mind_reading").status == 422


def test_a_duty_falls_due_within_a_year(recorded: Visitor) -> None:
    days = [line.one("b").text for line in recorded.get("/").main.by_class("due")[0].all("li")]
    years = {int(day.split()[-1]) for day in days}
    assert years <= {NOW.year, NOW.year + 1}


def test_an_evening_meeting_is_decided_next_until_it_is_over(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        for title, meeting in (("In December", add_meeting(session)), ("Tonight", add_evening(session))):
            add_mention(session, title=title, item_id=add_item(session, meeting_id=meeting.id).id)

    def listed(hours: float) -> list[str]:
        move_clock(app, AFTERNOON + timedelta(hours=hours))
        return [one.one("a").text for one in visitor.get("/").main.by_class("decision")]

    assert (listed(0), listed(7)) == (["Tonight", "In December"], ["In December"])
