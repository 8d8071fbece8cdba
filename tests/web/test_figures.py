"""Every figure that is a link equals the number of rows that the link shows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from oversight.storage.engine import Sessions
from tests.factories import NOW, SEATTLE, add_council, add_item, add_meeting, add_mention
from tests.web.crawl import crawl
from tests.web.figures import all_figures, wrong_figures
from tests.web.record import add_record

LONG = timedelta(days=90)


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite is enough for pages that are compared with each other."""
    return sqlite_engine


@pytest.fixture
def told_twice(sessions: Sessions) -> None:
    """A place whose council's feed brings 160 mentions: one of them was dismissed, two are one story."""
    with sessions.begin() as session:
        add_record(session)
        feed = add_council(session)
        past = {"date": (NOW - LONG).date(), "starts_at": NOW - LONG}
        meetings = [add_meeting(session, feed_id=feed.id), add_meeting(session, feed_id=feed.id, **past)]
        items = [add_item(session, feed_id=feed.id, meeting_id=one.id) for one in meetings for _ in range(80)]
        found = [add_mention(session, item_id=item.id) for item in items]
        found[0].state = "dismissed"
        found[1].story_id = found[2].story_id = found[1].id


def test_figures_hold_where_a_story_is_told_twice_and_some_is_set_aside(app: Flask, told_twice: None) -> None:
    pages = crawl(app, enough=12)
    mentions = {one.count for one in all_figures(pages) if one.target == f"/mentions/?jurisdiction={SEATTLE}"}
    assert mentions == {158}
    wrong = wrong_figures(all_figures(pages), pages, app)
    assert wrong == [], wrong[:8]
