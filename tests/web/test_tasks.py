"""The page of tasks: what is missing, where to go on, and what was put off."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.storage.engine import Sessions
from oversight.storage.models import ItemRow
from tests.factories import (
    AFTERNOON,
    add_council,
    add_evening,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
    make_meeting,
)
from tests.web.browse import Page, Visitor
from tests.web.conftest import logged_in, move_clock
from tests.web.record import DEPLOYMENT, add_record
from tests.web.test_desk import queries

TASKS, SNOOZE = "/review/tasks/", "/review/tasks/snooze"


def sitting(session: Session, feed_id: int, matter_id: int, *, day: int, outcome: str | None = None) -> None:
    meeting = add_meeting(session, feed_id=feed_id, date=make_meeting().date.replace(month=11, day=day))
    item = add_item(session, feed_id=feed_id, meeting_id=meeting.id, matter_id=matter_id, outcome=outcome)
    add_mention(session, item_id=item.id, state="confirmed", title="Plate readers")


@pytest.fixture
def watched(sessions: Sessions) -> None:
    """A file that was heard twice and one that is still to be heard; Seattle's small record."""
    with sessions.begin() as session:
        add_record(session)
        feed = add_council(session)
        heard, ahead = add_matter(session, file="CB 1"), add_matter(session, file="CB 2")
        for matter, day in ((heard, 3), (heard, 10), (ahead, 30)):
            sitting(session, feed.id, matter.id, day=day)


def listed(page: Page) -> list[str]:
    return [one.text for one in page.main.by_class("tasks")[0].all("li")]


@pytest.mark.usefixtures("watched")
def test_the_page_lists_what_is_missing_with_counts_and_links(editor: Visitor) -> None:
    page = editor.get(TASKS)
    assert "Find the outcome 1" in page.text and "Find a newer source 1" in page.text
    assert "CB 1: Plate readers" in page.text and "City Council met on 2026-11-10" in page.text
    assert {"/mentions/2", f"/deployments/{DEPLOYMENT}"} <= set(page.links)
    assert "CB 2" not in page.text


def test_nobody_looks_for_the_outcome_of_tonight(app: Flask, sessions: Sessions) -> None:
    with sessions.begin() as session:
        item = add_item(session, meeting_id=add_evening(session).id)
        add_mention(session, item_id=item.id, state="confirmed")
    move_clock(app, AFTERNOON)
    editor = logged_in(app, sessions, Role.EDITOR)
    assert "Find the outcome 0" in editor.get(TASKS).text


@pytest.mark.usefixtures("watched")
def test_a_task_is_done_when_the_outcome_is_there(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        session.execute(update(ItemRow).values(outcome="Approved"))
    assert "Find the outcome 0" in editor.get(TASKS).text


@pytest.mark.usefixtures("watched")
def test_a_later_sitting_that_decided_speaks_for_the_earlier(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        sitting(session, 1, 1, day=17, outcome="Approved")
    assert "Find the outcome 0" in editor.get(TASKS).text


@pytest.mark.usefixtures("watched")
def test_not_now_needs_a_reason_and_can_be_taken_back(editor: Visitor) -> None:
    kind = f"{TASKS}?kind=outcome"
    editor.submit(kind, SNOOZE, reason="  ", days="30")
    assert len(listed(editor.get(kind))) == 1
    editor.submit(kind, SNOOZE, reason="minutes come in December", days="30")
    page = editor.get(kind)
    assert "Nothing to be found out of this kind." in page.text
    assert "Until 20 Dec 2026, by editor@example.org: minutes come in December" in page.text
    editor.submit(kind, SNOOZE)
    assert "put off" not in editor.get(kind).text


@pytest.mark.parametrize("form", [{}, {"task": "x", "days": "2", "reason": "why"}, {"task": "x" * 600, "days": "7"}])
def test_a_form_that_says_too_little_puts_nothing_off(editor: Visitor, form: dict[str, str]) -> None:
    assert editor.post(SNOOZE, **form).status == 302
    assert "The form does not say what to put off" in editor.get(TASKS).text


def test_a_kind_that_does_not_exist_is_refused(editor: Visitor) -> None:
    assert editor.get(f"{TASKS}?kind=nothing").status == 422


@pytest.mark.usefixtures("watched")
def test_the_page_asks_the_database_few_things(app: Flask, editor: Visitor) -> None:
    assert queries(app, editor, TASKS) <= 15
