"""Tests of services/save_readings.py: what several answers of one poll say together."""

from sqlalchemy import select

from oversight.domain.cleaning import CleanReading
from oversight.domain.reading import MeetingStatus, Reading
from oversight.services.examine import Examined
from oversight.services.save_readings import save_readings
from oversight.services.visit import begin_empty
from oversight.storage.engine import Sessions
from oversight.storage.models import MeetingChangeRow, MeetingRow
from tests.factories import add_council, make_meeting
from tests.services.poller import Poller


def test_a_calendar_and_a_meeting_s_own_page_that_differ_in_words_are_no_change(sessions: Sessions) -> None:
    calendar = make_meeting(location="Chamber", status=MeetingStatus.CANCELLED)
    page = make_meeting(
        location="Chamber, 2nd floor", status=MeetingStatus.CONFIRMED, video_url="https://example.org/v"
    )
    poller = Poller(sessions)
    with sessions.begin() as session:
        feed = add_council(session)
    for _ in range(2):
        visit = begin_empty(poller.collector, feed)
        visit.examined += [Examined(CleanReading(Reading(meetings=(one,)), 0), {}, ()) for one in (calendar, page)]
        with sessions.begin() as session:
            save_readings(session, [visit])
    with sessions() as session:
        row = session.scalars(select(MeetingRow)).one()
        assert session.scalars(select(MeetingChangeRow.kind)).all() == []
    assert (row.location, row.status, row.video_url) == ("Chamber", "cancelled", "https://example.org/v")
