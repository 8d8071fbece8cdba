"""Self-service through the pages: a mailed link to see, change, pause, end and erase (SAFETY F1, F5, F6)."""

import json
import re
import secrets
import time
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import select

from oversight.domain.alert import AlertState
from oversight.domain.endpoint import EndpointKind
from oversight.domain.subscription import Purpose
from oversight.services.deliver import Courier, deliver
from oversight.services.endpoints import add_endpoint
from oversight.storage.engine import Sessions
from oversight.storage.mailed_links import add_mailed_link
from oversight.storage.models import AlertRow, DeliveryRow, EndpointRow, SubscriberRow, SubscriptionRow, SuppressionRow
from tests.factories import ALPR_TITLE, NOW, SEATTLE, SECRET, add_alert, add_subscriber, add_subscription
from tests.fakes import FakeChannel, FixedClock
from tests.services.sender import make_courier
from tests.web.browse import Page, Visitor
from tests.web.conftest import MakeApp, move_clock, rows_of

ADDRESS = "reader@example.org"
LINK = re.compile(r"https://oversight\.example\.org(/manage/\S+)")


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def courier(sessions: Sessions, channel: FakeChannel) -> Courier:
    return make_courier(sessions, channel, FixedClock(NOW))


@pytest.fixture
def followed(sessions: Sessions) -> list[int]:
    """Someone who follows two things, and another who follows one; the ids of the three."""
    with sessions.begin() as session:
        person = add_subscriber(session, email=ADDRESS)
        first = add_subscription(session, subscriber_id=person.id, cadence="daily", hour=8)
        second = add_subscription(session, subscriber_id=person.id, query="tech:alpr")
        add_alert(session, subscription_id=first.id, state=AlertState.SENT.value, ended_at=NOW)
        add_alert(session, subscription_id=first.id, in_digest=True, due_at=NOW + timedelta(hours=20))
        return [first.id, second.id, add_subscription(session).id]


@pytest.fixture
def link(followed: list[int], visitor: Visitor, courier: Courier, channel: FakeChannel) -> str:
    """The address in the mail that this person asked for."""
    assert visitor.submit("/manage/", email=ADDRESS).status == 202
    deliver(courier)
    assert channel.addresses[-1] == ADDRESS
    found = LINK.search(channel.messages[-1].text)
    assert found
    return found[1]


def change(visitor: Visitor, link: str, subscription_id: int, action: str, **fields: str) -> Page:
    return visitor.post(f"{link}/{subscription_id}/{action}", **fields)


def row_of(sessions: Sessions, subscription_id: int) -> SubscriptionRow:
    with sessions() as session:
        return session.get_one(SubscriptionRow, subscription_id)


@pytest.mark.usefixtures("followed")
def test_the_answer_is_the_same_whoever_asks_for_a_link(app: Flask) -> None:
    pages = [Visitor(app).submit("/manage/", email=email) for email in (ADDRESS, "nobody@example.org", ADDRESS)]
    assert [page.status for page in pages] == [202] * 3
    assert len({page.body for page in pages}) == 1


def test_who_never_confirmed_gets_no_link(sessions: Sessions, visitor: Visitor, courier: Courier) -> None:
    with sessions.begin() as session:
        person = add_subscriber(session, email=ADDRESS)
        add_subscription(session, subscriber_id=person.id, state="pending", consent_at=None)
    visitor.submit("/manage/", email=ADDRESS)
    assert deliver(courier)["mailed links"] == 0


def test_the_page_shows_what_is_followed_and_what_was_sent(visitor: Visitor, link: str) -> None:
    page = visitor.get(link)
    assert (page.title, len(page.main.by_class("manage"))) == ("What you follow", 2)
    assert page.main.one("section", aria_labelledby="sent").text.count(ALPR_TITLE) == 1
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex"


def test_a_button_that_is_not_there_changes_nothing(
    sessions: Sessions, visitor: Visitor, link: str, followed: list[int]
) -> None:
    before = rows_of(sessions)
    paths = (f"{link}/{followed[0]}/test", f"{link}/endpoints/1/pause")
    assert [visitor.post(path).status for path in paths] == [404, 404]
    assert rows_of(sessions) == before


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_links_changes_nothing(
    sessions: Sessions, visitor: Visitor, link: str, followed: list[int], method: str
) -> None:
    before = rows_of(sessions)
    paths = [link, f"{link}/export.json", f"{link}/hour", f"{link}/end", f"{link}/erase", f"{link}/{followed[0]}/end"]
    for path in paths * 2:
        visitor.ask(method, path)
    assert rows_of(sessions) == before


def test_a_link_is_worth_nothing_after_a_day_or_cut_or_of_another_purpose(
    app: Flask, sessions: Sessions, visitor: Visitor, link: str, followed: list[int]
) -> None:
    token = link.removeprefix("/manage/")
    before = rows_of(sessions)
    wrong = [f"/manage/{token[:-1]}", "/manage/unknown", f"/manage/{row_of(sessions, followed[0]).unsubscribe_token}"]
    answers = [visitor.get(path) for path in wrong] + [visitor.post(f"{path}/erase", sure="1") for path in wrong]
    visitor.post(f"/subscriptions/confirm/{token}")
    move_clock(app, NOW + timedelta(hours=24))
    answers += [visitor.get(link), visitor.post(f"{link}/end")]
    assert {(page.status, page.title) for page in answers} == {(404, "Nothing here")}
    assert rows_of(sessions) == before


def test_nobody_touches_what_is_anothers(sessions: Sessions, visitor: Visitor, link: str, followed: list[int]) -> None:
    before = rows_of(sessions)
    forms = {"pause": {"until": "2026-12-24"}, "rhythm": {"cadence": "daily", "weekday": "0"}}
    for action in ("pause", "resume", "rhythm", "note", "heartbeat", "end"):
        assert change(visitor, link, followed[2], action, **forms.get(action, {})).status == 404
    assert rows_of(sessions) == before


def test_the_hour_is_that_of_all_and_what_waits_follows_it(
    sessions: Sessions, visitor: Visitor, link: str, followed: list[int]
) -> None:
    assert visitor.post(f"{link}/hour", hour="18", timezone="America/Chicago").status == 303
    assert [(row_of(sessions, one).hour, row_of(sessions, one).timezone) for one in followed] == [
        (18, "America/Chicago"),
        (18, "America/Chicago"),
        (7, "UTC"),
    ]
    with sessions() as session:
        waiting = session.scalars(select(AlertRow).where(AlertRow.state == AlertState.PENDING)).one()
    assert waiting.due_at == NOW.replace(day=21, hour=0)
    change(visitor, link, followed[0], "rhythm", cadence="immediate", weekday="0")
    with sessions() as session:
        waiting = session.scalars(select(AlertRow).where(AlertRow.state == AlertState.PENDING)).one()
    assert (waiting.due_at, waiting.in_digest) == (NOW, False)


def test_a_pause_ends_on_its_day(sessions: Sessions, visitor: Visitor, courier: Courier, link: str, followed) -> None:
    assert change(visitor, link, followed[0], "pause", until="2026-11-20").status == 422
    assert change(visitor, link, followed[0], "pause", until="2026-11-23").status == 303
    assert row_of(sessions, followed[0]).state == "paused"
    with sessions() as session:
        assert sorted(session.scalars(select(AlertRow.state))) == ["cancelled", "sent"]
    visitor.submit("/subscribe", email=ADDRESS, query=f"place:{SEATTLE}")
    assert row_of(sessions, followed[0]).state == "paused"  # whoever types the address cannot end it
    courier.now.advance(days=3)  # type: ignore[attr-defined]
    deliver(courier)
    assert row_of(sessions, followed[0]).state == "active"


def test_a_note_and_a_heartbeat_are_kept(sessions: Sessions, visitor: Visitor, link: str, followed: list[int]) -> None:
    change(visitor, link, followed[0], "note", note="The vote in spring <b>")
    change(visitor, link, followed[0], "heartbeat", wanted="yes")
    change(visitor, link, followed[0], "resume")
    row = row_of(sessions, followed[0])
    assert (row.note, row.heartbeat_at) == ("The vote in spring <b>", NOW.replace(day=21, hour=8))
    assert "The vote in spring <b>" in visitor.get(link).text


def test_one_or_all_are_stopped(sessions: Sessions, visitor: Visitor, link: str, followed: list[int]) -> None:
    change(visitor, link, followed[0], "end")
    assert [row_of(sessions, one).state for one in followed] == ["ended", "active", "active"]
    visitor.post(f"{link}/end")
    assert [row_of(sessions, one).state for one in followed] == ["ended", "ended", "active"]


def test_everything_is_exported_without_secrets(sessions: Sessions, visitor: Visitor, link: str, followed) -> None:
    answer = visitor.get(f"{link}/export.json")
    kept = json.loads(answer.body)
    assert (kept["address"], len(kept["subscriptions"]), len(kept["sent"])) == (ADDRESS, 2, 1)
    assert kept["sent"][0]["title"] == ALPR_TITLE
    assert row_of(sessions, followed[0]).unsubscribe_token not in answer.body


def test_erasing_forgets_a_person_and_nobody_else(sessions: Sessions, visitor: Visitor, link: str, courier) -> None:
    assert visitor.post(f"{link}/erase").status == 422
    assert visitor.post(f"{link}/erase", sure="1").title == "Erased"
    assert (visitor.get(link).status, deliver(courier)["sent"]) == (404, 0)
    rows = rows_of(sessions)
    assert ADDRESS not in repr(rows)
    assert (len(rows["subscribers"]), len(rows["alerts"]), rows["mailed_persons"]) == (1, 0, [])
    with sessions() as session:
        assert session.scalars(select(SuppressionRow.reason)).one() == "erased"


def test_who_was_erased_can_come_back(
    sessions: Sessions, visitor: Visitor, link: str, courier: Courier, channel: FakeChannel
) -> None:
    visitor.post(f"{link}/erase", sure="1")
    moment = courier.now.advance(minutes=1)  # type: ignore[attr-defined]
    move_clock(visitor.client.application, moment)
    visitor.submit("/subscribe", email=ADDRESS, query="tech:alpr")
    deliver(courier)
    found = re.search(r"/subscriptions/confirm/\S+", channel.messages[-1].text)
    assert found and visitor.post(found[0]).title == "You will hear from us"
    with sessions() as session:
        assert session.scalars(select(SubscriberRow.email).where(SubscriberRow.email == ADDRESS)).one()


def test_one_mailbox_gets_one_mail_a_day_whatever_is_typed(app: Flask, courier: Courier, channel: FakeChannel) -> None:
    typed = ["reader@gmail.com", "re.ader@gmail.com", "reader+a@gmail.com", "r.e.ader+b@googlemail.com"]
    pages = [Visitor(app).submit("/subscribe", email=email, query="tech:alpr") for email in typed]
    deliver(courier)
    assert len(channel.sent) == 1
    assert {(page.status, page.body) for page in pages} == {(202, pages[0].body)}


def test_one_network_asks_five_times_an_hour_whatever_it_claims_to_be(
    app: Flask, courier: Courier, channel: FakeChannel
) -> None:
    visitor = Visitor(app)
    token = visitor.token()
    for number in range(8):
        form = {"csrf_token": token, "email": f"reader-{number}@example.org", "query": "tech:alpr"}
        page = visitor.ask("POST", "/subscribe", data=form, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        assert page.status == 202
    deliver(courier)
    assert len(channel.sent) == 5


def test_what_all_ask_for_goes_out_two_hundred_an_hour(sessions: Sessions, courier: Courier) -> None:
    with sessions.begin() as session:
        person = add_subscriber(session)
        for _ in range(205):
            add_mailed_link(session, person.id, Purpose.CONFIRM, due_at=NOW, now=NOW)
    assert [deliver(courier)["mailed links"] for _ in range(2)] == [200, 0]
    courier.now.advance(hours=1)  # type: ignore[attr-defined]
    assert deliver(courier)["mailed links"] == 5


def test_a_program_gets_the_same_answer_and_no_mail(make_app: MakeApp, sessions: Sessions) -> None:
    app = make_app(test_now=None)
    fields = {"query": "tech:alpr", "email": ADDRESS}
    pages = [
        Visitor(app).submit("/subscribe", **fields),  # at once
        Visitor(app).submit("/subscribe", **fields, opened="forged"),
        Visitor(app).submit("/subscribe", **fields, website="https://spam.example"),
        Visitor(app).submit("/manage/", **fields),
    ]
    assert [page.status for page in pages] == [202] * 4
    with sessions() as session:
        assert session.scalars(select(SubscriberRow.id)).all() == []
    long_ago = TimestampSigner(SECRET, salt="opened")
    long_ago.get_timestamp = lambda: int(time.time()) - 10  # type: ignore[method-assign]
    Visitor(app).submit("/subscribe", **fields, opened=long_ago.sign("form").decode())
    with sessions() as session:
        assert len(session.scalars(select(SubscriberRow.id)).all()) == 1


def test_a_private_feed_is_made_renewed_and_taken_away(
    sessions: Sessions, visitor: Visitor, link: str, followed: list[int]
) -> None:
    tokens = []
    for wanted in ("yes", "yes", "no"):
        change(visitor, link, followed[0], "feed", wanted=wanted)
        tokens.append(row_of(sessions, followed[0]).feed_token)
        answers = [visitor.get(f"/f/{token}.atom").status for token in tokens]
        assert answers == [404] * (len(tokens) - 1) + [404 if wanted == "no" else 200]
    change(visitor, link, followed[1], "end")
    assert change(visitor, link, followed[1], "feed", wanted="yes").status == 409


def test_a_webhook_is_added_proved_and_told_instead(
    sessions: Sessions, visitor: Visitor, link: str, followed: list[int]
) -> None:
    hook = {"kind": "webhook", "url": "https://hooks.example.org/x"}
    assert visitor.post(f"{link}/endpoints", **(hook | {"url": "http://hooks.example.org/x"})).status == 422
    assert visitor.post(f"{link}/endpoints", **hook).status == 303
    with sessions() as session:
        row = session.scalars(select(EndpointRow)).one()
    place = f"{link}/endpoints/{row.subscriber_id}"
    assert visitor.post(f"{place}/test").status == 409
    assert visitor.post(f"{place}/prove", code="wrong").status == 422
    assert visitor.post(f"{place}/prove", code=str(row.challenge)).status == 303
    told = {"endpoint": str(row.subscriber_id), "instead": "1"}
    assert visitor.post(f"{link}/{followed[2]}/tell", **told).status == 404
    assert visitor.post(f"{link}/{followed[1]}/tell", **told).status == 303
    with sessions() as session:
        query = select(SubscriptionRow.state).where(SubscriptionRow.subscriber_id == row.subscriber_id)
        assert session.scalars(query).all() == ["active"]
    assert row_of(sessions, followed[1]).state == "ended"
    with sessions.begin() as session:
        theirs = session.scalars(select(SubscriptionRow.id).where(SubscriptionRow.subscriber_id == row.subscriber_id))
        alert = add_alert(session, subscription_id=theirs.one(), attempts=1)
        said = {"outcome": "pending", "detail": "the server answered with status 500"}
        session.add(DeliveryRow(alert_id=alert.id, attempt=2, channel="webhook", started_at=NOW, **said))
    page = visitor.get(link)
    assert row.secret in page.text
    assert "Waiting, attempt 2; the server answered with status 500" in page.text
    assert row.secret not in visitor.get(f"{link}/export.json").body
    visitor.post(f"{place}/renew")
    visitor.post(f"{place}/remove")
    assert rows_of(sessions)["endpoints"] == []


def test_nobody_touches_anothers_webhook(sessions: Sessions, visitor: Visitor, link: str) -> None:
    with sessions.begin() as session:
        other = add_subscriber(session)
        row = add_endpoint(session, other, EndpointKind.SLACK, "https://hooks.example.org/y", now=NOW)
        endpoint, code = row.subscriber_id, str(row.challenge)
    before = rows_of(sessions)
    for step in ("prove", "ask", "test", "renew", "remove"):
        assert visitor.post(f"{link}/endpoints/{endpoint}/{step}", code=code).status == 404
    assert rows_of(sessions) == before


def test_who_is_erased_takes_their_webhooks_along(sessions: Sessions, visitor: Visitor, link: str) -> None:
    visitor.post(f"{link}/endpoints", kind="slack", url="https://hooks.example.org/z")
    visitor.post(f"{link}/erase", sure="1")
    rows = rows_of(sessions)
    assert (rows["endpoints"], len(rows["subscribers"])) == ([], 1)


@pytest.mark.usefixtures("followed")
def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(
    app: Flask, sessions: Sessions, visitor: Visitor, courier: Courier, channel: FakeChannel
) -> None:
    visitor.submit("/manage/", email=ADDRESS)
    visitor.submit("/subscribe", email="another@example.org", query="tech:drones")
    with sessions.begin() as session:
        add_alert(session, subscription_id=session.scalars(select(SubscriptionRow.id)).first())
    deliver(courier)
    links = {
        link for one in channel.messages for link in re.findall(r"https://oversight\.example\.org(/\S+)", one.text)
    }
    assert {link.split("/")[1] for link in links} >= {"manage", "subscriptions", "u"}
    before = rows_of(sessions)
    for link in sorted(links) * 2:
        for method in ("GET", "HEAD"):
            Visitor(app).ask(method, link, headers={"Purpose": "prefetch"})
    assert rows_of(sessions) == before


def test_guessed_tokens_open_nothing_and_are_told_nothing(sessions: Sessions, visitor: Visitor, link: str) -> None:
    before, token, csrf = rows_of(sessions), link.removeprefix("/manage/"), visitor.token()
    guesses = [token[:-1], token.swapcase(), token + "A", "A" * 43, *(secrets.token_urlsafe(32) for _ in range(40))]
    answers = set()
    for guess in guesses:
        pages = [visitor.get(f"/manage/{guess}"), visitor.get(f"/f/{guess}.atom")]
        pages += [visitor.ask("POST", f"/manage/{guess}/erase", data={"csrf_token": csrf, "sure": "1"})]
        answers |= {page.status for page in pages}
        visitor.ask("POST", f"/subscriptions/confirm/{guess}", data={"csrf_token": csrf})
        visitor.ask("POST", f"/u/{guess}")
    assert answers == {404}
    assert rows_of(sessions) == before
