"""A story is shown once and decided once: in the queue, in lists, on its page; and bills that came again are linked."""

import pytest
from sqlalchemy import select

from oversight.storage.engine import Sessions
from oversight.storage.models import EventRow, MatterLinkRow, MentionRow, RevisionRow
from tests.factories import NOW, add_council, add_feed, add_item, add_matter, add_meeting, add_mention
from tests.web.browse import Page, Visitor

CONFIRM, DISMISS, MERGE = "/review/1/confirm", "/review/1/dismiss", "/review/{}/merge"


@pytest.fixture
def story(sessions: Sessions) -> None:
    """Three papers that tell one story, and a mention of its own."""
    with sessions.begin() as session:
        for outlet in ("Daily News", "Evening Post", "Morning Star"):
            feed = add_feed(session, title=outlet)
            item = add_item(session, feed_id=feed.id, url=f"https://{feed.key}.example.org/story")
            add_mention(session, item_id=item.id)
        for mention in session.scalars(select(MentionRow)):
            mention.story_id, mention.story_reason = 1, "the same headline as mention 1" if mention.id > 1 else None
        add_mention(session, title="Another story altogether")


def states(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(MentionRow.state).order_by(MentionRow.id)))


def count(sessions: Sessions, table: type[EventRow | RevisionRow]) -> int:
    with sessions() as session:
        return len(session.scalars(select(table.id)).all())


def cards(page: Page) -> list[str]:
    return [one.attributes["id"] for one in page.main.by_class("card")]


@pytest.mark.usefixtures("story")
def test_the_queue_shows_a_story_once_with_who_else_tells_it(editor: Visitor) -> None:
    page = editor.get("/review/")
    assert cards(page) == ["mention-1", "mention-4"]
    assert "4 mentions wait, on 2 cards" in page.text
    assert page.main.by_class("beside")[0].text == "and 2 more copies: Evening Post, Morning Star"
    assert {"/mentions/2", "/mentions/3"} <= set(page.links)


@pytest.mark.usefixtures("story")
def test_confirming_a_story_raises_one_event_and_merges_its_copies(sessions: Sessions, editor: Visitor) -> None:
    done = editor.submit("/review/", CONFIRM, copies="1")
    assert "(2 more decided with it)" in editor.get(done.location).text
    assert (states(sessions), count(sessions, EventRow)) == (["confirmed", "merged", "merged", "pending"], 1)
    assert count(sessions, RevisionRow) == 3
    assert cards(editor.get("/review/")) == ["mention-4"]


@pytest.mark.usefixtures("story")
def test_dismissing_a_story_merges_its_copies(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", DISMISS, copies="1", reason="a video game")
    assert (states(sessions), count(sessions, EventRow)) == (["dismissed", "merged", "merged", "pending"], 0)


@pytest.mark.usefixtures("story")
def test_what_the_editor_does_not_tick_is_not_merged(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", CONFIRM)
    assert states(sessions) == ["confirmed", "pending", "pending", "pending"]


@pytest.mark.usefixtures("story")
def test_a_merged_copy_raises_no_event_of_its_own(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", CONFIRM, copies="1")
    assert {editor.post(f"/review/2/{verb}", reason="because").status for verb in ("confirm", "dismiss", "merge")} == {
        409
    }
    assert count(sessions, EventRow) == 1


@pytest.mark.usefixtures("story")
def test_a_copy_that_comes_after_the_decision_can_be_merged_with_it(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", CONFIRM)
    page = editor.get("/review/")
    assert "A copy of it was confirmed already" in page.text
    assert editor.submit("/review/", MERGE.format(2)).status == 302
    assert states(sessions) == ["confirmed", "merged", "pending", "pending"]
    assert "the same story as mention 1" in editor.get("/mentions/2").text


@pytest.mark.usefixtures("story")
def test_what_nobody_speaks_for_cannot_be_merged(sessions: Sessions, editor: Visitor) -> None:
    assert [editor.post(MERGE.format(number)).status for number in (1, 4, 99)] == [409, 409, 404]
    assert set(states(sessions)) == {"pending"}


@pytest.mark.usefixtures("story")
def test_a_list_shows_a_story_once_with_its_count(visitor: Visitor, editor: Visitor) -> None:
    page = visitor.get("/mentions/")
    assert "2 mentions" in page.main.by_class("count")[0].text
    assert [one.one("a").attributes["href"] for one in page.main.by_class("mention")] == ["/mentions/4", "/mentions/1"]
    assert [one.text for one in page.main.by_class("told-by")] == ["told by 3"]
    editor.submit("/review/", CONFIRM, copies="1")
    counts = [visitor.get(f"/mentions/?state={state}").main.by_class("count")[0].text for state in ("", "merged")]
    assert [text.split()[0] for text in counts] == ["2", "1"]


@pytest.mark.usefixtures("story")
def test_where_a_filter_leaves_the_lead_out_a_copy_stands_for_the_story(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        lead = session.get_one(MentionRow, 1)
        lead.state, lead.jurisdiction = "dismissed", None
    page = visitor.get("/mentions/")
    assert [one.one("a").attributes["href"] for one in page.main.by_class("mention")] == ["/mentions/4", "/mentions/2"]


@pytest.mark.usefixtures("story")
def test_the_page_of_a_mention_lists_the_others_and_why(visitor: Visitor) -> None:
    found = [one.text for one in visitor.get("/mentions/2").main.by_class("copies")[0].all("li")]
    assert ["(this one)" in text for text in found] == [False, True, False]
    assert "Daily News" in found[0] and "the first of them" in found[0]
    assert "the same headline as mention 1" in found[2]
    assert not visitor.get("/mentions/4").main.by_class("copies")


@pytest.fixture
def file(sessions: Sessions) -> None:
    """One file at two meetings; another one with the same words four years ago."""
    with sessions.begin() as session:
        feed = add_council(session)
        matter, earlier = add_matter(session, file="CB 2"), add_matter(session, file="CB 1")
        for day in (1, 20):
            meeting = add_meeting(session, feed_id=feed.id, date=NOW.date().replace(month=12, day=day))
            item = add_item(session, feed_id=feed.id, meeting_id=meeting.id, matter_id=matter.id)
            add_mention(session, item_id=item.id)
        session.add(MatterLinkRow(matter_id=matter.id, earlier_id=earlier.id, similarity=0.97))


@pytest.mark.usefixtures("file")
def test_the_queue_shows_a_file_once_with_its_other_sightings(sessions: Sessions, editor: Visitor) -> None:
    page = editor.get("/review/")
    assert cards(page) == ["mention-1"]
    assert page.main.by_class("beside")[0].text == "1 other sighting of file CB 2: City Council, 20 Dec 2026"
    editor.submit("/review/", CONFIRM)
    assert cards(editor.get("/review/")) == ["mention-2"]


@pytest.mark.usefixtures("file")
def test_other_sightings_are_merged_where_the_editor_asks_for_it(sessions: Sessions, editor: Visitor) -> None:
    editor.submit("/review/", DISMISS, sightings="1", reason="Wrong meaning of the word")
    assert states(sessions) == ["dismissed", "merged"]


@pytest.mark.usefixtures("file")
def test_a_bill_that_was_brought_in_again_says_so_on_both_pages(visitor: Visitor) -> None:
    later, earlier = visitor.get("/matters/1").text, visitor.get("/matters/2").text
    assert "Brought in before asCB 1" in later and "97% of the words in common" in later
    assert "Brought in again asCB 2" in earlier
