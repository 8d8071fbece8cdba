"""Every figure that is a link equals the number of rows that the link shows."""

from datetime import timedelta
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import Engine

from oversight.storage.engine import Sessions
from tests.factories import NOW, SEATTLE, add_council, add_item, add_meeting, add_mention
from tests.web.browse import Page, Visitor
from tests.web.crawl import Pages, crawl
from tests.web.figures import Figure, figures_of, rows_at
from tests.web.record import add_record

LONG = timedelta(days=90)


def all_figures(pages: Pages) -> list[Figure]:
    """The figures of a site; those of the page that shows the parts are made up."""
    shown = {path: page for path, page in pages.items() if page.status == 200 and not path.startswith("/design")}
    return [one for path, page in shown.items() for one in figures_of(path, page)]


def wrong_figures(pages: Pages, app: Flask) -> list[tuple[Figure, int]]:
    """The figures that are not the number of rows behind them, with that number."""

    @cache
    def open_page(address: str) -> Page:
        page = pages.get(address) or Visitor(app).get(address)
        return page if page.status != 302 else open_page(page.location)

    @cache
    def rows(target: str, is_mention: bool) -> int:
        return rows_at(target, is_mention, open_page)

    counted = [(one, rows(one.target, "mention" in one.words)) for one in all_figures(pages)]
    return [(one, found) for one, found in counted if found != one.count]


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
    pages = crawl(app)
    mentions = {one.count for one in all_figures(pages) if one.target == f"/mentions/?jurisdiction={SEATTLE}"}
    assert mentions == {158}
    wrong = wrong_figures(pages, app)
    assert wrong == [], wrong[:8]
