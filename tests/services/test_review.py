"""Tests of services/review.py: a decision leaves a revision, and a confirmed mention raises an event."""

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.subscription import SubscriptionState
from oversight.errors import InvalidInput, NotAllowed, NotFound
from oversight.services.review import confirm, dismiss
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow, EventRow, MentionRow
from oversight.storage.revisions import history
from tests.factories import NOW, add_mention, add_subscription

WHO = {"reviewer": "editor@example.org", "now": NOW}


def mention_in(sessions: Sessions, **changes: object) -> int:
    with sessions.begin() as session:
        return add_mention(session, **changes).id


def count(session: Session, entity) -> int:
    return session.scalars(select(func.count()).select_from(entity)).one()


def test_confirming_decides_the_mention(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    with sessions.begin() as session:
        confirm(session, mention_id, reason="a real contract", **WHO)
    with reading(sessions) as session:
        mention = session.get_one(MentionRow, mention_id)
    assert (mention.state, mention.decided_by, mention.decided_at) == ("confirmed", "editor@example.org", NOW)
    assert mention.reason == "a real contract"


def test_confirming_raises_one_reviewed_event(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    with sessions.begin() as session:
        confirm(session, mention_id, reason="", **WHO)
    with reading(sessions) as session:
        event = session.scalars(select(EventRow)).one()
    assert (event.kind, event.mention_id, event.is_reviewed) == ("mention", mention_id, True)


def test_followers_of_the_place_and_of_the_technology_are_alerted(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_subscription(session)
        add_subscription(session, query="tech:alpr")
        add_subscription(session, query="tech:drones")
        add_subscription(session, state=SubscriptionState.PENDING.value)
    mention_id = mention_in(sessions)
    with sessions.begin() as session:
        confirm(session, mention_id, reason="", **WHO)
    with reading(sessions) as session:
        assert count(session, AlertRow) == 2


def test_event_and_alerts_are_written_with_the_decision_or_not_at_all(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    with pytest.raises(RuntimeError), sessions.begin() as session:
        add_subscription(session)
        confirm(session, mention_id, reason="", **WHO)
        raise RuntimeError("the process stops before the commit")
    with reading(sessions) as session:
        assert (count(session, EventRow), count(session, AlertRow)) == (0, 0)
        assert session.get_one(MentionRow, mention_id).state == "pending"


def test_a_decision_leaves_a_revision(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    with sessions.begin() as session:
        confirm(session, mention_id, reason="a real contract", **WHO)
    with reading(sessions) as session:
        (revision,) = history(session, "mention", str(mention_id))
    assert (revision.before, revision.after) == ({"state": "pending"}, {"state": "confirmed"})
    assert (revision.actor, revision.reason) == ("editor@example.org", "a real contract")
    assert len(revision.sources) == 1


def test_dismissing_raises_no_event(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    with sessions.begin() as session:
        dismiss(session, mention_id, reason="a video game", **WHO)
    with reading(sessions) as session:
        assert (session.get_one(MentionRow, mention_id).state, count(session, EventRow)) == ("dismissed", 0)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_dismissing_needs_a_reason(sessions: Sessions, reason: str) -> None:
    mention_id = mention_in(sessions)
    with pytest.raises(InvalidInput, match="why"), sessions.begin() as session:
        dismiss(session, mention_id, reason=reason, **WHO)


def test_a_mention_is_decided_once(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    with sessions.begin() as session:
        confirm(session, mention_id, reason="", **WHO)
    with pytest.raises(NotAllowed, match="already confirmed"), sessions.begin() as session:
        dismiss(session, mention_id, reason="second thoughts", **WHO)
    with reading(sessions) as session:
        assert len(history(session, "mention", str(mention_id))) == 1


def test_of_two_editors_at_once_one_decides(sessions: Sessions) -> None:
    mention_id = mention_in(sessions)
    together = threading.Barrier(2, timeout=20)
    told: list[str] = []

    def decide(reviewer: str) -> None:
        together.wait()
        try:
            with sessions.begin() as session:
                confirm(session, mention_id, reason="", reviewer=reviewer, now=NOW)
            told.append("decided")
        except NotAllowed:
            told.append("refused")

    editors = [threading.Thread(target=decide, args=(name,)) for name in ("ann", "bob")]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    with reading(sessions) as session:
        assert (sorted(told), count(session, EventRow)) == (["decided", "refused"], 1)


def test_a_mention_that_does_not_exist_is_not_found(sessions: Sessions) -> None:
    with pytest.raises(NotFound), sessions.begin() as session:
        confirm(session, 99, reason="", **WHO)


def test_a_mention_without_a_known_place_is_followed_by_its_technology(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_subscription(session, query="tech:alpr")
    mention_id = mention_in(sessions, places=[{"name": "Somewhere", "ocd_id": None}], jurisdiction=None)
    with sessions.begin() as session:
        confirm(session, mention_id, reason="", **WHO)
    with reading(sessions) as session:
        assert count(session, AlertRow) == 1
