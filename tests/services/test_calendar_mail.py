"""What mails put into calendars: the entry of a meeting to come, the same one as it is moved or called off."""

from collections.abc import Callable

import pytest
from icalendar import Calendar
from sqlalchemy import update

from oversight.domain.message import Message
from oversight.services.deliver import deliver
from oversight.storage.models import FeedRow
from tests.factories import ALPR_TITLE, NOW, add_subscription
from tests.fakes import FakeChannel
from tests.services.sender import make_courier
from tests.services.townhall import Row, Townhall, entry

FILE = {"EventItemMatterFile": "CB 120001", "EventItemMatterId": 7}
CAMERAS = entry(3, ALPR_TITLE, "Ten cameras.", **FILE)
FIRST = "20261201T220000Z"


@pytest.fixture
def mailed(townhall: Townhall) -> Callable[[], list[Message]]:
    """Poll and deliver what somebody follows who was told of the cameras; the messages since the last time."""
    channel, sessions = FakeChannel(), townhall.poller.sessions
    with sessions.begin() as session:
        session.execute(update(FeedRow).values(first_ok_at=NOW))
        add_subscription(session, query="tech:alpr", reviewed_only=False)

    def poll_and_deliver() -> list[Message]:
        before = len(channel.messages)
        townhall.poll()
        deliver(make_courier(sessions, channel, townhall.poller.clock))
        return channel.messages[before:]

    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.meet(5, "2026-12-22", entry(50, "Roads"), EventBodyName="Parks Board")
    return poll_and_deliver


def entries(messages: list[Message]) -> list[Row]:
    """The entries of the only message."""
    (message,) = messages
    return list(Calendar.from_ical(message.calendar or "").walk("VEVENT"))


def shown(one: Row) -> tuple[str, str]:
    return str(one["status"]), one["dtstart"].to_ical().decode()


def test_a_meeting_that_is_called_off_leaves_the_calendar(townhall: Townhall, mailed: Callable) -> None:
    (before,) = entries(mailed())
    townhall.meet(1, "2026-12-01", EventAgendaStatusName="Cancelled")
    (after,) = entries(mailed())
    assert (shown(before), shown(after)) == (("TENTATIVE", FIRST), ("CANCELLED", FIRST))
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_a_meeting_that_moves_is_moved_in_the_calendar(townhall: Townhall, mailed: Callable) -> None:
    (before,) = entries(mailed())
    townhall.meet(1, "2026-12-03")
    (after,) = entries(mailed())
    assert shown(after) == ("TENTATIVE", "20261203T220000Z")
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_a_meeting_that_takes_another_s_place_comes_with_the_end_of_that(townhall: Townhall, mailed: Callable) -> None:
    (before,) = entries(mailed())
    townhall.meet(1, "2026-12-01", EventAgendaStatusName="Cancelled")
    townhall.meet(2, "2026-12-03")
    gone, new = entries(mailed())
    assert (shown(gone), shown(new)) == (("CANCELLED", FIRST), ("TENTATIVE", "20261203T220000Z"))
    assert gone["uid"] == before["uid"] != new["uid"]


def test_the_next_agenda_and_a_revised_one_bring_their_meeting(townhall: Townhall, mailed: Callable) -> None:
    mailed()
    townhall.agenda(1, entry(3, ALPR_TITLE, "Twenty cameras.", **FILE))
    assert [shown(one) for one in entries(mailed())] == [("TENTATIVE", FIRST)]
    townhall.meet(2, "2026-12-08", entry(4, "Second reading of the council bill", **FILE))
    assert [shown(one) for one in entries(mailed())] == [("TENTATIVE", "20261208T220000Z")]
