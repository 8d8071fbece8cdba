"""The rule of two persons: a legal status is published when a second editor approves, on both databases."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from oversight.domain.account import Role
from oversight.errors import NotAllowed
from oversight.services.audit import verify
from oversight.services.propose import approve, reject
from oversight.storage.engine import Sessions, one_moment, reading
from oversight.storage.models import ProposalRow
from oversight.storage.revisions import history
from tests.factories import NOW, SEATTLE
from tests.web.browse import Page, Visitor
from tests.web.conftest import PASSWORD, MakeApp, add_account
from tests.web.record import MINUTES, POLICY, add_record
from tests.web.test_edit import send

EDIT = f"/edit/policy/{POLICY}"
FIRST, SECOND = "editor@example.org", "second@example.org"


@pytest.fixture
def app(make_app: MakeApp, sessions: Sessions) -> Flask:
    """A site with the rule, the small record and two editors."""
    with sessions.begin() as session:
        add_record(session)
    add_account(sessions, Role.EDITOR)
    add_account(sessions, Role.EDITOR, name="second")
    return make_app(two_persons=True)


def desk_of(app: Flask, email: str) -> Visitor:
    visitor = Visitor(app)
    visitor.log_in(email, PASSWORD)
    return visitor


@pytest.fixture
def first(app: Flask) -> Visitor:
    return desk_of(app, FIRST)


@pytest.fixture
def second(app: Flask) -> Visitor:
    return desk_of(app, SECOND)


def adopt(editor: Visitor) -> Page:
    """Say that the council adopted it, by the minutes."""
    typed = {"history-1-status": "adopted", "history-1-date": "2017-07-31", "says_vote": "1", "source-0": MINUTES}
    return send(editor, EDIT, **typed)


def versions(sessions: Sessions) -> list[tuple[str, list[str]]]:
    with reading(sessions) as session:
        rows = history(session, "policy", POLICY)
        return [(row.actor, [step["status"] for step in row.after["history"]]) for row in rows]


def only(sessions: Sessions) -> ProposalRow:
    with reading(sessions) as session:
        return session.scalars(select(ProposalRow)).one()


def test_a_change_of_status_waits_and_is_published_in_both_names(
    first: Visitor, second: Visitor, visitor: Visitor, sessions: Sessions
) -> None:
    assert adopt(first).location == "/review/proposals/1"
    assert [actor for actor, _ in versions(sessions)] == ["flask record load"]
    place = f"/jurisdictions/{SEATTLE}"
    assert "A change is proposed" in second.get(place).text
    assert "A change is proposed" not in visitor.get(place).text
    assert "Adopted" in second.get("/review/proposals/1").text
    assert second.post("/review/proposals/1/approve").location == "/review/proposals/1"
    actor, steps = versions(sessions)[-1]
    assert (actor, steps) == (f"{FIRST}, approved by {SECOND}", ["introduced", "adopted"])
    assert "A change is proposed" not in second.get(place).text
    with one_moment(sessions) as session:
        assert verify(session).faults == ()


def test_the_same_person_is_refused(first: Visitor, sessions: Sessions) -> None:
    adopt(first)
    refused = first.post("/review/proposals/1/approve")
    assert (refused.status, "another editor has to decide" in refused.text) == (409, True)
    assert first.post("/review/proposals/1/reject", reason="mine").status == 409
    assert (only(sessions).state, len(versions(sessions))) == ("open", 1)


def test_the_database_refuses_the_same_person_too(first: Visitor, sessions: Sessions) -> None:
    adopt(first)
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.scalars(select(ProposalRow)).one().decided_by = FIRST


def test_a_rejected_change_was_never_published(first: Visitor, second: Visitor, sessions: Sessions) -> None:
    adopt(first)
    assert second.post("/review/proposals/1/reject", reason=" ").status == 422
    assert second.post("/review/proposals/1/reject", reason="the minutes say continued").status == 302
    row = only(sessions)
    assert (row.state, row.decided_because, row.decided_by) == ("rejected", "the minutes say continued", SECOND)
    assert len(versions(sessions)) == 1
    assert second.post("/review/proposals/1/approve").status == 409


def test_what_came_in_since_is_shown_and_never_overwritten(first: Visitor, second: Visitor, sessions: Sessions) -> None:
    adopt(first)
    assert send(second, EDIT, note="A note of the second.").status == 302
    page = second.get("/review/proposals/1").text
    assert "Version 2 came in since" in page
    assert "A note of the second." in page
    assert second.post("/review/proposals/1/approve").status == 409
    assert (only(sessions).state, len(versions(sessions))) == ("open", 2)


def test_what_is_no_legal_status_is_saved_at_once(first: Visitor, sessions: Sessions) -> None:
    assert send(first, EDIT, note="A note.").status == 302
    assert len(versions(sessions)) == 2


def test_taking_a_policy_out_needs_two_as_well(first: Visitor, second: Visitor, sessions: Sessions) -> None:
    asked = first.post(f"/edit/policy/withdraw/{POLICY}", version="1", reason="never existed")
    assert asked.location == "/review/proposals/1"
    assert len(versions(sessions)) == 1
    assert "take the policy out" in second.get("/review/proposals/1").text
    assert second.post("/review/proposals/1/approve").status == 302
    assert second.get(f"/policies/{POLICY}").status == 410


def test_without_the_rule_one_editor_is_enough(make_app: MakeApp, app: Flask, sessions: Sessions) -> None:
    assert adopt(desk_of(make_app(), FIRST)).location == f"/history/policy/{POLICY}"
    assert len(versions(sessions)) == 2


def test_of_many_who_decide_at_once_one_decides(first: Visitor, sessions: Sessions) -> None:
    adopt(first)
    together, ends = Barrier(4), []

    def decide(number: int) -> None:
        together.wait()
        try:
            with sessions.begin() as session:
                if number % 2:
                    approve(session, 1, by=f"editor-{number}@example.org", now=NOW)
                else:
                    reject(session, 1, by=f"editor-{number}@example.org", reason="no", now=NOW)
            ends.append("decided")
        except (NotAllowed, IntegrityError):
            ends.append("refused")

    threads = [Thread(target=decide, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["decided", "refused", "refused", "refused"]
    assert len(versions(sessions)) == (2 if only(sessions).state == "approved" else 1)


def test_a_look_proposes_nothing(sessions: Sessions, first: Visitor) -> None:
    answer = send(first, EDIT, **{"history-1-status": "introduced", "history-1-date": "2018", "look": "1"})
    assert (answer.status, "What saving changes" in answer.text) == (200, True)
    with reading(sessions) as session:
        assert session.scalars(select(ProposalRow)).all() == []


def test_a_policy_that_is_added_waits_for_the_second_too(first: Visitor, second: Visitor) -> None:
    typed = {"title": "Camera rule", "jurisdiction_key": SEATTLE, "instrument": "ban", "direction": "tightens"}
    typed |= {"technologies": "alpr", "summary": "No cameras.", "confidence": "high", "verification": "verified"}
    waits = send(first, "/edit/new/policy", **typed, **{"history-0-status": "introduced", "history-0-date": "2019"})
    assert (waits.location or "").startswith("/review/proposals/")
    assert "Camera rule" not in first.get(f"/jurisdictions/{SEATTLE}").text
    assert second.submit(waits.location, f"{waits.location}/approve").status == 302
    assert "Camera rule" in first.get(f"/jurisdictions/{SEATTLE}").text
