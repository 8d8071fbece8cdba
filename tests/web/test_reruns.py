"""Reruns on the desk: what would change, beside its item and its mention, before and after."""

import pytest

from oversight.domain.mention import Stage
from oversight.storage.engine import Sessions
from tests.factories import add_change, add_item, add_mention, add_run, make_values
from tests.web.browse import Element, Visitor

NOT_RELEVANT = make_values(is_relevant=False, score=0.2, technologies=(), places=(), stage=None, evidence=())


@pytest.fixture
def run(sessions: Sessions) -> None:
    """A rerun with a new, a lost and a changed mention, and one that an editor confirmed and it would not find."""
    with sessions.begin() as session:
        run = add_run(session, counts={"items": 4, "mentions": 3, "dismissed_still_found": 2})
        add_change(session, run_id=run.id, item_id=add_item(session, title="Newly found").id)
        for kind, state, after in (
            ("lost", "pending", NOT_RELEVANT),
            ("changed", "pending", make_values(technologies=("drones",), stage=Stage.PILOT, score=0.8)),
            ("disagreement", "confirmed", NOT_RELEVANT),
        ):
            mention = add_mention(session, state=state)
            differs = ["technologies", "stage", "score"] if kind == "changed" else ["relevant"]
            known = {"mention_id": mention.id, "item_id": mention.item_id, "before": make_values()}
            add_change(session, run_id=run.id, kind=kind, differs=differs, after=after, **known)


def cards(visitor: Visitor, path: str) -> list[Element]:
    return visitor.get(path).main.by_class("card")


def rows(card: Element) -> dict[str, list[str]]:
    body = card.one("tbody")
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in body.all("tr")}


@pytest.mark.usefixtures("run")
def test_the_list_counts_the_changes_of_each_run(editor: Visitor) -> None:
    page = editor.get("/review/reruns/")
    (row,) = page.main.one("tbody").all("tr")
    assert "Rerun 1" in row.text
    assert [cell.text for cell in row.all("td")] == ["Waits to be applied", "4 of 1", "1", "1", "1", "1", "0"]
    assert {"/review/reruns/1", "/review/reruns/1?kind=lost"} <= set(page.links)


@pytest.mark.usefixtures("run")
def test_a_change_shows_both_sides(editor: Visitor) -> None:
    (card,) = cards(editor, "/review/reruns/1?kind=changed")
    told = rows(card)
    assert told["Technologies differs"] == ["Automated licence-plate reader", "Drones"]
    assert told["Stage differs"] == ["Contract", "Pilot"]
    assert told["Score differs"] == ["0.90", "0.80"]


@pytest.mark.usefixtures("run")
def test_what_is_lost_and_what_is_new_have_one_side(editor: Visitor) -> None:
    (lost,), (new,) = cards(editor, "/review/reruns/1?kind=lost"), cards(editor, "/review/reruns/1?kind=new")
    assert rows(lost)["Technologies"] == ["Automated licence-plate reader", "not relevant"]
    assert rows(new)["Technologies"] == ["no mention", "Automated licence-plate reader"]
    assert "No mention yet" in new.text


@pytest.mark.usefixtures("run")
def test_a_change_links_to_its_mention_and_to_its_source(editor: Visitor) -> None:
    (card,) = cards(editor, "/review/reruns/1?kind=disagreement")
    links = [one.attributes["href"] for one in card.all("a")]
    assert links[0] == "/mentions/3"
    assert links[-1].startswith("https://news.example.org/")
    assert "Mention 3: confirmed" in card.text


@pytest.mark.usefixtures("run")
def test_the_page_says_how_to_apply_and_what_stays(editor: Visitor) -> None:
    text = editor.get("/review/reruns/1").text
    assert "flask detector rerun --run 1 --apply" in text
    assert "would still find 2 and no longer 0" in text


def test_long_lists_are_paged(editor: Visitor, sessions: Sessions) -> None:
    with sessions.begin() as session:
        run = add_run(session)
        for _ in range(51):
            add_change(session, run_id=run.id)
    first = editor.get("/review/reruns/1")
    (further,) = [link for link in first.links if "after=" in link]
    assert (len(first.main.by_class("card")), len(cards(editor, further))) == (50, 1)


@pytest.mark.parametrize("query", ["kind=odd", "after=x", "after=-1", "after=9999999999"])
@pytest.mark.usefixtures("run")
def test_an_address_that_asks_for_nonsense_is_refused(editor: Visitor, query: str) -> None:
    assert editor.get(f"/review/reruns/1?{query}").status == 422


def test_a_run_that_is_not_there_is_not_found(editor: Visitor) -> None:
    assert editor.get("/review/reruns/1").status == 404


def test_without_any_run_the_list_says_so(editor: Visitor) -> None:
    assert "has not been run again" in editor.get("/review/reruns/").text


def test_a_withdrawn_mention_says_so_and_may_be_confirmed(
    editor: Visitor, visitor: Visitor, sessions: Sessions
) -> None:
    with sessions.begin() as session:
        add_mention(session, state="withdrawn")
    assert "A later version of the detector no longer finds it" in visitor.get("/mentions/1").text
    assert visitor.get("/mentions/").main.by_class("mention") == []
    editor.submit("/mentions/1", "/review/1/confirm")
    assert "Confirmed by an editor" in visitor.get("/mentions/1").text


def test_what_a_later_detector_would_decide_stands_beside_the_decision(visitor: Visitor, sessions: Sessions) -> None:
    opinion = {"detector": "test-2", "is_relevant": False, "score": 0.2, "differs": ["relevant"]}
    with sessions.begin() as session:
        add_mention(session, state="confirmed", opinion=opinion)
    text = visitor.get("/mentions/1").text
    assert "Detector test-2 would decide otherwise: not relevant, score 0.20. What the editor decided stands." in text
