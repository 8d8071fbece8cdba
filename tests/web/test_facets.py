"""Facets of mentions, matters and meetings: the number beside each choice is that of the rows it leads to."""

from datetime import date

import pytest
from flask import Flask

from oversight.storage.engine import Sessions
from oversight.storage.models import MatterStepRow
from oversight.storage.queries.matter_list import PAGE
from tests.factories import SEATTLE, add_council, add_item, add_matter, add_meeting, add_mention
from tests.web.browse import Element, Page, Visitor
from tests.web.crawl import MOST, asked
from tests.web.figures import LISTS

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"


@pytest.fixture
def found(sessions: Sessions) -> Sessions:
    """Mentions of two places and technologies, of which three tell one story; matters with and without steps."""
    with sessions.begin() as session:
        feed = add_council(session)
        lead = add_mention(session, technologies=("alpr", "drones"))
        lead.story_id = lead.id
        for state in ("pending", "confirmed"):
            add_mention(session, story_id=lead.id, state=state, technologies=("drones",))
        add_mention(session, state="dismissed", stage="pilot")
        add_mention(session, state="confirmed", jurisdiction=OAKLAND, stage=None)
        sittings = [(SEATTLE, "Council"), (SEATTLE, "Council"), (SEATTLE, "Parks"), (OAKLAND, "Council")]
        met = [add_meeting(session, feed_id=feed.id, jurisdiction=place, body=body) for place, body in sittings]
        add_mention(session, state="dismissed", item_id=add_item(session, feed_id=feed.id, meeting_id=met[0].id).id)
        add_mention(session, item_id=add_item(session, feed_id=feed.id, meeting_id=met[2].id).id)
        for place, stage, mention in ((SEATTLE, "referred", True), (SEATTLE, "approved", False), (OAKLAND, None, True)):
            matter = add_matter(session, jurisdiction=place)
            if stage:
                for number, (step, day) in enumerate(((stage, date(2026, 11, 2)), ("introduced", date(2026, 1, 5)))):
                    values = {"uid": str(number), "date": day, "body": "Council", "action": step, "stage": step}
                    session.add(MatterStepRow(matter_id=matter.id, feed_id=feed.id, **values))
            if mention:
                item = add_item(session, feed_id=feed.id, matter_id=matter.id)
                add_mention(session, item_id=item.id, jurisdiction=place, state="confirmed")
    return sessions


def choices(page: Page) -> list[Element]:
    return [link for one in page.main.by_class("narrowing") for link in one.all("a")]


def total(page: Page) -> int:
    return int(page.main.by_class("count")[0].text.split()[0])


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    "path",
    [
        "/mentions/",
        "/mentions/?technology=drones",
        "/mentions/?state=dismissed",
        "/matters/",
        "/matters/?mentioned=1",
        "/meetings/?when=all",
        f"/meetings/?jurisdiction={SEATTLE}",
        f"/meetings/?jurisdiction={SEATTLE}&body=Council",
    ],
)
def test_every_choice_has_as_many_rows_as_it_says(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    links = choices(page)
    assert len(links) >= 2
    for one in links:
        if one.attributes.get("aria-current") != "true":
            narrowed = visitor.get(one.attributes["href"])
            assert total(narrowed) == int(one.text.split()[-1]), one.attributes["href"]
            assert len(LISTS[path.split("/")[1]](narrowed.main)) == total(narrowed)
        else:
            assert total(page) == int(one.text.split()[-1])


@pytest.mark.usefixtures("found")
def test_meetings_can_be_narrowed_to_those_with_a_mention(visitor: Visitor) -> None:
    link = visitor.get("/meetings/").main.one("a", href="/meetings/?mentioned=1")
    assert (link.text, total(visitor.get("/meetings/?mentioned=1"))) == ("1 with a mention", 1)


@pytest.mark.usefixtures("found")
def test_a_matter_says_its_last_step_and_its_mentions(visitor: Visitor) -> None:
    rows = [row.text for row in visitor.get("/matters/").main.one("tbody").all("tr")]
    assert len(rows) == 3
    assert ["Referred 2 Nov 2026" in rows[2], "Approved 2 Nov 2026" in rows[1], "none told" in rows[0]] == [True] * 3
    assert "Oakland, CA" in rows[0]


@pytest.mark.parametrize("query", ["stage=x", "technology=x", "before=x"])
def test_what_does_not_exist_is_refused(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/matters/?{query}").status == 422
    assert visitor.get(f"/mentions/?{query.replace('technology', 'state')}").status == 422


def test_the_pages_of_matters_hold_each_once(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        for _ in range(PAGE + 3):
            add_matter(session)
    first = visitor.get("/matters/")
    older = next(one for one in first.links if "before=" in one)
    links = [link for page in (first, visitor.get(older)) for link in page.links if link[9:].isdecimal()]
    assert len(set(links)) == PAGE + 3


@pytest.mark.usefixtures("found")
def test_the_lists_ask_few_questions_however_many_rows(app: Flask, visitor: Visitor, sessions: Sessions) -> None:
    counts = []
    for _ in range(2):
        for path in ("/mentions/", "/meetings/", "/matters/", f"/matters/?jurisdiction={SEATTLE}"):
            with asked(app) as questions:
                visitor.get(path)
            counts.append(len(questions))
        with sessions.begin() as session:
            for _ in range(10):
                add_mention(session, item_id=add_item(session, matter_id=add_matter(session).id).id)
    assert counts[:4] == counts[4:]
    assert max(counts) <= MOST
