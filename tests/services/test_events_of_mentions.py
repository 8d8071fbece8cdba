"""Tests of services/events_of_mentions.py: what is told before an editor saw it, and what calls it back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.domain.mention import Beside, Decision, MentionState
from oversight.domain.reading import ItemKind
from oversight.services.decide import Act, decide_one
from oversight.services.events_of_mentions import sure_score, tell_unreviewed
from oversight.services.undo import undo
from oversight.storage.engine import Sessions
from oversight.storage.models import AlertRow, EventRow, ItemRow, MeetingRow, MentionRow
from tests.factories import (
    NOW,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
    add_subscription,
)
from tests.fakes import FixedClock
from tests.services.archivist import Archivist
from tests.services.test_read_documents import Library


def add_agenda_mention(session: Session, *, item: dict[str, Any] | None = None, **changes: Any) -> MentionRow:
    """A sure mention of an item on the agenda of a meeting to come."""
    given = {"kind": ItemKind.AGENDA_ITEM.value} | (item or {})
    if "meeting_id" not in given:
        given["meeting_id"] = add_meeting(session).id
    return add_mention(session, **({"item_id": add_item(session, **given).id, "score": 0.97} | changes))


def tell_all(sessions: Sessions) -> None:
    with sessions.begin() as session:
        tell_unreviewed(session, list(session.scalars(select(ItemRow.id))), at=NOW)


def told(sessions: Sessions) -> list[tuple[int | None, bool, bool]]:
    """Of which mentions, whether reviewed, and whether it stands."""
    with sessions() as session:
        rows = session.scalars(select(EventRow).order_by(EventRow.id))
        return [(row.mention_id, row.is_reviewed, row.withdrawn_at is None) for row in rows]


def test_a_sure_mention_on_a_meeting_to_come_is_told_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        mention = add_agenda_mention(session).id
    for _ in range(3):
        tell_all(sessions)
    assert told(sessions) == [(mention, False, True)]


@pytest.mark.parametrize(
    ("item", "mention", "meeting"),
    [
        ({"kind": "news"}, {}, {}),
        ({"meeting_id": None}, {}, {}),
        ({}, {"score": 0.94}, {}),
        ({}, {"state": MentionState.DISMISSED.value}, {}),
        ({}, {"state": MentionState.WITHDRAWN.value}, {}),
        ({}, {}, {"status": "cancelled"}),
        ({}, {}, {"vanished_at": NOW}),
        ({}, {}, {"starts_at": NOW - timedelta(hours=1)}),
        ({}, {}, {"starts_at": None, "date": NOW.date()}),
    ],
    ids=["news", "no meeting", "score", "dismissed", "withdrawn", "cancelled", "vanished", "begun", "today"],
)
def test_others_wait_for_an_editor(
    sessions: Sessions, item: dict[str, Any], mention: dict[str, Any], meeting: dict[str, Any]
) -> None:
    assert sure_score() == 0.95
    with sessions.begin() as session:
        add_agenda_mention(session, item=item, **mention)
        if meeting:
            session.execute(update(MeetingRow).values(meeting))
    tell_all(sessions)
    assert told(sessions) == []


@pytest.mark.parametrize("state", ["pending", "dismissed"])
def test_of_two_of_one_matter_or_story_the_first_is_told_and_none_where_one_was_dismissed(
    sessions: Sessions, state: str
) -> None:
    with sessions.begin() as session:
        matter = add_matter(session).id
        one = add_agenda_mention(session, item={"matter_id": matter}, state=state)
        add_agenda_mention(session, item={"matter_id": matter})
        other = add_agenda_mention(session, state=state)
        other.story_id = other.id
        add_agenda_mention(session, story_id=other.id)
        firsts = [one.id, other.id] if state == "pending" else []
    tell_all(sessions)
    assert told(sessions) == [(first, False, True) for first in firsts]


def act(sessions: Sessions, decision: Decision, mention: int) -> int:
    with sessions.begin() as session:
        asked = Act(decision=decision, reviewer="ana", reason="Private use only")
        return decide_one(session, asked, mention, now=NOW).id


def states(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(AlertRow.state).order_by(AlertRow.id)))


def test_a_dismissal_calls_back_and_its_undoing_tells_again(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_subscription(session, reviewed_only=False)
        mention = add_agenda_mention(session).id
    tell_all(sessions)
    decision = act(sessions, Decision.DISMISS, mention)
    assert (told(sessions), states(sessions)) == ([(mention, False, False)], ["cancelled"])
    tell_all(sessions)
    assert told(sessions) == [(mention, False, False)]
    with sessions.begin() as session:
        undo(session, decision, reviewer="ana", now=NOW)
    assert (told(sessions), states(sessions)) == ([(mention, False, True)], ["pending"])


def test_a_confirmation_that_is_taken_back_is_not_told_again_by_rule(sessions: Sessions) -> None:
    with sessions.begin() as session:
        mention = add_agenda_mention(session).id
    decision = act(sessions, Decision.CONFIRM, mention)
    with sessions.begin() as session:
        undo(session, decision, reviewer="ana", now=NOW)
    tell_all(sessions)
    assert told(sessions) == [(mention, True, False)]


def test_a_rerun_tells_what_is_to_come_and_withdraws_what_it_takes_back(sessions: Sessions, clock: FixedClock) -> None:
    with sessions.begin() as session:
        meeting = add_meeting(session).id
        add_item(session, title="Cameras", kind="agenda_item", meeting_id=meeting)
        add_item(session, title="Doubts", kind="agenda_item", meeting_id=meeting)
    archivist = Archivist(sessions, clock)
    archivist.oracle.finds("Cameras", score=0.97)
    archivist.oracle.finds("Doubts", score=0.7)
    archivist.rerun()
    ((mention, is_reviewed, stands),) = told(sessions)
    assert (is_reviewed, stands) == (False, True)
    later = Archivist(sessions, clock, version="test-3")
    later.oracle.finds("Doubts", score=0.98, detector="test-3")
    later.rerun()
    assert [(one == mention, stands) for one, _, stands in told(sessions)] == [(True, False), (False, True)]


def test_the_words_of_a_document_on_a_meeting_to_come_are_told(sessions: Sessions) -> None:
    library = Library(sessions)
    library.add()
    with sessions.begin() as session:
        session.execute(update(ItemRow).values(kind="agenda_item", meeting_id=add_meeting(session).id))
    library.read()
    with sessions() as session:
        mention = session.scalars(select(MentionRow)).one()
        expected = [(mention.id, False, True)] if mention.score >= sure_score() else []
    assert told(sessions) == expected


def test_who_was_sent_a_copy_is_not_sent_the_one_that_is_confirmed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first, second = (add_subscription(session, reviewed_only=False).id for _ in range(2))
        told = add_agenda_mention(session)
        told.story_id = told.id
        copy = add_agenda_mention(session, story_id=told.id).id
    tell_all(sessions)
    with sessions.begin() as session:
        session.execute(update(AlertRow).where(AlertRow.subscription_id == first).values(state="sent"))
    with sessions.begin() as session:
        asked = Act(decision=Decision.CONFIRM, reviewer="ana", beside=(Beside.COPIES,))
        decide_one(session, asked, copy, now=NOW)
    with sessions() as session:
        query = select(AlertRow.subscription_id, AlertRow.state).order_by(AlertRow.id)
        expected = [(first, "sent"), (second, "cancelled"), (second, "pending")]
        assert session.execute(query).tuples().all() == expected
