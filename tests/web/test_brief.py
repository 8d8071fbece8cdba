"""The brief of a place: what fits, numbered sources, open questions, its day; and what its page says besides."""

from dataclasses import replace

import pytest

from oversight.domain.posture import MEANINGS
from oversight.domain.record import EvidenceTier, Posture
from oversight.storage.engine import Sessions
from oversight.web.brief import POLICIES, Citations
from oversight.web.design_samples import SOURCE
from tests.factories import SEATTLE, add_council, add_meeting
from tests.web.browse import Visitor

NEW_YORK = "/jurisdictions/ocd-division/country:us/state:ny/place:new_york"
BOSTON = "/jurisdictions/ocd-division/country:us/state:ma/place:boston"
NEW_ORLEANS = "/jurisdictions/ocd-division/country:us/state:la/place:new_orleans"


def test_a_line_cites_the_source_closest_to_the_act() -> None:
    cited = Citations()
    news, law = replace(SOURCE, key="news", tier=EvidenceTier.T4), replace(SOURCE, key="law", tier=EvidenceTier.T1)
    unrated = replace(SOURCE, key="unrated", tier=None)
    assert [cited.cite([news, unrated, law]), cited.cite([unrated]), cited.cite([law]), cited.cite([])] == [
        1,
        2,
        1,
        None,
    ]
    assert [one.key for one in cited.sources] == ["law", "unrated"]


def test_what_does_not_fit_is_counted() -> None:
    found = Citations().fit(list(range(POLICIES + 3)), POLICIES, lambda _: [SOURCE])
    assert (len(found.lines), found.more) == (POLICIES, 3)


@pytest.mark.parametrize("path", [NEW_YORK, NEW_ORLEANS])
def test_every_number_of_a_brief_leads_to_its_source(recorded: Visitor, path: str) -> None:
    page = recorded.get(f"{path}/brief")
    cited = {one.attributes["href"].removeprefix("#") for one in page.main.by_class("cite")}
    listed = {one.attributes["id"] for one in page.main.by_class("cited")[0].all("li")}
    assert cited == listed
    assert "[no source]" not in page.text


def test_a_brief_says_its_day_and_what_is_open(recorded: Visitor) -> None:
    text = recorded.get(f"{NEW_ORLEANS}/brief?as_of=2021-07-01").text
    assert "the record as of 1 Jul 2021" in text
    assert "judges approval is told differently" in text


def test_a_brief_of_nowhere_is_404(recorded: Visitor) -> None:
    assert recorded.get("/jurisdictions/nowhere/brief").status == 404


def test_every_posture_has_a_plain_sentence() -> None:
    assert set(MEANINGS) == set(Posture)


def test_a_page_draws_its_history_and_says_it_in_words(recorded: Visitor) -> None:
    section = recorded.get(NEW_ORLEANS).main.one("section", id="timeline")
    told = [one.attributes["aria-label"] for one in section.by_class("lane")]
    assert any("Adopted, 17 Dec 2020" in words and "Amended, 21 Jul 2022" in words for words in told)


def test_a_picture_tells_a_law_that_was_adopted_from_one_in_force(recorded: Visitor) -> None:
    section = recorded.get(BOSTON).main.one("section", id="timeline")
    told = [one.attributes["aria-label"] for one in section.by_class("lane")]
    assert "Adopted (not yet in force), Oct 2021; In force, Aug 2022" in told
    assert "Adopted, not yet in force" in section.one("figcaption").text
    assert section.by_class("coming")


def test_a_page_names_its_contradictions_its_money_and_who_reaches_in(recorded: Visitor) -> None:
    page = recorded.get(NEW_ORLEANS)
    assert "Parties do not say the same of judges approval" in page.main.one("section", id="status").text
    assert "Louisiana State Police" in page.main.one("section", id="reaching").text
    assert "$750,000" in recorded.get(NEW_YORK).main.one("section", id="money").text


def test_a_meeting_to_come_says_how_to_be_heard(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        add_meeting(session, feed_id=feed.id, how_to_comment="Write to the clerk by noon.")
        add_meeting(session, feed_id=feed.id, how_to_comment="https://example.org/comment")
    section = visitor.get(f"/jurisdictions/{SEATTLE}").main.one("section", id="meetings")
    assert "How to comment: Write to the clerk by noon." in section.text
    assert "https://example.org/comment" in [link.attributes.get("href") for link in section.all("a")]
