"""The desk: an editor decides through the pages, with a reason, once; and those who follow are told (SAFETY G2)."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from oversight.domain.account import Role
from oversight.storage.engine import Sessions
from oversight.storage.models import AlertRow, EventRow, MentionRow, RevisionRow
from tests.factories import (
    AFTERNOON,
    NOW,
    add_council,
    add_evening,
    add_item,
    add_meeting,
    add_mention,
    add_subscription,
    make_meeting,
)
from tests.web.browse import Page, Visitor
from tests.web.conftest import logged_in, move_clock

CONFIRM, DISMISS = "/review/1/confirm", "/review/1/dismiss"


@pytest.fixture
def mention(sessions: Sessions) -> None:
    """One mention that waits, in a place that somebody follows."""
    with sessions.begin() as session:
        add_subscription(session)
        add_mention(session)


def found(sessions: Sessions, column: object) -> list[object]:
    with sessions() as session:
        return list(session.scalars(select(column)))  # type: ignore[call-overload]


def queue(page: Page) -> list[str]:
    return [one.attributes["id"] for one in page.main.by_class("card")]


@pytest.mark.usefixtures("mention")
def test_confirming_takes_a_mention_off_the_queue_and_into_public(
    sessions: Sessions, editor: Visitor, visitor: Visitor
) -> None:
    done = editor.submit("/review/", CONFIRM)
    assert (done.status, done.location) == (302, "/review/?done=1")
    after = editor.get(done.location)
    assert ("Confirmed: Council to vote" in after.text, queue(after)) == (True, [])
    assert "Confirmed by an editor" in visitor.get("/mentions/1").text


@pytest.mark.usefixtures("mention")
def test_confirming_writes_event_alert_and_revision(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", CONFIRM)
    assert found(sessions, MentionRow.state) == ["confirmed"]
    assert found(sessions, EventRow.kind) == ["mention"]
    assert found(sessions, AlertRow.state) == ["pending"]
    with sessions() as session:
        revision = session.scalars(select(RevisionRow)).one()
    assert (revision.actor, revision.at, revision.after) == ("editor@example.org", NOW, {"state": "confirmed"})


@pytest.mark.usefixtures("mention")
def test_all_that_confirming_writes_is_in_one_transaction(app: Flask, sessions: Sessions, editor: Visitor) -> None:
    token, commits = editor.token(), []
    event.listen(app.extensions["oversight"].engine, "commit", lambda _connection: commits.append(counts(sessions)))
    editor.ask("POST", CONFIRM, data={"csrf_token": token})
    assert commits == [(0, 0, 0)]
    assert counts(sessions) == (1, 1, 1)


def counts(sessions: Sessions) -> tuple[int, ...]:
    """Events, alerts and revisions that others can see."""
    engine = sessions.kw["bind"].execution_options(is_reading=True)
    with sessions(bind=engine) as session:
        return tuple(len(session.scalars(select(row.id)).all()) for row in (EventRow, AlertRow, RevisionRow))


@pytest.mark.usefixtures("mention")
def test_where_one_part_cannot_be_written_none_is(app: Flask, sessions: Sessions, editor: Visitor) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    token = editor.token()
    event.listen(app.extensions["oversight"].engine, "before_cursor_execute", fail_at("INSERT INTO alerts"))
    assert editor.ask("POST", CONFIRM, data={"csrf_token": token}).status == 500
    assert (found(sessions, MentionRow.state), counts(sessions)) == (["pending"], (0, 0, 0))


def fail_at(words: str) -> Callable[..., None]:
    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(words):
            raise RuntimeError("the test pulls the plug")

    return fail


@pytest.mark.usefixtures("mention")
def test_dismissing_needs_a_reason_and_tells_nobody(sessions: Sessions, editor: Visitor, visitor: Visitor) -> None:
    editor.submit("/review/", DISMISS, reason="Wrong meaning of the word")
    assert found(sessions, MentionRow.state) == ["dismissed"]
    assert found(sessions, RevisionRow.reason) == ["Wrong meaning of the word"]
    assert (found(sessions, EventRow.id), found(sessions, AlertRow.id)) == ([], [])
    assert "Wrong meaning of the word" in visitor.get("/mentions/1").text


@pytest.mark.usefixtures("mention")
def test_dismissing_without_a_reason_changes_nothing(sessions: Sessions, editor: Visitor) -> None:
    answers = {editor.submit("/review/", DISMISS, reason=reason).location for reason in ("", "   ", "\t\r\n")}
    assert answers == {"/review/#mention-1"}
    assert "Say in a few words why" in editor.get("/review/").text
    assert found(sessions, MentionRow.state) == ["pending"]


@pytest.mark.usefixtures("mention")
@pytest.mark.parametrize("first", [CONFIRM, DISMISS])
def test_a_mention_is_decided_once(sessions: Sessions, editor: Visitor, first: str) -> None:
    editor.post(first, reason="because")
    before = found(sessions, MentionRow.state)
    later = [editor.post(second, reason="because") for second in (CONFIRM, DISMISS)]
    assert {(page.status, page.title) for page in later} == {(409, "Too late for that")}
    assert (found(sessions, MentionRow.state), len(found(sessions, RevisionRow.id))) == (before, 1)


def test_a_mention_that_is_not_there_cannot_be_decided(editor: Visitor) -> None:
    assert [editor.post(path, reason="because").status for path in (CONFIRM, DISMISS)] == [404, 404]


@pytest.mark.usefixtures("mention")
def test_the_first_of_two_editors_decides(app: Flask, sessions: Sessions, editor: Visitor) -> None:
    other = logged_in(app, sessions, Role.ADMIN)
    page = other.get("/review/")
    editor.post(CONFIRM)
    token = page.main.one("input", name="csrf_token").attributes["value"]
    assert other.ask("POST", DISMISS, data={"csrf_token": token, "reason": "no"}).status == 409


def test_what_is_decided_soonest_comes_first(sessions: Sessions, editor: Visitor) -> None:
    days = {1: "2026-12-09", 2: "2026-12-02", 3: "2026-11-01"}
    with sessions.begin() as session:
        feed = add_council(session)
        for number, day in days.items():
            date = make_meeting().date.fromisoformat(day)
            meeting = add_meeting(session, feed_id=feed.id, date=date)
            add_mention(session, item_id=add_item(session, feed_id=feed.id, meeting_id=meeting.id).id, score=number / 3)
        add_mention(session, score=0.99, item_id=add_item(session, feed_id=feed.id).id)
    assert queue(editor.get("/review/")) == ["mention-2", "mention-1", "mention-3", "mention-4"]


def test_what_is_decided_tonight_waits_first_although_it_is_tomorrow_in_utc(app: Flask, sessions: Sessions) -> None:
    with sessions.begin() as session:
        for meeting in (add_meeting(session), add_evening(session)):
            add_mention(session, item_id=add_item(session, meeting_id=meeting.id).id)
    move_clock(app, AFTERNOON)
    editor = logged_in(app, sessions, Role.EDITOR)
    assert queue(editor.get("/review/")) == ["mention-2", "mention-1"]


@pytest.mark.usefixtures("mention")
def test_the_queue_shows_why_each_is_there(editor: Visitor) -> None:
    page = editor.get("/review/")
    assert queue(page) == ["mention-1"]
    assert "1 mention wait" in page.text
    assert page.main.one("input", name="reason").attributes["maxlength"] == "500"


def test_an_empty_queue_says_so(editor: Visitor) -> None:
    assert "Nothing waits." in editor.get("/review/").text
