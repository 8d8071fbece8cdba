"""Tests of storage/items.py: each known thing once, and what an edit does."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.fingerprint import fingerprint
from oversight.domain.mention import MentionState
from oversight.domain.reading import Matter, MeetingStatus, Reading
from oversight.storage.engine import Sessions, reading
from oversight.storage.items import Found, Owners, Saved, Sighting, save_items
from oversight.storage.matters import save_matters
from oversight.storage.meetings import meeting_ids, save_meetings
from oversight.storage.models import FeedRow, ItemRow, MatterRow, MeetingRow, MentionRow, MentionTechnologyRow
from tests.factories import NOW, PLAIN_TITLE, SEATTLE, add_feed, make_detection, make_item, make_meeting


def save(sessions: Sessions, feed: FeedRow, what: Reading, detections=None) -> Saved:
    with sessions.begin() as session:
        meetings = save_meetings(session, feed, what.meetings, looks_for_outcomes=True, now=NOW)
        named = [item.meeting_uid for item in what.items if item.meeting_uid]
        owners = Owners(
            meetings | meeting_ids(session, feed, named), save_matters(session, feed, what.matters, now=NOW)
        )
        found = [
            Sighting(item, fingerprint(item), (detections or {}).get(place), owners)
            for place, item in enumerate(what.items)
        ]
        (kept,) = save_items(session, [Found(session.get_one(FeedRow, feed.id), found, NOW)])
        if kept.saved.items_new:
            session.get_one(FeedRow, feed.id).last_item_at = NOW
        return kept.saved


def feed_in(sessions: Sessions, **changes: object) -> FeedRow:
    with sessions.begin() as session:
        return add_feed(session, **changes)


def only(sessions: Sessions, entity):
    with reading(sessions) as session:
        return session.scalars(select(entity)).one()


def count(session: Session, entity) -> int:
    return session.scalars(select(func.count()).select_from(entity)).one()


def test_saving_a_reading_twice_adds_nothing(sessions: Sessions) -> None:
    feed = feed_in(sessions, jurisdiction=SEATTLE)
    item = make_item(meeting_uid="event-1", matter_file="CB 1")
    what = Reading(items=(item,), meetings=(make_meeting(),), matters=(Matter("CB 1", "A bill", None, None),))
    first = save(sessions, feed, what, {0: make_detection()})
    second = save(sessions, feed, what, {0: make_detection()})
    with reading(sessions) as session:
        counts = [count(session, entity) for entity in (ItemRow, MeetingRow, MatterRow, MentionRow)]
    assert (first, second, counts) == (Saved(1, 0, 1), Saved(0, 0, 0), [1, 1, 1, 1])


def test_an_item_stands_on_its_meeting_and_belongs_to_its_matter(sessions: Sessions) -> None:
    feed = feed_in(sessions, jurisdiction=SEATTLE)
    item = make_item(meeting_uid="event-1", matter_file="CB 1", sequence=7)
    save(
        sessions,
        feed,
        Reading(items=(item,), meetings=(make_meeting(),), matters=(Matter("CB 1", "A bill", None, None),)),
    )
    row = only(sessions, ItemRow)
    meeting, matter = only(sessions, MeetingRow), only(sessions, MatterRow)
    assert (row.meeting_id, row.matter_id, row.sequence) == (meeting.id, matter.id, 7)


def test_an_item_read_after_its_meeting_still_stands_on_it(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(meetings=(make_meeting(),)))
    save(sessions, feed, Reading(items=(make_item(meeting_uid="event-1"),)))
    assert only(sessions, ItemRow).meeting_id == only(sessions, MeetingRow).id


def test_the_same_meeting_twice_in_one_answer_is_one_meeting(sessions: Sessions) -> None:
    save(sessions, feed_in(sessions), Reading(meetings=(make_meeting(), make_meeting(location="Room 5"))))
    assert only(sessions, MeetingRow).location == "Room 5"


def test_a_cancelled_meeting_keeps_its_row(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(meetings=(make_meeting(),)))
    before = only(sessions, MeetingRow)
    save(sessions, feed, Reading(meetings=(make_meeting(status=MeetingStatus.CANCELLED),)))
    after = only(sessions, MeetingRow)
    assert (after.id, after.status) == (before.id, "cancelled")


def test_the_same_guid_in_two_feeds_is_two_items(sessions: Sessions) -> None:
    for feed in (feed_in(sessions), feed_in(sessions)):
        save(sessions, feed, Reading(items=(make_item(),)))
    with reading(sessions) as session:
        assert count(session, ItemRow) == 2


def test_the_same_guid_twice_in_one_answer_is_one_item(sessions: Sessions) -> None:
    saved = save(sessions, feed_in(sessions), Reading(items=(make_item(), make_item(title="Again"))))
    assert (saved.items_new, only(sessions, ItemRow).title) == (1, "Again")


def test_an_edit_changes_the_item_and_keeps_when_it_was_first_seen(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(items=(make_item(title=PLAIN_TITLE),)))
    before = only(sessions, ItemRow)
    saved = save(sessions, feed, Reading(items=(make_item(title="Library stays closed"),)))
    after = only(sessions, ItemRow)
    assert saved == Saved(0, 1, 0)
    assert (after.id, after.first_seen_at, after.title) == (before.id, before.first_seen_at, "Library stays closed")


def test_an_edit_that_creates_the_first_match_adds_a_mention(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(items=(make_item(title=PLAIN_TITLE),)))
    saved = save(sessions, feed, Reading(items=(make_item(),)), {0: make_detection()})
    assert (saved.mentions_new, only(sessions, MentionRow).state) == (1, MentionState.PENDING)


def test_an_edit_of_a_pending_mention_keeps_its_id_and_renews_its_evidence(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(items=(make_item(),)), {0: make_detection()})
    before = only(sessions, MentionRow)
    detection = make_detection(score=0.7, technologies=("drones",), evidence=())
    save(sessions, feed, Reading(items=(make_item(title="Council to vote on drones"),)), {0: detection})
    after = only(sessions, MentionRow)
    assert (after.id, after.title, after.score, after.evidence) == (before.id, "Council to vote on drones", 0.7, [])
    assert only(sessions, MentionTechnologyRow).technology == "drones"


def test_an_edit_leaves_a_decided_mention_as_it_was_decided(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(items=(make_item(),)), {0: make_detection()})
    with sessions.begin() as session:
        session.scalars(select(MentionRow)).one().state = MentionState.DISMISSED.value
    save(sessions, feed, Reading(items=(make_item(title="Edited"),)), {0: make_detection(score=0.1)})
    mention = only(sessions, MentionRow)
    assert (mention.state, mention.title, mention.score) == ("dismissed", make_item().title, 0.9)


def test_an_edit_that_takes_the_words_away_keeps_the_mention(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(items=(make_item(),)), {0: make_detection()})
    save(sessions, feed, Reading(items=(make_item(title=PLAIN_TITLE),)))
    assert only(sessions, MentionRow).title == make_item().title


def test_a_vanished_item_is_not_deleted(sessions: Sessions) -> None:
    feed = feed_in(sessions)
    save(sessions, feed, Reading(items=(make_item(),)))
    save(sessions, feed, Reading())
    assert only(sessions, ItemRow).uid == "item-1"


def test_two_thousand_items_are_saved_at_once(sessions: Sessions) -> None:
    items = tuple(make_item(uid=f"item-{position}") for position in range(2_000))
    assert save(sessions, feed_in(sessions), Reading(items=items)).items_new == 2_000


def test_places_without_an_id_leave_the_mention_without_jurisdiction(sessions: Sessions) -> None:
    save(sessions, feed_in(sessions), Reading(items=(make_item(),)), {0: make_detection(places=())})
    assert only(sessions, MentionRow).jurisdiction is None
