"""Tests of storage/joint_hearings.py: one hearing under several file numbers has one lead."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.storage.engine import Sessions
from oversight.storage.joint_hearings import link_joint_hearings
from oversight.storage.models import FeedRow, MatterAliasRow, MatterRow, MeetingRow
from tests.factories import ALPR_TITLE, add_council, add_item, add_matter, add_meeting, number

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"


def sit(session: Session, feed: FeedRow, *files: str, title: str = ALPR_TITLE, **changes: Any) -> MeetingRow:
    """A meeting of a body of its own with these files on its agenda."""
    meeting = add_meeting(session, **({"feed_id": feed.id, "body": f"Committee {number()}"} | changes))
    for file in files:
        known = session.scalars(
            select(MatterRow).where(MatterRow.file == file, MatterRow.jurisdiction == meeting.jurisdiction)
        ).first()
        matter = known or add_matter(session, file=file, jurisdiction=meeting.jurisdiction)
        add_item(session, feed_id=feed.id, meeting_id=meeting.id, matter_id=matter.id, title=title)
    return meeting


def link(session: Session, feed: FeedRow, *meetings: MeetingRow) -> dict[str, str]:
    """Link, and tell which file leads which."""
    link_joint_hearings(session, feed, [meeting.id for meeting in meetings])
    files = {row.id: row.file for row in session.scalars(select(MatterRow))}
    session.expire_all()
    return {files[row.matter_id]: files[row.lead_id] for row in session.scalars(select(MatterAliasRow))}


def test_the_first_file_that_was_known_leads_and_twice_changes_nothing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        hearing = [sit(session, feed, file) for file in ("T3", "T1", "T2")]
        for _ in range(2):
            assert link(session, feed, *hearing) == {"T1": "T3", "T2": "T3"}


def test_each_agenda_alone_links_the_whole_hearing(sessions: Sessions) -> None:
    for place in range(3):
        with sessions() as session:
            feed = add_council(session)
            hearing = [sit(session, feed, file) for file in ("T1", "T2", "T3")]
            link(session, feed, hearing[place])
            assert link(session, feed, *hearing) == {"T2": "T1", "T3": "T1"}
            session.rollback()


def test_bodies_of_two_feeds_of_one_jurisdiction_sit_together(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed, other = add_council(session), add_council(session, key="other")
        sit(session, other, "T1")
        assert link(session, feed, sit(session, feed, "T2")) == {"T2": "T1"}


def test_nothing_else_is_linked(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        first = sit(session, feed, "T1", "T2")
        others = [
            sit(session, feed, "T3", title="Another title"),
            sit(session, feed, "T4", starts_at=first.starts_at + timedelta(minutes=30)),
            sit(session, feed, "T5", jurisdiction=OAKLAND),
            sit(session, feed, "T6", body=first.body),
            sit(session, feed, "T7", body=None),
            sit(session, feed, "T8", starts_at=None),
        ]
        assert link(session, feed, first, *others) == {}


def test_files_that_stand_together_on_one_agenda_are_two_also_where_another_body_hears_one(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        hearing = [sit(session, feed, "T1", "T2"), sit(session, feed, "T1"), sit(session, feed, "T2", "T1")]
        assert link(session, feed, *hearing) == {}


def test_items_without_a_title_are_not_linked(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        assert link(session, feed, sit(session, feed, "T1", title=""), sit(session, feed, "T2", title="")) == {}


def test_items_without_a_matter_are_not_linked(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        meeting = sit(session, feed, "T1")
        other = sit(session, feed)
        add_item(session, feed_id=feed.id, meeting_id=other.id, title=ALPR_TITLE)
        assert link(session, feed, meeting, other) == {}
