"""Meetings: where and when, what changed, what was decided, and what is not known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from oversight.storage.engine import Sessions
from oversight.storage.models import AgendaVersionRow, MeetingChangeRow, MeetingMoveRow
from oversight.storage.queries.meetings import PAGE
from tests.factories import (
    NOW,
    SEATTLE,
    add_council,
    add_document,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
)
from tests.web.browse import Page, Visitor

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"
PAST = {"date": date(2026, 11, 3), "starts_at": datetime(2026, 11, 3, 22, tzinfo=UTC)}


def listed(page: Page) -> list[str]:
    """The bodies of the meetings in a list."""
    return [row.one("a").text for group in page.main.by_class("sittings") for row in group.all("li")]


def test_the_next_meeting_comes_first(sessions: Sessions, visitor: Visitor) -> None:
    hours = {"Third": 60, "First": 1, "Second": 30, "Sitting": -1, "Over": -5}
    with sessions.begin() as session:
        feed = add_council(session)
        for body, hour in hours.items():
            moment = NOW + timedelta(hours=hour)
            add_meeting(session, feed_id=feed.id, body=body, date=moment.date(), starts_at=moment)
        add_meeting(session, feed_id=feed.id, body="All day", date=NOW.date(), starts_at=None)
        add_meeting(session, feed_id=feed.id, body="Some day", date=None, starts_at=None)
    assert listed(visitor.get("/meetings/")) == ["Sitting", "First", "All day", "Second", "Third", "Some day"]
    assert listed(visitor.get("/meetings/?when=past")) == ["Over"]


def test_an_evening_meeting_is_to_come_although_the_day_is_over_in_utc(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        evening = {"date": (NOW - timedelta(days=1)).date(), "starts_at": NOW + timedelta(hours=1)}
        add_meeting(session, feed_id=add_council(session).id, **evening)
    assert listed(visitor.get("/meetings/")) == ["City Council"]


def test_meetings_can_be_narrowed_to_a_place_and_a_body(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        for place, body in ((SEATTLE, "Council"), (SEATTLE, "Parks"), (OAKLAND, "Council")):
            add_meeting(session, feed_id=feed.id, jurisdiction=place, body=body)
    assert len(listed(visitor.get("/meetings/"))) == 3
    assert listed(visitor.get(f"/meetings/?jurisdiction={SEATTLE}")) == ["Council", "Parks"]
    page = visitor.get(f"/meetings/?jurisdiction={SEATTLE}&body=Parks")
    assert (listed(page), page.main.by_class("count")[0].text.split(" ·")[0]) == (["Parks"], "1 meeting")
    chosen = [one.text for one in page.main.all("option", selected="")]
    assert chosen == ["Seattle, WA", "Parks"]


def test_the_pages_of_a_long_list_hold_each_meeting_once(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        ids = {add_meeting(session, feed_id=feed.id).id for _ in range(PAGE + 3)}
    pages = [visitor.get("/meetings/"), visitor.get("/meetings/?page=2")]
    assert "/meetings/?page=2" in pages[0].links
    links = {link for page in pages for link in page.links if link.removeprefix("/meetings/").isdecimal()}
    assert ([len(listed(page)) for page in pages], len(links)) == ([PAGE, 3], len(ids))


def test_a_list_counts_the_mentions_of_each_agenda(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        meeting = add_meeting(session, feed_id=feed.id)
        for state in ("pending", "confirmed", "dismissed"):
            item = add_item(session, feed_id=feed.id, meeting_id=meeting.id)
            add_mention(session, item_id=item.id, state=state)
    assert [one.text for one in visitor.get("/meetings/").main.by_class("found")] == ["2 mentions"]


def add_hearing(sessions: Sessions, **changes: Any) -> None:
    """A meeting of Seattle's council."""
    with sessions.begin() as session:
        add_meeting(session, feed_id=add_council(session).id, **changes)


def test_a_meeting_is_shown_in_its_own_time_with_utc_for_machines(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions)
    page = visitor.get("/meetings/1")
    clock = page.main.one("time")
    assert (clock.text, clock.attributes["datetime"]) == ("14:00 PST", "2026-12-01T22:00Z")
    assert "Tuesday, 1 Dec 2026, 14:00 PST 22:00 UTC · Confirmed" in page.text


def test_a_meeting_of_unknown_hour_says_so(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions, starts_at=None, body=None, location=None)
    page = visitor.get("/meetings/1")
    assert page.title == "Body not known"
    assert "1 Dec 2026, hour not known" in page.text
    assert list(page.main.by_class("when")[0].all("time")) == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("https://council.example.gov/comment", "The council's own page for comments"),
        ("Write to the clerk before noon.", "Write to the clerk before noon."),
        (None, "The feed does not tell."),
    ],
)
def test_a_meeting_tells_how_to_comment(sessions: Sessions, visitor: Visitor, told: str | None, words: str) -> None:
    add_hearing(sessions, how_to_comment=told)
    assert words in visitor.get("/meetings/1").text


def test_a_meeting_leads_to_agenda_minutes_and_video(sessions: Sessions, visitor: Visitor) -> None:
    links = {f"{name}_url": f"https://council.example.gov/{name}" for name in ("agenda", "minutes", "video")}
    add_hearing(sessions, **links)
    page = visitor.get("/meetings/1")
    assert set(links.values()) <= set(page.links)
    assert "its own page" in page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "cancelled"}, "Cancelled"),
        ({"status": "rescheduled"}, "Rescheduled"),
        ({"vanished_at": NOW}, "Cancelled?"),
        ({"vanished_at": NOW, "status": "cancelled"}, "Cancelled"),
    ],
)
def test_a_meeting_that_may_not_take_place_is_marked(
    sessions: Sessions, visitor: Visitor, values: dict[str, Any], words: str
) -> None:
    add_hearing(sessions, **values)
    for path in ("/meetings/", "/meetings/1", f"/jurisdictions/{SEATTLE}"):
        assert words in [chip.text for chip in visitor.get(path).main.by_class("called-off")]


def test_a_vanished_meeting_and_the_one_that_took_its_place_lead_to_each_other(
    sessions: Sessions, visitor: Visitor
) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        add_meeting(session, feed_id=feed.id, vanished_at=NOW)
        add_meeting(session, feed_id=feed.id, date=date(2026, 12, 8))
        session.add(MeetingMoveRow(meeting_id=1, moved_to_id=2, seen_at=NOW))
    gone, new = visitor.get("/meetings/1"), visitor.get("/meetings/2")
    assert "stopped listing this meeting on 20 Nov 2026, 12:00 UTC" in gone.text
    assert ("/meetings/2" in gone.links, "/meetings/1" in new.links) == (True, True)
    assert "Takes the place of City Council, 1 Dec 2026 Cancelled?" in new.text


def test_what_changed_is_told_with_its_day(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions)
    changes = [
        ("moved", "2026-12-01T21:00:00+00:00", "2026-12-01T22:00:00+00:00"),
        ("moved", "2026-11-30", "2026-12-01"),
        ("place", "Old hall", "New hall"),
        ("vanished", "confirmed", None),
    ]
    with sessions.begin() as session:
        for kind, before, after in changes:
            session.add(MeetingChangeRow(meeting_id=1, kind=kind, before=before, after=after, seen_at=NOW))
    rows = list(visitor.get("/meetings/1").main.by_class("changes")[0].all("li"))
    assert all("seen 20 Nov 2026, 12:00 UTC" in row.text for row in rows)
    words = [(list(row.all("del")), list(row.all("ins"))) for row in rows]
    assert [(before[0].text, after[0].text) for before, after in words if before] == [
        ("Old hall", "New hall"),
        ("30 Nov 2026", "1 Dec 2026"),
        ("1 Dec 2026, 13:00 PST", "1 Dec 2026, 14:00 PST"),
    ]
    assert rows[0].text.startswith("No longer listed: cancelled?")


@pytest.mark.parametrize(
    ("platform", "values", "words"),
    [
        ("legistar", {}, "Outcome: Not looked for yet"),
        ("legistar", {"outcome_looked_at": NOW}, "Outcome: Looked for, not recorded last look 20 Nov 2026"),
        ("civicplus", {}, "Outcome: This system never records outcomes"),
        ("legistar", {"outcome": "Pass", "outcome_looked_at": NOW}, "Outcome: Pass"),
    ],
)
def test_an_outcome_is_recorded_or_unknown_in_one_of_three_ways(
    sessions: Sessions, visitor: Visitor, platform: str, values: dict[str, Any], words: str
) -> None:
    with sessions.begin() as session:
        feed = add_council(session, platform=platform)
        meeting = add_meeting(session, feed_id=feed.id, **PAST)
        item = add_item(session, feed_id=feed.id, meeting_id=meeting.id, **values)
        add_mention(session, item_id=item.id)
    assert words in visitor.get("/meetings/1").main.one("ol", class_="agenda").text
    assert words.removeprefix("Outcome: ") in visitor.get("/mentions/1").text


def test_before_a_meeting_no_outcome_is_missed(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        add_item(session, feed_id=feed.id, meeting_id=add_meeting(session, feed_id=feed.id).id)
    page = visitor.get("/meetings/1")
    assert "nothing has been decided" in page.text
    assert "Outcome:" not in page.text


def test_an_agenda_leads_to_its_mentions_and_matters(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed, matter = add_council(session), add_matter(session)
        meeting = add_meeting(session, feed_id=feed.id)
        for place, state in enumerate(("dismissed", "pending")):
            item = add_item(session, feed_id=feed.id, meeting_id=meeting.id, matter_id=matter.id, sequence=2 - place)
            add_mention(session, item_id=item.id, state=state)
    rows = list(visitor.get("/meetings/1").main.one("ol", class_="agenda").all("li"))
    links = [[link.attributes["href"] for link in row.all("a")] for row in rows]
    assert links == [["/mentions/2", "/matters/1"], ["/matters/1"]]


def entry(identity: str, title: str, text: str = "") -> dict[str, str]:
    return {"identity": identity, "title": title, "text": text}


def test_versions_of_an_agenda_mark_what_came_and_what_went(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions)
    with sessions.begin() as session:
        first = [entry("a", "Budget", "One"), entry("b", "Parks"), entry("c", "Draft")]
        second = [entry("a", "Budget", "Two"), entry("c", "Final"), entry("d", "Cameras", "Forty")]
        came = [entry("a", "", "Two"), entry("c", "Final"), entry("d", "Cameras", "Forty")]
        went = [entry("a", "", "One"), entry("b", "Parks"), entry("c", "Draft")]
        for number, entries, added, removed in ((1, first, [], []), (2, second, came, went), (3, second, [], [])):
            told = {"content_hash": str(number), "entries": entries, "added": added, "removed": removed}
            session.add(AgendaVersionRow(meeting_id=1, number=number, seen_at=NOW, **told))
    versions = visitor.get("/meetings/1").main.by_class("version")
    assert [version.one("h3").text.split(" first")[0] for version in versions] == [
        "Version 3",
        "Version 2",
        "Version 1",
    ]
    assert "Only the order of the items changed." in versions[0].text
    marked = [
        (
            change.by_class("chip")[0].text,
            [one.text for one in change.all("del")],
            [one.text for one in change.all("ins")],
        )
        for change in versions[1].by_class("change")
    ]
    assert marked == [
        ("Changed", ["One"], ["Two"]),
        ("Changed", ["Draft"], ["Final"]),
        ("Added", [], ["Cameras", "Forty"]),
        ("Taken off", ["Parks"], []),
    ]
    assert "Budget" in versions[1].by_class("change")[0].text


def test_an_item_that_left_the_agenda_is_marked(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions)
    with sessions.begin() as session:
        kept, left = (add_item(session, feed_id=1, meeting_id=1) for _ in range(2))
        agendas = ([kept, left], [kept])
        for number, items in enumerate(agendas, 1):
            told = {"entries": [entry(one.identity, one.title) for one in items], "added": [], "removed": []}
            session.add(AgendaVersionRow(meeting_id=1, number=number, seen_at=NOW, content_hash=str(number), **told))
    rows = list(visitor.get("/meetings/1").main.one("ol", class_="agenda").all("li"))
    assert ["No longer on the agenda" in row.text for row in rows] == [False, True]


def test_documents_are_shown_with_what_came_of_reading_them(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions)
    read = {"state": "read", "read_at": NOW, "page_count": 12, "is_ocr": True}
    with sessions.begin() as session:
        item = add_item(session, feed_id=1, meeting_id=1, title="The contract")
        add_document(session, feed_id=1, item_id=item.id, **read)
        add_document(session, feed_id=1, meeting_id=1, state="unreadable", reason="the file is encrypted")
        add_document(session, feed_id=1, meeting_id=1, state="refused", reason="HTTP 404")
        add_document(session, feed_id=1, meeting_id=1)
        add_document(session, feed_id=1, meeting_id=1, wanted=None)
        add_document(session, feed_id=1, url="https://files.example.org/other.pdf")
    rows = [row.text for row in visitor.get("/meetings/1").main.by_class("documents")[0].all("li")]
    assert rows == [
        "Staff report read 20 Nov 2026, 12 pages OCR words read off a picture, may be wrong The contract",
        "Staff report Unreadable the file is encrypted",
        "Staff report Could not be fetched HTTP 404",
        "Staff report Waiting to be read",
        "Staff report listed only, not read",
    ]


def test_a_meeting_whose_agenda_was_not_read_is_no_finding(sessions: Sessions, visitor: Visitor) -> None:
    add_hearing(sessions)
    page = visitor.get("/meetings/1")
    assert "No agenda of this meeting has been read." in page.text
    assert len(page.main.by_class("coverage")) == 1
