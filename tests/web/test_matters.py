"""Matters: one piece of business across meetings and bodies, and an editor's wish to have it watched."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from oversight.domain.reading import Document
from oversight.storage.documents import save_documents
from oversight.storage.engine import Sessions
from oversight.storage.models import (
    AgendaVersionRow,
    DocumentRow,
    FeedRow,
    MatterAliasRow,
    MatterRow,
    MatterStepRow,
    RevisionRow,
)
from tests.factories import (
    NOW,
    SEATTLE,
    add_council,
    add_document,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
)
from tests.web.browse import Page, Visitor

PAST = {"date": date(2026, 11, 3), "starts_at": datetime(2026, 11, 3, 22, tzinfo=UTC)}


@pytest.fixture
def matter(sessions: Sessions) -> None:
    """A council bill that nobody has seen on an agenda."""
    with sessions.begin() as session:
        add_council(session)
        add_matter(session, file="CB 120999")


def facts(page: Page) -> dict[str, str]:
    return {div.one("dt").text: div.one("dd").text for div in page.main.one("dl").all("div")}


@pytest.mark.usefixtures("matter")
def test_a_matter_shows_its_passport(visitor: Visitor) -> None:
    page = visitor.get("/matters/1")
    told = facts(page)
    assert (page.title, told["Type"], told["Status"]) == ("CB 120999", "Council Bill", "In committee")
    assert told["Outcome"] == "no sighting yet"
    assert "known by its file only" in page.text
    assert f"/jurisdictions/{SEATTLE}" in page.links


@pytest.mark.usefixtures("matter")
def test_a_hearing_that_each_body_numbers_for_itself_is_one_passport(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        other = add_matter(session, file="T2026-2")
        session.add(MatterAliasRow(matter_id=other.id, lead_id=1))
        meeting = add_meeting(session, feed_id=1, body="Committee on Technology", **PAST)
        add_item(session, feed_id=1, meeting_id=meeting.id, matter_id=other.id)
    lead, same = visitor.get("/matters/1"), visitor.get(f"/matters/{other.id}")
    assert facts(lead)["Also filed as"].startswith("T2026-2")
    assert facts(same)["Also filed as"].startswith("CB 120999")
    assert "Committee on Technology" in facts(lead)["Bodies"]


@pytest.mark.usefixtures("matter")
def test_a_joint_hearing_is_one_matter_with_a_sighting_for_each_body(sessions: Sessions, visitor: Visitor) -> None:
    bodies = ("Committee on Technology", "Committee on Public Safety", "Committee on Civil Rights")
    with sessions.begin() as session:
        for body in bodies:
            meeting = add_meeting(session, feed_id=1, body=body, **PAST)
            add_item(session, feed_id=1, meeting_id=meeting.id, matter_id=1)
        later = add_meeting(session, feed_id=1, body="City Council")
        add_item(session, feed_id=1, meeting_id=later.id, matter_id=1, title="The same under another name")
    page = visitor.get("/matters/1")
    rows = list(page.main.by_class("sightings")[0].one("tbody").all("tr"))
    assert rows[0].one("a").text == "City Council"
    assert "The same under another name" in rows[0].text
    assert {row.one("a").text for row in rows[1:]} == set(bodies)
    assert set(bodies) < set(facts(page)["Bodies"].split(", "))


@pytest.mark.usefixtures("matter")
def test_the_newest_recorded_outcome_is_the_matters(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        for body, outcome in (("Committee", "Referred"), ("Council", None)):
            meeting = add_meeting(session, feed_id=1, body=body, **PAST)
            looked = {"outcome": outcome, "outcome_looked_at": NOW}
            add_item(session, feed_id=1, meeting_id=meeting.id, matter_id=1, **looked)
    page = visitor.get("/matters/1")
    assert facts(page)["Outcome"] == "Referred Committee, 3 Nov 2026"
    assert "Looked for, not recorded last look 20 Nov 2026" in page.text


@pytest.mark.usefixtures("matter")
def test_a_matter_that_was_not_looked_for_has_no_outcome(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        meeting = add_meeting(session, feed_id=1, **PAST)
        add_item(session, feed_id=1, meeting_id=meeting.id, matter_id=1)
    assert facts(visitor.get("/matters/1"))["Outcome"] == "Not looked for yet"


@pytest.mark.usefixtures("matter")
def test_steps_stand_in_order_with_their_stage_and_source(sessions: Sessions, visitor: Visitor) -> None:
    steps = [
        (date(2026, 11, 3), "adopted as amended", "Pass", "7-2", "approved"),
        (date(2026, 10, 1), "introduced", None, None, "introduced"),
        (None, "printed", None, None, "other"),
    ]
    with sessions.begin() as session:
        for number, (day, action, outcome, votes, stage) in enumerate(steps):
            told = {"date": day, "action": action, "outcome": outcome, "votes": votes, "stage": stage}
            session.add(MatterStepRow(matter_id=1, feed_id=1, uid=str(number), body="City Council", **told))
    rows = list(visitor.get("/matters/1").main.one("ol", class_="journey").all("li"))
    assert [row.by_class("chip")[0].text for row in rows] == ["Introduced", "Approved", "Step"]
    assert "adopted as amended: Pass · 7-2 by Seattle" in rows[1].text
    assert "date not known" in rows[2].text


@pytest.mark.usefixtures("matter")
def test_a_matter_shows_its_documents_and_mentions(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        item = add_item(session, feed_id=1, matter_id=1)
        add_document(session, feed_id=1, item_id=item.id, state="unreadable")
        add_mention(session, item_id=item.id)
    page = visitor.get("/matters/1")
    assert "Unreadable" in page.main.by_class("documents")[0].text
    assert len(page.main.by_class("mention")) == 1
    assert "/mentions/1" in page.links


@pytest.mark.usefixtures("matter")
def test_a_matter_without_mention_says_what_is_watched(visitor: Visitor) -> None:
    assert "Watched: 1 feed, last checked never." in visitor.get("/matters/1").main.by_class("coverage")[0].text


@pytest.mark.usefixtures("matter")
def test_an_editor_puts_a_matter_on_the_watch_list_and_takes_it_off(sessions: Sessions, editor: Visitor) -> None:
    for is_watched, words in ((True, "on the watch list"), (False, "off the watch list")):
        done = editor.submit("/matters/1", "/matters/1/watch")
        assert f"CB 120999 is {words}." in editor.get(done.location).text
        with sessions() as session:
            assert session.scalars(select(MatterRow.is_watched)).one() is is_watched
    with sessions() as session:
        revisions = list(session.scalars(select(RevisionRow).order_by(RevisionRow.version)))
    assert [(one.entity, one.actor, one.after) for one in revisions] == [
        ("matter", "editor@example.org", {"is_watched": is_watched}) for is_watched in (True, False)
    ]


@pytest.mark.usefixtures("matter")
def test_watching_twice_is_one_step(sessions: Sessions, editor: Visitor) -> None:
    for _ in range(2):
        editor.post("/matters/1/watch", watch="1")
    with sessions() as session:
        assert len(session.scalars(select(RevisionRow.id)).all()) == 1


@pytest.mark.usefixtures("matter")
def test_what_is_attached_to_a_watched_matter_is_due_to_be_read(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        items = [add_item(session, feed_id=1, matter_id=matter_id) for matter_id in (1, None)]
        for item in items:
            add_document(session, feed_id=1, item_id=item.id, wanted=None)
    editor.submit("/matters/1", "/matters/1/watch")
    with sessions.begin() as session:
        feed = session.scalars(select(FeedRow)).one()
        later = Document("https://files.example.org/later.pdf", "Later", None, item_uid="later")
        save_documents(session, feed, [(later, None)], {"items": {"later": items[0].id}, "meetings": {}}, now=NOW)
    with sessions() as session:
        rows = session.execute(select(DocumentRow.wanted, DocumentRow.due_at).order_by(DocumentRow.id)).tuples().all()
    assert rows == [("its matter is watched", NOW), (None, None), ("its matter is watched", NOW)]


@pytest.mark.usefixtures("matter")
def test_nobody_else_is_offered_to_watch(visitor: Visitor, reader: Visitor) -> None:
    assert [list(one.get("/matters/1").main.all("form")) for one in (visitor, reader)] == [[], []]


def test_a_mention_leads_to_its_matter_and_meeting(recorded: Visitor) -> None:
    assert {"/matters/1", "/meetings/1"} <= set(recorded.get("/mentions/1").links)


def add_found(sessions: Sessions, **changes: object) -> None:
    """A mention that a document's words made: on its second page, and with its title."""
    text = "First page.\nThe second page has plate readers."
    start = text.index("plate readers")
    evidence = [
        {"signal": "a", "field": "text", "start": start, "end": len(text) - 1, "text": "plate readers", "weight": 1.0},
        {"signal": "b", "field": "title", "start": 0, "end": 7, "text": "Council", "weight": 1.0},
    ]
    with sessions.begin() as session:
        mention = add_mention(session, text=text, evidence=evidence)
        told = {"state": "read", "read_at": NOW, "page_count": 2, "pages": [0, 12], "mention_id": mention.id}
        add_document(session, **({"url": "https://files.example.org/report.pdf"} | told | changes))


def test_a_mention_that_a_document_made_names_the_document_and_the_page(sessions: Sessions, visitor: Visitor) -> None:
    add_found(sessions)
    page = visitor.get("/mentions/1")
    assert "Found in the document Staff report, 2 pages, not in the item's own words." in page.text
    assert page.links.count("https://files.example.org/report.pdf#page=2") == 2
    cells = [row.text for row in page.main.one("table", class_="evidence").one("tbody").all("tr")]
    assert ["page 2" in cell for cell in cells] == [True, False]


def test_words_that_were_recognised_in_a_picture_are_marked(sessions: Sessions, visitor: Visitor) -> None:
    add_found(sessions, is_ocr=True)
    assert (
        "OCR Its words were recognised from pictures of the pages and may be wrong." in visitor.get("/mentions/1").text
    )


def test_a_document_without_pages_is_named_alone(sessions: Sessions, visitor: Visitor) -> None:
    add_found(sessions, pages=[], page_count=None, media_type="text/html", url="https://files.example.org/report")
    page = visitor.get("/mentions/1")
    assert "Found in the document Staff report, not in the item's own words." in page.text
    assert [link for link in page.links if "#page" in link] == []


def test_a_mention_of_the_item_itself_names_no_document(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_mention(session)
    assert "Found in the document" not in visitor.get("/mentions/1").text


@pytest.mark.usefixtures("matter")
def test_what_an_agenda_says_was_decided_is_a_step_where_the_platform_tells_none(
    sessions: Sessions, visitor: Visitor
) -> None:
    with sessions.begin() as session:
        meeting = add_meeting(session, feed_id=1, body="Rules Committee", **PAST)
        add_item(session, feed_id=1, meeting_id=meeting.id, matter_id=1, outcome="Pass")
    page = visitor.get("/matters/1")
    assert facts(page)["Stage"] == "Out of committee, 3 Nov 2026"
    assert "Rules Committee" in page.main.by_class("journey")[0].text


def test_a_matter_shows_what_versions_of_agendas_made_of_it(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        meeting, matter = add_meeting(session, feed_id=feed.id), add_matter(session)
        item = add_item(session, feed_id=feed.id, meeting_id=meeting.id, matter_id=matter.id)
        entry = {"identity": item.identity, "title": "Readers, amended", "text": ""}
        other = {"identity": "other", "title": "Parks", "text": ""}
        for number, title in ((1, "Readers"), (2, "Readers, amended")):
            came = [entry | {"title": title, "text": "twelve" if number == 2 else ""}]
            went = [entry | {"title": "Readers", "text": "ten"}] if number == 2 else []
            values = {"entries": [entry, other], "added": [*came, other], "removed": went, "seen_at": NOW}
            session.add(AgendaVersionRow(meeting_id=meeting.id, number=number, content_hash=str(number), **values))
    section = visitor.get("/matters/1").main.one("section", aria_labelledby="versions")
    assert "version 2 of the agenda" in section.text
    assert "version 1 of the agenda" not in section.text
    assert ([one.text for one in section.all("del")], [one.text for one in section.all("ins")]) == (
        ["Readers", "ten"],
        ["Readers, amended", "twelve"],
    )
    assert "Parks" not in section.text
