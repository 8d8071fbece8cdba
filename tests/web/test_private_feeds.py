"""One subscription as a feed and a calendar, for who has its address."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from lxml import etree

from oversight.domain.reading import MeetingStatus
from oversight.storage.engine import Sessions
from oversight.storage.models import MeetingRow, SubscriptionRow
from tests.factories import NOW, add_alert, add_event, add_item, add_meeting, add_mention, add_subscription
from tests.web.browse import Visitor

TOLD = {"title": "Annual report on cameras", "place": "Oakland, CA", "facts": [["Rule", "each May"]]}
TOLD |= {"path": "/policies/pol-oakland", "source": None, "until": "2026-12-24"}


@pytest.fixture
def feed(sessions: Sessions) -> str:
    """The address, without its ending, of a subscription with a vote, a duty and something withdrawn."""
    with sessions.begin() as session:
        row = add_subscription(session, feed_token="the-token-of-a-feed")
        item = add_item(session, meeting_id=add_meeting(session).id)
        vote = add_event(session, mention_id=add_mention(session, item_id=item.id, title="A vote").id)
        about = {"values": [], "texts": []}
        duty = {"kind": "duty_due", "subject": "policy:x", "mention_id": None, "about": about, "told": TOLD}
        gone = add_event(session, withdrawn_at=NOW)
        for event in (vote, gone):
            add_alert(session, subscription_id=row.id, event_id=event.id)
        add_alert(session, subscription_id=row.id, event_id=add_event(session, **duty).id, state="sent", ended_at=NOW)
        add_alert(session)
    return "/f/the-token-of-a-feed"


def test_the_feed_tells_what_was_found_and_stands(visitor: Visitor, feed: str) -> None:
    page = visitor.get(f"{feed}.atom")
    titles = etree.fromstring(page.body.encode()).findall(".//{*}entry/{*}title")
    assert {one.text for one in titles} == {
        "Seattle, Washington: A vote",
        "Oakland, CA: Duty due soon: Annual report on cameras",
    }
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"


def test_the_calendar_tells_when_it_is_decided_or_due(visitor: Visitor, feed: str) -> None:
    events = Calendar.from_ical(visitor.get(f"{feed}.ics").body).walk("VEVENT")
    assert {event.decoded("dtstart") for event in events} == {datetime(2026, 12, 1, 22, tzinfo=UTC), date(2026, 12, 24)}


def test_a_meeting_that_moved_or_was_called_off_is_one_entry_in_the_calendar(
    sessions: Sessions, visitor: Visitor, feed: str
) -> None:
    with sessions.begin() as session:
        meeting = session.get_one(MeetingRow, 1)
        meeting.status = MeetingStatus.CANCELLED.value
        told = TOLD | {"path": "/meetings/1", "until": None, "meetings": [meeting.id]}
        what = {"kind": "meeting_cancelled", "subject": "meeting:1", "mention_id": None, "about": {}, "told": told}
        add_alert(session, subscription_id=1, event_id=add_event(session, **what).id)
    events = Calendar.from_ical(visitor.get(f"{feed}.ics").body).walk("VEVENT")
    assert [event["status"] for event in events if event["uid"].startswith("meeting-1@")] == ["CANCELLED"]
    assert len(events) == 2


@pytest.mark.parametrize("ending", ["atom", "ics"])
@pytest.mark.parametrize("state", ["ended", "pending"])
def test_it_is_gone_with_the_subscription(
    sessions: Sessions, visitor: Visitor, feed: str, ending: str, state: str
) -> None:
    assert visitor.get(f"{feed}x.{ending}").status == 404
    with sessions.begin() as session:
        session.get_one(SubscriptionRow, 1).state = state
    assert visitor.get(f"{feed}.{ending}").status == 404
