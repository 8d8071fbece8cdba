"""What people see of links: a word beside each citation, and the editors' list."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from oversight.storage.engine import Sessions
from oversight.storage.models import SourceRow
from tests.factories import NOW, SEATTLE
from tests.web.browse import Visitor
from tests.web.record import MINUTES, NEWS, add_record
from tests.web.test_edit import send

ARCHIVED = "https://archive.example/1"


@pytest.fixture
def record(sessions: Sessions) -> Sessions:
    """The small record; the newspaper's link is dead."""
    with sessions.begin() as session:
        add_record(session)
    noted(sessions, NEWS, link_state="dead", link_failures=4, link_failing_since=NOW - timedelta(days=9))
    return sessions


def noted(sessions: Sessions, key: str, **found: object) -> None:
    """Note what looks at the address of a source found."""
    values = {"link_url": f"https://example.org/{key}", "link_checked_at": NOW} | found
    with sessions.begin() as session:
        session.execute(update(SourceRow).where(SourceRow.key == key).values(values))


def citation(visitor: Visitor) -> str:
    return visitor.get(f"/jurisdictions/{SEATTLE}").root.one("article", id="pol-seattle").by_class("sources")[0].text


def test_a_dead_link_without_a_copy_says_so_beside_the_citation(record: Sessions, visitor: Visitor) -> None:
    assert "link dead, no archive since" in citation(visitor)
    assert "link dead, no archive" in visitor.client.get("/policies.csv").get_data(as_text=True)


def test_a_dead_link_leads_to_the_copy_that_is_kept(record: Sessions, visitor: Visitor) -> None:
    with record.begin() as session:
        session.execute(update(SourceRow).where(SourceRow.key == NEWS).values(archived_url=ARCHIVED))
    assert "link dead, archive kept" in citation(visitor)
    assert ARCHIVED in visitor.get(f"/jurisdictions/{SEATTLE}").links


def test_a_link_that_nobody_looked_at_says_so_where_somebody_asks_for_it(record: Sessions, visitor: Visitor) -> None:
    noted(record, NEWS, link_url="https://example.org/an-earlier-address")
    assert "(link" not in citation(visitor)
    assert "link not checked" in visitor.client.get("/policies.csv").get_data(as_text=True)


def test_the_page_about_what_is_not_known_counts_the_links_that_wait_for_a_look(
    record: Sessions, visitor: Visitor
) -> None:
    with record() as session:
        many = session.scalar(select(func.count()).where(SourceRow.url.is_not(None)))
    said = "Of {} addresses of sources, nobody has looked at {} yet"
    assert said.format(many, (many or 0) - 1) in visitor.get("/about/").text


def test_editors_see_dead_links_first_and_any_other_state_by_filter(record: Sessions, editor: Visitor) -> None:
    page = editor.get("/links/")
    assert "About src-news" in page.text
    assert "Adopted minutes" not in page.text
    assert "/edit/source/src-news#archived_url" in page.links
    assert "Adopted minutes" in editor.get("/links/?state=not_checked").text
    noted(record, MINUTES, link_state="closed", link_reason="the server answered with status 403")
    assert "status 403" in editor.get("/links/?state=closed").text
    assert "No source is in this state" in editor.get("/links/?state=moved").text
    assert editor.get("/links/?state=odd").status == 422


def test_a_copy_that_is_known_takes_a_link_off_the_list_of_those_without(record: Sessions, editor: Visitor) -> None:
    assert "About src-news" in editor.get("/links/?unarchived=1").text
    assert send(editor, f"/edit/source/{NEWS}", archived_url=ARCHIVED).status == 302
    assert "No source is in this state" in editor.get("/links/?unarchived=1").text


def test_the_list_is_for_editors(record: Sessions, visitor: Visitor) -> None:
    assert visitor.get("/links/").status in {302, 401, 403}
