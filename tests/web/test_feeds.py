"""The status of every feed: what state it is in and why, and what an editor does about it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from oversight.domain.mention import MentionState
from oversight.services.watch import watch_all
from oversight.storage.engine import Sessions
from oversight.storage.models import FeedRow, OperatorEventRow, PollRow, RevisionRow
from tests.factories import NOW, SEATTLE, add_council, add_feed, add_item, add_mention, add_trouble
from tests.web.browse import Page, Visitor

OK = {"last_outcome": "ok", "last_ok_at": NOW, "first_ok_at": NOW - timedelta(days=90), "last_polled_at": NOW}
OTHER = "https://elsewhere.example.org/feed"
STATES = {
    "healthy": OK | {"last_item_at": NOW - timedelta(hours=2), "usual_gap_hours": 72.0},
    "quiet": OK | {"last_item_at": NOW - timedelta(days=9), "usual_gap_hours": 72.0},
    "silent": OK | {"last_item_at": NOW - timedelta(days=60), "usual_gap_hours": 72.0},
    "empty": OK | {"last_outcome": "empty_body", "last_detail": "nothing in it", "failures": 3},
    "blocked": OK | {"last_outcome": "http_error", "last_status": 403, "last_detail": "HTTP 403", "failures": 1},
    "failing": OK | {"last_outcome": "timeout", "last_detail": "no answer", "failures": 2},
    "moved": OK | {"moved_to": OTHER, "moved_since": NOW, "moved_polls": 1},
    "waiting": {},
    "disabled": {"is_enabled": False, "note": "needs a token"},
}
REASONS = {
    "healthy": "last news 2 hours ago",
    "quiet": "nothing new for 9 days; usually something every 3 days",
    "silent": "nothing new for 60 days; usually something every 3 days",
    "empty": "nothing in it 3 in a row",
    "blocked": "HTTP 403",
    "failing": "no answer 2 in a row",
    "moved": f"answers from {OTHER}",
    "waiting": "never polled so far",
    "disabled": "needs a token",
}


@pytest.fixture
def feeds(sessions: Sessions) -> None:
    """A feed in each state."""
    with sessions.begin() as session:
        for state, values in STATES.items():
            platform = "legistar" if state in ("healthy", "failing") else "rss"
            add_feed(session, key=state, title=f"The {state} one", platform=platform, **values)


def groups(page: Page) -> dict[str, list[str]]:
    """The titles of the feeds in each group."""
    return {
        group.one("h2").attributes["id"].removeprefix("state-"): [row.one("a").text for row in rows_of(group)]
        for group in page.main.by_class("group")
    }


def rows_of(group):
    return list(group.one("tbody").all("tr"))


@pytest.mark.usefixtures("feeds")
def test_every_feed_is_shown_in_its_state_with_the_reason(visitor: Visitor) -> None:
    page = visitor.get("/feeds/")
    assert groups(page) == {state: [f"The {state} one"] for state in STATES}
    said = {group.one("a").text.split()[1]: rows_of(group)[0].by_class("why")[0].text for group in groups_of(page)}
    assert said == REASONS


def groups_of(page: Page):
    return page.main.by_class("group")


@pytest.mark.usefixtures("feeds")
def test_what_needs_a_look_comes_first(visitor: Visitor) -> None:
    order = list(groups(visitor.get("/feeds/")))
    assert (order[:2], order[-2:]) == (["failing", "blocked"], ["healthy", "disabled"])


@pytest.mark.usefixtures("feeds")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=blocked", {"blocked"}),
        ("?platform=legistar", {"healthy", "failing"}),
        ("?platform=legistar&state=failing", {"failing"}),
        ("?platform=legistar&state=blocked", set()),
    ],
)
def test_feeds_can_be_narrowed(visitor: Visitor, query: str, expected: set[str]) -> None:
    page = visitor.get(f"/feeds/{query}")
    assert set(groups(page)) == expected
    assert page.main.by_class("count")[0].text.startswith(f"{len(expected)} of 9 feeds")
    twin = visitor.client.get(f"/feeds.json{query}").get_json()
    assert {row["state"] for row in twin["rows"]} == expected


@pytest.mark.usefixtures("feeds")
def test_the_counts_on_top_lead_to_as_many_feeds(visitor: Visitor) -> None:
    links = visitor.get("/feeds/").main.one("nav", class_="states").all("a")
    counts = {link.attributes["href"]: int(link.text.split()[-1]) for link in links}
    assert len(counts) == len(STATES) + 1
    for address, count in counts.items():
        assert sum(len(lines) for lines in groups(visitor.get(address)).values()) == count


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, "not known yet"),
        (0.5, "every 30 minutes"),
        (1.0, "every hour"),
        (26.0, "every 26 hours"),
        (72.0, "every 3 days"),
    ],
)
def test_the_expected_volume_is_told_in_words(
    sessions: Sessions, visitor: Visitor, hours: float | None, words: str
) -> None:
    with sessions.begin() as session:
        add_feed(session, key="news", **(STATES["healthy"] | {"usual_gap_hours": hours}))
    cells = {cell.attributes.get("data-label"): cell.text for cell in visitor.get("/feeds/").main.all("td")}
    assert cells["Expected"] == words
    assert cells["Asked"] == "every hour, next now"


def test_a_feeds_own_page_tells_how_its_address_is_known(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_council(session, evidence="derived", note="guessed from the city's name")
    text = visitor.get("/feeds/seattle-legistar").text
    assert "formed after the platform's pattern, never seen; it has not answered us yet" in text
    assert "address unproven (guessed from the city's name)" in text


def test_a_feeds_polls_are_listed_newest_first(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_feed(session, key="news")
        session.add(poll(feed.id, "ok"))
        session.flush()
        hops = [{"url": OTHER, "status": 301}, {"url": f"{OTHER}/new", "status": None}]
        session.add(poll(feed.id, "timeout", hops=hops, warnings=["an odd date"]))
    rows = list(visitor.get("/feeds/news").main.one("tbody").all("tr"))
    assert ["Timeout" in row.text for row in rows] == [True, False]
    assert all("2 items over the limit were left out" in row.text for row in rows)
    assert [one.text for one in rows[0].all("li")] == ["an odd date", f"301 {OTHER}", f"no answer {OTHER}/new"]


def poll(feed_id: int, outcome: str, **changes: object) -> PollRow:
    counts = dict.fromkeys(("requests", "bytes", "items_new", "items_changed", "mentions_new"), 1)
    told = {"hops": [], "warnings": [], "items_dropped": 2} | changes
    return PollRow(feed_id=feed_id, started_at=NOW, ended_at=NOW, outcome=outcome, **told, **counts)


def test_a_feed_counts_what_it_brought(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_feed(session, key="news", **STATES["healthy"])
        add_item(session, feed_id=feed.id)
        add_mention(session, item_id=add_item(session, feed_id=feed.id).id)
    facts = {div.one("dt").text: div.one("dd").text for div in visitor.get("/feeds/news").main.one("dl").all("div")}
    assert (facts["Items read"], facts["Mentions"]) == ("2", "1")
    assert "1 of 1 polled feeds are in order" in visitor.get("/").text


def test_what_is_open_for_operators_is_shown_to_editors_only(
    sessions: Sessions, visitor: Visitor, editor: Visitor
) -> None:
    with sessions.begin() as session:
        add_trouble(session, feed_id=add_feed(session, key="news", title="The news").id)
    for path in ("/feeds/", "/feeds/news"):
        shown = [one.get(path).text for one in (editor, visitor)]
        assert ["101 new mentions in one poll" in text for text in shown] == [True, False]


def test_after_a_flood_a_line_counts_what_waits_and_leads_to_it(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_feed(session, key="news")
        add_trouble(session, feed_id=feed.id)
        for state in (MentionState.PENDING, MentionState.PENDING, MentionState.CONFIRMED):
            add_mention(session, item_id=add_item(session, feed_id=feed.id).id, state=state.value)
        add_mention(session)
    for path in ("/feeds/", "/feeds/news"):
        (link,) = [one for one in editor.get(path).main.all("a") if "wait for a look" in one.text]
        assert link.text == "2 mentions wait for a look"
        assert editor.get(link.attributes["href"]).main.by_class("count")[0].text.startswith("2 ")


def test_an_editor_settles_what_does_not_end_by_itself(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        add_trouble(session, feed_id=add_feed(session, key="news").id)
    done = editor.submit("/feeds/", "/feeds/events/1/settle")
    assert (done.status, done.location) == (302, "/feeds/")
    assert "101 new mentions" not in editor.get("/feeds/").text
    with sessions() as session:
        assert session.scalars(select(OperatorEventRow.settled_at)).one() == NOW
        revision = session.scalars(select(RevisionRow)).one()
    assert (revision.entity_key, revision.actor, revision.after["is_open"]) == ("news", "editor@example.org", False)
    assert editor.post("/feeds/events/1/settle").status == 409


@pytest.mark.parametrize("kind", ["silent", "blocked", "failing", "moved", "emptied", "missing"])
def test_what_ends_by_itself_cannot_be_settled(sessions: Sessions, editor: Visitor, kind: str) -> None:
    with sessions.begin() as session:
        add_trouble(session, kind=kind)
    assert "ends by itself" in editor.get("/feeds/").text
    assert editor.post("/feeds/events/1/settle").status == 409


def test_what_is_not_there_cannot_be_settled(editor: Visitor) -> None:
    assert editor.post("/feeds/events/1/settle").status == 404


def test_what_an_editor_settled_stays_settled(sessions: Sessions, editor: Visitor) -> None:
    gone = {"is_enabled": False, "gone_at": NOW - timedelta(days=1), "gone_since": NOW, "gone_polls": 3}
    with sessions.begin() as session:
        add_trouble(session, kind="gone", feed_id=add_feed(session, **gone).id)
    editor.submit("/feeds/", "/feeds/events/1/settle")
    with sessions.begin() as session:
        watch_all(session, now=NOW + timedelta(hours=1))
    with sessions() as session:
        assert session.scalars(select(OperatorEventRow.settled_at)).all() == [NOW]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"moved_to": OTHER, "moved_since": NOW, "moved_polls": 2}, f"It leads to {OTHER}, permanently"),
        ({"moved_to": OTHER}, f"It leads to {OTHER}."),
        ({"moved_url": OTHER}, "Permanent redirects led here from https://news.example.org/feed.xml"),
        ({"gone_at": NOW, "gone_since": NOW, "gone_polls": 3, "is_enabled": False}, "The server said so 3 times"),
    ],
)
def test_an_editor_keeps_an_address(sessions: Sessions, editor: Visitor, values: dict, words: str) -> None:
    with sessions.begin() as session:
        add_feed(session, key="news", **values)
    assert words in editor.get("/feeds/news").text
    done = editor.submit("/feeds/news", "/feeds/news/keep-address")
    after = editor.get(done.location)
    assert ("asked at its own address" in after.text, words in after.text) == (True, False)
    assert "editor@example.org" in after.main.one("section", aria_labelledby="history").text
    with sessions() as session:
        row = session.scalars(select(FeedRow)).one()
    assert (row.address, row.moved_to, row.gone_at, row.is_enabled) == (row.url, None, None, True)


def test_nobody_else_is_offered_to_keep_an_address(sessions: Sessions, visitor: Visitor, reader: Visitor) -> None:
    with sessions.begin() as session:
        add_feed(session, key="news", moved_to=OTHER)
    assert [list(one.get("/feeds/news").main.all("form")) for one in (visitor, reader)] == [[], []]


def test_an_editors_name_is_not_told_to_everyone(sessions: Sessions, editor: Visitor, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_feed(session, key="news", moved_url=OTHER)
    editor.submit("/feeds/news", "/feeds/news/keep-address")
    page = visitor.get("/feeds/news")
    assert ("an editor: does not follow the redirect" in page.text, "editor@" in page.body) == (True, False)


def test_a_feed_names_its_place(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_council(session)
    assert "legistar, Seattle, WA" in visitor.get("/feeds/").text
    assert f"/jurisdictions/{SEATTLE}" in visitor.get("/feeds/seattle-legistar").links
