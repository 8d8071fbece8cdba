"""The calendar: what stands on which day, in whose time, narrowed by its address, and its files."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from oversight.storage.engine import Sessions
from oversight.storage.models import MeetingChangeRow, MeetingMoveRow
from tests.factories import NOW, SEATTLE, add_council, add_item, add_meeting, add_mention
from tests.web.browse import Element, Page, Visitor
from tests.web.record import add_record
from tests.web.test_desk import queries

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"


def on(page: Page, day: str) -> Element:
    """A day of the calendar."""
    return page.main.one("", id=f"on-{day}")


def bodies(page: Page) -> list[str]:
    return [one.one("a").text for one in page.main.by_class("sitting")]


def events(visitor: Visitor, path: str) -> dict[str, Any]:
    """The events of a file, by UID; every line must be one that the format allows."""
    answer = visitor.client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    return {str(one["uid"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.fixture
def council(sessions: Sessions) -> Sessions:
    """Seattle and Oakland meet; on one agenda of Seattle stand two mentions, a third was dismissed."""
    with sessions.begin() as session:
        feed = add_council(session)
        meeting = add_meeting(session, feed_id=feed.id, date=date(2026, 11, 24), how_to_comment="Write to the clerk")
        meeting.starts_at = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
        for state in ("pending", "confirmed", "dismissed"):
            item = add_item(session, feed_id=feed.id, meeting_id=meeting.id)
            add_mention(session, item_id=item.id, state=state, title=f"Readers, {state}; plates")
        moment = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
        add_meeting(
            session, feed_id=feed.id, jurisdiction=OAKLAND, body="Parks", date=date(2026, 11, 17), starts_at=moment
        )
    return sessions


@pytest.mark.usefixtures("council")
def test_a_meeting_stands_on_its_local_day_in_local_time_with_utc_beside(visitor: Visitor) -> None:
    page = visitor.get("/calendar/")
    assert "Parks" in on(page, "2026-11-17").text
    cell = on(page, "2026-11-24")
    assert "14:30 PST 22:30 UTC" in cell.text
    assert cell.one("li").one("time").attributes["datetime"] == "2026-11-24T22:30Z"
    assert "2 mentions" in cell.text


@pytest.mark.usefixtures("council")
def test_today_is_marked_and_the_months_beside_are_links(visitor: Visitor) -> None:
    page = visitor.get("/calendar/?kind=meeting")
    assert [one.attributes["id"] for one in page.main.all("td", aria_current="date")] == ["on-2026-11-20"]
    assert {"/calendar/?kind=meeting&month=2026-10", "/calendar/?kind=meeting&month=2026-12"} <= set(page.links)
    assert "next meeting" not in page.text
    assert "next meeting after October: 17 Nov 2026" not in visitor.get("/calendar/?month=2026-10").text
    assert "today" not in visitor.get("/calendar/?month=2026-12").main.one("table").text


@pytest.mark.usefixtures("council")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Parks", "City Council"]),
        ("view=list", ["Parks", "City Council"]),
        (f"place={OAKLAND}", ["Parks"]),
        ("state=WA", ["City Council"]),
        ("state=CA&view=list", ["Parks"]),
        ("state=DC", []),
        ("technology=alpr", ["City Council"]),
        ("technology=drones", []),
        ("kind=decision", ["City Council"]),
        ("kind=duty", []),
        ("month=2026-12", []),
    ],
)
def test_the_address_narrows_the_calendar(visitor: Visitor, query: str, expected: list[str]) -> None:
    assert bodies(visitor.get(f"/calendar/?{query}")) == expected


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "kind=x", "technology=x", "state=xx", "view=x"])
def test_what_does_not_exist_is_refused(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/calendar/?{query}").status == 422


def test_what_was_called_off_moved_or_vanished_stays_and_says_so(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        off = add_meeting(session, feed_id=feed.id, status="cancelled", body="Off")
        gone = add_meeting(session, feed_id=feed.id, vanished_at=NOW, body="Gone")
        twin = add_meeting(session, feed_id=feed.id, body="Twin", date=date(2026, 12, 3))
        moved = add_meeting(session, feed_id=feed.id, body="Moved")
        session.add(MeetingMoveRow(meeting_id=off.id, moved_to_id=twin.id, seen_at=NOW))
        values = {"kind": "moved", "before": "2026-11-30T22:00:00+00:00", "after": "2026-12-01T22:00:00+00:00"}
        session.add(MeetingChangeRow(meeting_id=moved.id, seen_at=NOW, **values))
        ids = [off.id, gone.id, moved.id]
    rows = {one.one("a").text: one.text for one in visitor.get("/calendar/?month=2026-12").main.by_class("sitting")}
    assert "Cancelled moved to 3 Dec 2026" in rows["Off"]
    assert "Cancelled? its feed no longer lists it" in rows["Gone"]
    assert "Moved from 30 Nov 2026, 14:00" in rows["Moved"]
    found = events(visitor, "/calendar.ics")
    statuses = [str(found[f"meeting-{one}@127.0.0.1"]["status"]) for one in ids]
    assert statuses == ["CANCELLED", "TENTATIVE", "CONFIRMED"]
    assert [found[f"meeting-{one}@127.0.0.1"]["sequence"] for one in ids] == [0, 0, 1]
    assert str(found[f"meeting-{ids[1]}@127.0.0.1"]["summary"]).startswith("Cancelled? Gone")


@pytest.mark.usefixtures("council")
def test_one_meeting_is_one_entry_that_says_how_to_comment(visitor: Visitor) -> None:
    (event,) = events(visitor, "/meetings/1.ics").values()
    assert event["dtstart"].dt == datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert str(event["url"]) == "http://127.0.0.1:8000/meetings/1"
    words = str(event["description"])
    assert "24 Nov 2026, 14:30 PST" in words
    assert "How to comment: Write to the clerk" in words
    assert "On the agenda: Readers, pending; plates" in words
    assert "dismissed" not in words


def test_hostile_words_stay_in_their_line(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        body = "Council\r\nEND:VEVENT\nSTATUS:CANCELLED; a, b\\n " + "ü" * 90
        add_meeting(session, body=body, starts_at=None, agenda_url="javascript:alert(1)", how_to_comment="a\x07b")
    (event,) = events(visitor, "/calendar.ics").values()
    assert "END:VEVENT\nSTATUS:CANCELLED; a, b\\n ü" in str(event["summary"])
    assert event["status"] == "CONFIRMED"
    assert event["dtstart"].dt == date(2026, 12, 1)
    assert "javascript" not in str(event["description"])
    assert "How to comment: ab" in str(event["description"])


@pytest.mark.usefixtures("council")
def test_the_file_has_the_filters_of_the_page_and_is_sent_once(visitor: Visitor) -> None:
    assert len(events(visitor, "/calendar.ics")) == 2
    assert list(events(visitor, "/calendar.ics?technology=alpr")) == ["meeting-1@127.0.0.1"]
    assert "/calendar.ics?technology=alpr" in visitor.get("/calendar/?technology=alpr&month=2026-11").links
    tag = visitor.client.get("/calendar.ics").headers["ETag"]
    assert visitor.client.get("/calendar.ics", headers={"If-None-Match": tag}).status_code == 304
    assert visitor.client.get("/calendar.ics?kind=x").status_code == 422


def test_a_meeting_without_a_day_has_no_entry(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_meeting(session, date=None, starts_at=None)
    assert visitor.get("/meetings/1.ics").status == 404
    assert visitor.get("/meetings/2.ics").status == 404
    assert visitor.get("/meetings/1").status == 200


def test_duties_stand_on_their_day_and_those_past_it_say_whether_anybody_looked(recorded: Visitor) -> None:
    assert "Sunset" in on(recorded.get("/calendar/?month=2026-07"), "2026-07-01").text
    assert "Inventory, due Mar 2026" in recorded.get("/calendar/?month=2026-03&kind=duty").text
    late = recorded.get("/calendar/").main.one("section", aria_labelledby="late").text
    assert "whether it was filed is not researched" in late
    assert "due 1 Feb 2024" in late
    some_day = recorded.get("/calendar/").main.one("section", aria_labelledby="some-day")
    assert "due 2026" in some_day.text


def test_a_duty_is_an_entry_on_its_day_or_over_its_month(recorded: Visitor) -> None:
    starts = [str(one["dtstart"].dt) for one in events(recorded, "/calendar.ics?kind=duty").values()]
    assert starts == []


def test_the_calendar_asks_the_database_no_more_for_more_meetings(app: Flask, sessions: Sessions) -> None:
    visitor, counts = Visitor(app), []
    with sessions.begin() as session:
        add_record(session)
    for _ in range(2):
        with sessions.begin() as session:
            for offset in range(6):
                meeting = add_meeting(session, date=(NOW + timedelta(days=offset)).date())
                add_mention(session, item_id=add_item(session, meeting_id=meeting.id).id)
        counts.append([queries(app, visitor, f"/calendar/?place={SEATTLE}{more}") for more in ("", "&view=list")])
        counts[-1].append(queries(app, visitor, "/calendar.ics"))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
