"""Following by mail through the pages: ask, confirm with a button, stop with one click (SAFETY F1 to F4)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from oversight.domain.alert import MOST_A_DAY
from oversight.services.courier import Courier
from oversight.services.deliver import deliver
from oversight.storage.engine import Sessions
from oversight.storage.models import AlertRow, QueryRow, SubscriberRow, SubscriptionRow
from oversight.vocabulary.collections import load_collections
from oversight.vocabulary.labels import Labels
from oversight.web.presentation import technology_label
from tests.factories import NOW, SEATTLE, add_alert, add_event, add_mention, add_subscriber, add_subscription
from tests.fakes import FakeChannel
from tests.web.browse import Page, Visitor
from tests.web.conftest import move_clock, rows_of

ADDRESS = "reader@example.org"
ALPR = "tech:alpr"
LEAVE = "/u/the-token"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/subscriptions/confirm/\S+)")


class Post:
    """The courier with a fake channel, and what is in the mails it carried."""

    def __init__(self, sessions: Sessions) -> None:
        self.channel = FakeChannel()
        self.courier = Courier(
            sessions=sessions,
            channel=self.channel,
            channel_name="fake",
            base_url="http://127.0.0.1:8000",
            mail_from="Oversight <alerts@example.org>",
            secret_key="0" * 32,
            technologies=Labels({"alpr": "Plate readers"}),
            now=lambda: NOW,
        )

    def deliver(self) -> int:
        """Send all that waits; how many mails there are by now."""
        deliver(self.courier)
        return len(self.channel.sent)

    def link(self) -> str:
        """The address of the button in the last mail."""
        found = LINK.search(self.channel.messages[-1].text)
        assert found
        return found.group(1)


@pytest.fixture
def post(sessions: Sessions) -> Post:
    return Post(sessions)


def ask(visitor: Visitor, **fields: str) -> Page:
    return visitor.submit("/subscribe", **({"email": ADDRESS, "query": ALPR} | fields))


def states(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(SubscriptionRow.state).order_by(SubscriptionRow.id)))


def test_nothing_is_sent_before_the_courier_comes(visitor: Visitor, post: Post) -> None:
    ask(visitor)
    assert post.channel.sent == []
    assert post.deliver() == 1
    assert post.channel.addresses == [ADDRESS]


def test_the_mail_repeats_nothing_that_was_typed(visitor: Visitor, post: Post) -> None:
    ask(visitor)
    post.deliver()
    message = post.channel.messages[0]
    assert [word for word in ("alpr", "Plate", "plate", ADDRESS) if word in message.subject + message.text] == []


@pytest.mark.parametrize("state", ["pending", "active", "ended"])
def test_the_answer_is_the_same_whether_the_address_is_known(sessions: Sessions, app: Flask, state: str) -> None:
    with sessions.begin() as session:
        known = add_subscriber(session, email=ADDRESS)
        add_subscription(session, subscriber_id=known.id, query="tech:alpr", state=state)
    pages = [ask(Visitor(app), email=email) for email in (ADDRESS, "someone@example.org")]
    assert [page.status for page in pages] == [202, 202]
    assert pages[0].body == pages[1].body


@pytest.mark.parametrize("email", ["", "reader", "reader@", "reader@localhost", "a@b@c", "<script>@example.org"])
def test_a_bad_address_leaves_the_form_as_it_was(sessions: Sessions, visitor: Visitor, email: str) -> None:
    page = ask(visitor, email=email)
    assert (page.status, "not an e-mail address" in page.text) == (422, True)
    assert page.main.one("input", name="email").attributes["value"] == email
    assert page.main.one("input", name="query").attributes["value"] == ALPR
    assert (
        page.main.one("input", name="email").attributes["aria-describedby"]
        == page.main.by_class("failing")[0].attributes["id"]
    )
    assert states(sessions) == []


@pytest.mark.parametrize("query", ["", "tech:", "tech:teleport", "place:nowhere", "keyword:x"])
def test_only_what_is_on_the_list_can_be_followed(sessions: Sessions, visitor: Visitor, query: str) -> None:
    page = ask(visitor, query=query)
    assert page.status == 422
    assert page.main.by_class("failing")
    assert page.main.one("input", name="query").attributes["value"] == query
    assert states(sessions) == []


def test_a_page_of_a_place_offers_to_follow_it(recorded: Visitor) -> None:
    orlando = recorded.get("/jurisdictions/ocd-division/country:us/state:fl/place:orlando")
    link = next(link for link in orlando.links if link.startswith("/subscribe?query="))
    page = recorded.get(link)
    key = "ocd-division/country:us/state:fl/place:orlando"
    assert page.main.one("input", name="query").attributes["value"] == f"place:{key}"


OAKLAND = "ocd-division/country:us/state:ca/place:oakland"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"/compare/?place={OAKLAND}&place={SEATTLE}", f"place:{OAKLAND} OR place:{SEATTLE}"),
        ("/calendar/?technology=alpr&state=CA", "state:CA tech:alpr"),
        ("/deployments/?technology=alpr", "tech:alpr"),
        ("/vendors/vendor-axon-enterprise", 'vendor:"Axon Enterprise" OR vendor:Axon OR vendor:"TASER International"'),
        ("/actions/", ""),
    ],
)
def test_every_list_and_comparison_carries_its_filters_along(recorded: Visitor, path: str, query: str) -> None:
    page = recorded.get(path)
    link = next(one.attributes["href"] for one in page.main.all("a") if one.text == "Alert me")
    assert recorded.get(link).main.one("input", name="query").attributes["value"] == query


WIZARD = {
    "query": "-parking",
    "technology": "alpr",
    "state": "WA",
    "kind": "mention",
    "reviewed": "both",
    "cadence": "weekly",
    "weekday": "4",
    "hour": "18",
    "timezone": "America/Chicago",
}


def test_the_preview_counts_what_would_have_been_sent_and_saves_nothing(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        for age in (1, 80, 100):
            add_event(session, at=NOW - timedelta(days=age))
    page = visitor.submit("/subscribe", preview="1", **WIZARD)
    preview = page.main.one("section", id="preview")
    assert page.status == 200
    assert "2 events in 2 mails in the last 90 days, about 0.2 a week" in preview.text
    assert len(list(preview.all("li"))) == 2
    assert "every Friday at 18:00 (America/Chicago)" in preview.text
    assert states(sessions) == []


@pytest.mark.parametrize(("events", "says_so"), [(MOST_A_DAY, False), (MOST_A_DAY + 3, True)])
def test_the_preview_says_where_a_day_brings_more_than_is_sent_at_once(
    sessions: Sessions, visitor: Visitor, events: int, says_so: bool
) -> None:
    with sessions.begin() as session:
        for _ in range(events):
            add_event(session, at=NOW - timedelta(days=1))
    text = visitor.submit("/subscribe", preview="1", **WIZARD | {"cadence": "immediate"}).main.text
    said = "After 20 mails within a day the rest waits for the next daily digest: 3 of these events"
    assert (said in text) == says_so
    assert f"{events} events in {MOST_A_DAY + says_so} mails" in text


def test_the_preview_keeps_what_was_typed(visitor: Visitor) -> None:
    page = visitor.submit("/subscribe", preview="1", **WIZARD)
    chosen = {
        one.attributes["value"]
        for one in page.main.all("option")
        if "selected" in one.attributes and "value" in one.attributes
    }
    ticked = {one.attributes["value"] for one in page.main.all("input") if "checked" in one.attributes}
    assert {"WA", "4", "18"} <= chosen
    assert ticked == {"alpr", "mention", "both", "weekly"}


def test_what_the_wizard_asks_for_is_kept(sessions: Sessions, visitor: Visitor) -> None:
    ask(visitor, **WIZARD)
    with sessions() as session:
        row = session.scalars(select(SubscriptionRow)).one()
        query = session.scalars(select(QueryRow.text)).one()
    assert query == "-parking tech:alpr state:WA kind:mention"
    assert (row.reviewed_only, row.cadence, row.weekday, row.hour) == (False, "weekly", 4, 18)
    assert row.timezone == "America/Chicago"


def test_a_place_is_followed_with_what_lies_around_it(recorded: Visitor) -> None:
    page = recorded.submit("/subscribe", preview="1", place="Oakland, CA", within="50")
    preview = page.main.one("section", id="preview")
    assert "within 50 km of Oakland, CA" in preview.text
    assert preview.one("code").text.startswith("near:50km@37.")


@pytest.mark.parametrize(("place", "within"), [("Abilene, TX", "50"), ("Oakland, CA", "7"), ("Nowhere, ZZ", "50")])
def test_what_cannot_be_near_says_why(recorded: Visitor, place: str, within: str) -> None:
    page = recorded.submit("/subscribe", preview="1", place=place, within=within)
    assert page.status == 422
    assert page.main.one("p", id="fault").text


def test_collections_are_one_click_from_the_form(visitor: Visitor) -> None:
    links = [link for link in visitor.get("/subscribe").links if link.startswith("/subscribe?query=")]
    assert len(links) == len(load_collections())
    assert {visitor.get(link).main.one("input", name="query").attributes["value"] for link in links} == {
        one.query for one in load_collections()
    }


def test_what_would_flood_is_refused_with_a_way_out(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        for _ in range(1_000):
            add_event(session, at=NOW - timedelta(days=1), mention_id=add_mention(session).id)
    page = ask(visitor, query="state:WA")
    assert (page.status, "events a week" in page.text) == (422, True)
    assert ask(visitor, query="state:WA", cadence="daily").status == 202


@pytest.mark.parametrize(
    "changes", [{"hour": "25"}, {"weekday": "x"}, {"timezone": "Mars/Base"}, {"cadence": "hourly"}, {"query": "-drone"}]
)
def test_what_no_list_offers_is_refused(sessions: Sessions, visitor: Visitor, changes: dict[str, str]) -> None:
    assert ask(visitor, **changes).status == 422
    assert states(sessions) == []


def test_a_word_of_a_technology_leads_to_all_its_words(visitor: Visitor) -> None:
    page = visitor.submit("/subscribe", preview="1", query='"license plate readers"')
    assert "tick it under Technologies" in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "GET", "OPTIONS"])
def test_opening_the_link_changes_nothing(sessions: Sessions, visitor: Visitor, post: Post, method: str) -> None:
    ask(visitor)
    post.deliver()
    before = rows_of(sessions)
    assert visitor.ask(method, post.link()).status == 200
    assert rows_of(sessions) == before


def test_the_button_confirms_in_any_browser(app: Flask, sessions: Sessions, visitor: Visitor, post: Post) -> None:
    ask(visitor)
    post.deliver()
    page = Visitor(app).submit(post.link())
    assert (page.status, page.title, states(sessions)) == (200, "You will hear from us", ["active"])


def test_the_page_names_what_will_be_followed(visitor: Visitor, post: Post) -> None:
    ask(visitor)
    post.deliver()
    assert [one.text for one in visitor.get(post.link()).main.all("li")] == [technology_label("alpr")]


def test_a_link_that_was_used_changes_nothing_more(sessions: Sessions, visitor: Visitor, post: Post) -> None:
    ask(visitor)
    post.deliver()
    visitor.submit(post.link())
    before = rows_of(sessions)
    again = visitor.post(post.link())
    assert (again.status, again.title) == (200, "This link has done its work")
    assert visitor.get(post.link()).title == "This link has done its work"
    assert rows_of(sessions) == before


def test_a_used_link_brings_back_nobody_who_has_left(sessions: Sessions, visitor: Visitor, post: Post) -> None:
    ask(visitor)
    post.deliver()
    visitor.submit(post.link())
    with sessions() as session:
        token = session.scalars(select(SubscriptionRow.unsubscribe_token)).one()
    visitor.ask("POST", f"/u/{token}")
    visitor.post(post.link())
    assert states(sessions) == ["ended"]


@pytest.mark.parametrize(("age", "title"), [(47, "You will hear from us"), (48, "This link has done its work")])
def test_a_link_works_for_48_hours(app: Flask, visitor: Visitor, post: Post, age: int, title: str) -> None:
    ask(visitor)
    post.deliver()
    move_clock(app, NOW + timedelta(hours=age))
    assert visitor.post(post.link()).title == title


def test_an_unknown_link_looks_like_a_used_one(visitor: Visitor) -> None:
    assert visitor.get("/subscriptions/confirm/unknown").title == "This link has done its work"
    assert visitor.post("/subscriptions/confirm/unknown").title == "This link has done its work"


@pytest.fixture
def follower(sessions: Sessions) -> None:
    """Someone who follows two things, with an alert that waits for each; the first has the token."""
    with sessions.begin() as session:
        person = add_subscriber(session, email=ADDRESS)
        first = add_subscription(session, subscriber_id=person.id, unsubscribe_token="the-token")
        second = add_subscription(session, subscriber_id=person.id, query="tech:alpr")
        for row in (first, second, add_subscription(session)):
            add_alert(session, subscription_id=row.id)


@pytest.mark.usefixtures("follower")
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_the_way_out_changes_nothing(sessions: Sessions, visitor: Visitor, method: str) -> None:
    before = rows_of(sessions)
    assert visitor.ask(method, LEAVE).status == 200
    assert rows_of(sessions) == before


@pytest.mark.usefixtures("follower")
@pytest.mark.parametrize(
    "details",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": {"List-Unsubscribe": "One-Click"}, "content_type": "multipart/form-data"},
        {"data": b"List-Unsubscribe=One-Click", "content_type": "text/plain"},
        {"data": b"\xff\xfe{", "content_type": "application/json"},
        {"headers": {"Origin": "https://mail.example", "Referer": "https://mail.example/"}},
        {"headers": {"Cookie": "session=forged"}},
        {},
    ],
)
def test_one_click_of_a_mail_program_ends_it(app: Flask, sessions: Sessions, details: dict[str, object]) -> None:
    program = Visitor(app)
    page = program.ask("POST", LEAVE, **details)
    assert (page.status, page.title, page.location) == (200, "You are out", "")
    assert states(sessions) == ["ended", "active", "active"]
    assert program.cookies == {}


@pytest.mark.usefixtures("follower")
def test_mails_that_wait_are_called_back(sessions: Sessions, visitor: Visitor, post: Post) -> None:
    visitor.ask("POST", LEAVE)
    with sessions() as session:
        assert sorted(session.scalars(select(AlertRow.state))) == ["cancelled", "pending", "pending"]
    assert post.deliver() == 2


@pytest.mark.usefixtures("follower")
def test_leaving_twice_is_as_good_as_once(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    first = visitor.ask("POST", LEAVE)
    before = rows_of(sessions)
    move_clock(app, NOW + timedelta(days=400))
    second = visitor.ask("POST", LEAVE)
    assert (second.status, second.body) == (first.status, first.body)
    assert rows_of(sessions) == before
    assert "already stopped" in visitor.get(LEAVE).text


@pytest.mark.usefixtures("follower")
def test_everything_ends_all_that_one_person_follows(sessions: Sessions, visitor: Visitor, post: Post) -> None:
    visitor.submit(LEAVE, everything="1")
    assert states(sessions) == ["ended", "ended", "active"]
    assert post.deliver() == 1


@pytest.mark.usefixtures("follower")
def test_who_left_one_thing_can_still_leave_all(sessions: Sessions, visitor: Visitor) -> None:
    visitor.submit(LEAVE)
    visitor.submit(LEAVE, everything="1")
    assert states(sessions) == ["ended", "ended", "active"]


@pytest.mark.usefixtures("follower")
@pytest.mark.parametrize("token", ["unknown", "THE-TOKEN", "the-token ", "the-toke", "%25", "_"])
def test_another_token_ends_nothing_and_is_told_nothing(sessions: Sessions, visitor: Visitor, token: str) -> None:
    known, unknown = visitor.ask("POST", f"/u/{token}"), states(sessions)
    assert (known.status, unknown) == (200, ["active", "active", "active"])
    assert "This link is not complete" in visitor.get(f"/u/{token}").text


@pytest.mark.usefixtures("follower")
@pytest.mark.parametrize("path", [LEAVE, "/subscriptions/confirm/x", "/subscribe"])
def test_no_page_names_the_address(visitor: Visitor, path: str) -> None:
    assert ADDRESS not in visitor.get(path).body


def test_one_subscriber_is_kept_however_often_they_ask(sessions: Sessions, visitor: Visitor, post: Post) -> None:
    for email in (ADDRESS, ADDRESS.upper(), f" {ADDRESS} "):
        ask(visitor, email=email)
    assert post.deliver() == 1
    with sessions() as session:
        assert session.scalars(select(SubscriberRow.email)).all() == [ADDRESS]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"/mentions/?technology=alpr&state=confirmed&jurisdiction={SEATTLE}", f"place:{SEATTLE} tech:alpr"),
        ("/jurisdictions/?technology=drones&state=FL", "state:FL tech:drones"),
        ("/deployments/?technology=alpr", "tech:alpr"),
        ("/policies/", ""),
    ],
)
def test_a_list_carries_its_filters_along(recorded: Visitor, path: str, query: str) -> None:
    links = [link for link in recorded.get(path).links if link.startswith("/subscribe?query=")]
    found = [recorded.get(link).main.one("input", name="query").attributes["value"] for link in links]
    assert found == [query] * bool(query)
