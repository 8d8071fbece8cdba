"""What is watched, place by place; and that no page shows an empty list without saying so."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from oversight.storage.engine import Sessions
from oversight.storage.models import AgendaVersionRow, JurisdictionRow, PolicyRow
from tests.factories import NOW, SEATTLE, add_council, add_document, add_feed, add_meeting
from tests.web.browse import Visitor

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"
PORTLAND = "ocd-division/country:us/state:or/place:portland"
WELL = {
    "last_outcome": "ok",
    "first_ok_at": NOW - timedelta(days=90),
    "last_ok_at": NOW,
    "last_item_at": NOW - timedelta(hours=1),
}
SEEN = "Watched: 1 feed, last checked 20 Nov 2026, 12:00 UTC. Known gaps: none."
BLIND = "Not watched: no feed is known."


def add_policy(session: Session, key: str, name: str, instrument: str) -> None:
    """A place with a policy on record."""
    place = JurisdictionRow(key=key, name=name, kind="city")
    session.add(place)
    session.flush()
    unknown = dict.fromkeys(("effect", "number", "amends_key", "binds", "note"))
    known = {"key": f"pol-{name}", "title": "A rule", "direction": "tightens", "summary": "It rules.", "modes": []}
    known |= {"facts": {}, "confidence": "high", "verification": "verified_two_sources"}
    session.add(PolicyRow(jurisdiction_id=place.id, instrument=instrument, **known, **unknown))


def sentences(visitor: Visitor, path: str) -> list[str]:
    return [one.text for one in visitor.get(path).main.by_class("coverage")]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/mentions/",
        f"/mentions/?jurisdiction={SEATTLE}",
        "/mentions/?feed=seattle-legistar",
        "/meetings/",
        "/meetings/?when=past",
        f"/meetings/?jurisdiction={SEATTLE}",
        f"/jurisdictions/{SEATTLE}",
        "/feeds/",
        "/feeds/seattle-legistar",
        "/coverage/",
    ],
)
def test_an_empty_list_stands_beside_what_is_watched(sessions: Sessions, visitor: Visitor, path: str) -> None:
    with sessions.begin() as session:
        add_council(session, **WELL)
    assert set(sentences(visitor, path)) == {SEEN}


def test_the_empty_desk_says_what_is_watched(editor: Visitor) -> None:
    assert sentences(editor, "/review/") == [BLIND]


@pytest.mark.parametrize("path", ["/mentions/?jurisdiction={}", "/meetings/?jurisdiction={}", "/jurisdictions/{}"])
def test_a_place_without_feed_is_not_watched(sessions: Sessions, visitor: Visitor, path: str) -> None:
    with sessions.begin() as session:
        session.add(JurisdictionRow(key=OAKLAND, name="Oakland, CA", kind="city"))
        add_council(session, **WELL)
    assert set(sentences(visitor, path.format(OAKLAND))) == {BLIND}


def test_a_place_tells_what_was_read_of_it(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session, **WELL)
        for body in ("City Council", "City Council", "Privacy Commission"):
            meeting = add_meeting(session, feed_id=feed.id, body=body, first_seen_at=NOW - timedelta(days=19))
        agenda = {"number": 1, "content_hash": "1", "entries": [], "added": [], "removed": []}
        session.add(AgendaVersionRow(meeting_id=meeting.id, seen_at=NOW, **agenda))
        session.add(AgendaVersionRow(meeting_id=meeting.id, seen_at=NOW, **(agenda | {"number": 2})))
    words = "3 meetings of 2 bodies; 1 of 1 agenda read since 1 Nov 2026"
    section = visitor.get(f"/jurisdictions/{SEATTLE}").main.one("section", id="coverage")
    assert f"{words}. City Council, Privacy Commission." in section.text
    assert words in visitor.get("/coverage/").text


def test_every_kind_of_gap_is_told(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session, platform="civicplus", title="Agendas", **(WELL | {"last_outcome": "timeout"}))
        add_council(session, key="off", title="Old calendar", is_enabled=False, note="frozen since 2021")
        add_council(session, key="guess", title="New calendar", is_enabled=False, evidence="derived", note="a guess")
        for state in ("unreadable", "waiting"):
            add_document(session, feed_id=feed.id, state=state)
        add_document(session, feed_id=feed.id, wanted=None)
    (sentence, *_) = sentences(visitor, f"/meetings/?jurisdiction={SEATTLE}")
    for gap in (
        "Agendas: failing (Too slow)",
        "Old calendar: not polled (frozen since 2021)",
        "New calendar: address unproven (a guess)",
        "civicplus never records outcomes",
        "1 document unreadable",
        "1 document still to be read",
    ):
        assert gap in sentence


def test_places_with_a_policy_and_no_feed_are_listed_ordinances_first(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_policy(session, OAKLAND, "Oakland, CA", "oversight_ordinance")
        add_policy(session, PORTLAND, "Boston, MA", "ban")
        add_policy(session, SEATTLE, "Seattle, WA", "oversight_ordinance")
        add_council(session, **WELL)
        add_feed(session, jurisdiction=PORTLAND, is_enabled=False, note="needs a token")
    page = visitor.get("/coverage/")
    rows = [row.text for row in page.main.one("section", aria_labelledby="unwatched").one("tbody").all("tr")]
    assert [row.partition(",")[0] for row in rows] == ["Oakland", "Boston"]
    assert "no feed is known" in rows[0]
    assert "not polled (needs a token)" in rows[1]
    assert "2 places with a policy on record not watched" in page.text


@pytest.mark.parametrize(("gap", "count"), [("no_feed", 1), ("not_polled", 1), ("unproven", 0), ("", 3)])
def test_places_can_be_narrowed_to_a_kind_of_gap(sessions: Sessions, visitor: Visitor, gap: str, count: int) -> None:
    with sessions.begin() as session:
        add_policy(session, OAKLAND, "Oakland, CA", "ban")
        add_council(session, **WELL)
        add_feed(session, jurisdiction=PORTLAND, is_enabled=False)
    assert visitor.get(f"/coverage/?gap={gap}").main.by_class("count")[0].text.startswith(f"{count} of 3 places")
