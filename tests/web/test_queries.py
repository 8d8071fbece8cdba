"""No page asks the database more where there are more rows."""

import pytest
from flask import Flask

from oversight.storage.engine import KEPT, Sessions
from tests.factories import SEATTLE, add_council, add_item, add_meeting, add_mention
from tests.web.browse import Visitor
from tests.web.crawl import MOST, asked
from tests.web.record import POLICY, add_record

SINGLE = ["/", "/jurisdictions/", f"/jurisdictions/{SEATTLE}", "/mentions/", "/meetings/", "/meetings/1", "/coverage/"]
SINGLE += ["/policies/", "/deployments/", "/vendors/", "/actions/", "/feeds/", "/mentions/1", "/design/"]
SINGLE += [f"/policies/{POLICY}", f"/compare/?place={SEATTLE}", f"/compare/?policy={POLICY}"]


@pytest.fixture
def place(sessions: Sessions) -> None:
    """A place with a record, and a council whose meeting has a mention."""
    with sessions.begin() as session:
        add_record(session)
        feed = add_council(session)
        meeting = add_meeting(session, feed_id=feed.id)
        add_mention(session, item_id=add_item(session, feed_id=feed.id, meeting_id=meeting.id).id)


@pytest.mark.parametrize("path", SINGLE)
def test_more_rows_are_no_more_questions(app: Flask, sessions: Sessions, place: None, path: str) -> None:
    visitor = Visitor(app)
    visitor.get(path)
    with asked(app) as few:
        visitor.get(path)
    with sessions.begin() as session:
        for number in range(3):
            feed = add_council(session, key=f"council-{number}")
            meeting = add_meeting(session, feed_id=feed.id, uid=f"more-{number}")
            for _ in range(4):
                add_mention(session, item_id=add_item(session, feed_id=feed.id, meeting_id=meeting.id).id)
    with asked(app) as many:
        visitor.get(path)
    assert (len(many), many) == (len(few), many)


@pytest.mark.usefixtures("place")
def test_the_first_page_of_a_process_asks_few_questions_too(app: Flask) -> None:
    counts = {}
    for path in SINGLE:
        app.extensions["oversight"].sessions.kw["info"][KEPT].clear()
        with asked(app) as questions:
            Visitor(app).get(path)
        counts[path] = len(questions)
    assert {path: count for path, count in counts.items() if count > MOST} == {}
