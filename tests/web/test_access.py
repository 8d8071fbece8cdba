"""Who may open which page: every route names its audience, and what names none is closed (SAFETY E3, I6)."""

from pathlib import Path

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine
from werkzeug.routing import Rule

from oversight.domain.account import Role
from oversight.settings import Settings
from oversight.storage.engine import Sessions
from oversight.web import create_app
from oversight.web.auth import PUBLIC_ENDPOINTS
from oversight.web.headers import POLICY
from tests.factories import SEATTLE, add_correction, add_proposal, add_run
from tests.web.browse import Visitor
from tests.web.conftest import MakeApp, add_samples, logged_in, rows_of
from tests.web.record import DEPLOYMENT, add_record

PLAN = create_app(Settings(instance=Path("unused"), database_url="sqlite://", secret_key="0" * 32))
SAMPLES = {"filename": "oversight.css", "key": "seattle-legistar", "token": "the-token-of-a-mail"}
SAMPLES |= {"noun": "jurisdiction", "record_key": SEATTLE, "version": "1", "code": "alpr"}
SAMPLES |= dict.fromkeys(("mention_id", "meeting_id", "matter_id", "event_id", "run_id"), "1")
SAMPLES |= dict.fromkeys(("decision_id", "correction_id", "proposal_id", "subscription_id", "row_id"), "1")
SAMPLES |= {"button": "end", "deployment_key": DEPLOYMENT}
RULES = sorted(PLAN.url_map.iter_rules(), key=lambda rule: rule.endpoint)
ONE_CLICK = "subscribe.leave"
HOOK = "bounces.take"  # has a token of its own, and is closed without


def audience(rule: Rule) -> Role | None:
    is_public = rule.endpoint in PUBLIC_ENDPOINTS
    return None if is_public else getattr(PLAN.view_functions[rule.endpoint], "audience", Role.ADMIN)


def address(rule: Rule) -> str:
    with PLAN.test_request_context():
        return url_for(rule.endpoint, **{name: SAMPLES[name] for name in rule.arguments})


CLOSED = [
    (method, rule) for rule in RULES for method in sorted(rule.methods & {"GET", "POST"}) if audience(rule) is not None
]
POSTS = [rule for rule in RULES if "POST" in rule.methods]


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite is enough to ask who may open a page."""
    return sqlite_engine


def knock(visitor: Visitor, method: str, rule: Rule) -> int:
    """The status of a request with a good form token."""
    details = {"data": {"csrf_token": visitor.token(), "reason": "a test"}} if method == "POST" else {}
    return visitor.ask(method, address(rule), **details).status


def test_every_route_names_its_audience() -> None:
    ours = [rule.endpoint for rule in RULES if rule.endpoint not in PUBLIC_ENDPOINTS]
    assert [endpoint for endpoint in ours if not hasattr(PLAN.view_functions[endpoint], "audience")] == []


def test_only_the_desk_is_closed() -> None:
    assert {rule.endpoint for method, rule in CLOSED if method == "GET"} == {
        "add.form",
        "agencies.form",
        "correction_desk.queue",
        "correction_desk.show",
        "deliveries.index",
        "edit.form",
        "links.index",
        "proposals.index",
        "proposals.show",
        "decisions.index",
        "review.choose_record",
        "tasks.index",
        "review.queue",
        "reruns.index",
        "reruns.show",
    }


def test_what_changes_the_record_or_the_watch_is_for_editors() -> None:
    changing = {rule.endpoint: audience(rule) for method, rule in CLOSED if method == "POST"}
    assert changing == dict.fromkeys(
        (
            "add.save",
            "agencies.save",
            "correction_desk.accept_correction",
            "correction_desk.decline_correction",
            "correction_desk.set_aside_chosen",
            "correction_desk.set_aside_correction",
            "edit.save",
            "edit.take_out",
            "edit.undo",
            "feeds.keep",
            "feeds.settle_event",
            "matters.watch",
            "proposals.approve_proposal",
            "proposals.reject_proposal",
            "decisions.take_back",
            "review.attach_mention",
            "review.batch",
            "review.confirm_mention",
            "review.dismiss_mention",
            "review.merge_mention",
            "review.shortcuts",
            "tasks.snooze",
        ),
        Role.EDITOR,
    )


def test_a_closed_route_asks_who_is_there(visitor: Visitor) -> None:
    assert {knock(visitor, method, rule) for method, rule in CLOSED} <= {401, 403, 404}


def test_a_reader_may_not_use_a_closed_route(reader: Visitor) -> None:
    assert {knock(reader, method, rule) for method, rule in CLOSED} <= {403, 404}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_those_may_use_a_route_whom_it_names(app: Flask, sessions: Sessions, role: Role) -> None:
    with sessions.begin() as session:
        add_samples(session)
        add_record(session)
        add_run(session)
        add_correction(session)
        add_proposal(session)
    visitor = logged_in(app, sessions, role)
    named = [(method, rule) for method, rule in CLOSED if role.includes(audience(rule) or Role.READER)]
    assert {knock(visitor, method, rule) for method, rule in named} & {401, 403, 404} == set()


def test_a_public_route_asks_nobody(visitor: Visitor) -> None:
    rules = [rule for rule in RULES if "GET" in rule.methods and audience(rule) is None]
    assert {visitor.get(address(rule)).status for rule in rules} == {200, 404}


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.READER, 403), (Role.EDITOR, 403), (Role.ADMIN, 200)])
def test_a_route_that_names_nobody_is_closed_to_all_but_administrators(
    make_app: MakeApp, sessions: Sessions, role: Role | None, status: int
) -> None:
    app = make_app()
    app.add_url_rule("/forgotten", view_func=lambda: "open")
    visitor = logged_in(app, sessions, role) if role else Visitor(app)
    assert visitor.get("/forgotten").status == status


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "forged"}])
def test_a_form_without_its_token_is_refused(visitor: Visitor, form: dict[str, str]) -> None:
    answers = {rule.endpoint: visitor.ask("POST", address(rule), data=form).status for rule in POSTS}
    assert answers == dict.fromkeys(answers, 400) | {ONE_CLICK: 200, HOOK: 404}


def test_an_editors_form_without_its_token_is_refused(editor: Visitor) -> None:
    answers = {rule.endpoint: editor.ask("POST", address(rule)).status for rule in POSTS}
    assert answers == dict.fromkeys(answers, 400) | {ONE_CLICK: 200, HOOK: 404}


def test_the_token_of_another_session_is_refused(app: Flask, visitor: Visitor) -> None:
    stolen = Visitor(app).token()
    visitor.token()
    assert visitor.ask("POST", "/subscribe", data={"csrf_token": stolen}).status == 400


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(app: Flask, sessions: Sessions, visitor: Visitor, method: str) -> None:
    with sessions.begin() as session:
        add_samples(session)
    before = rows_of(sessions)
    for rule in RULES:
        if method in rule.methods:
            visitor.ask(method, address(rule))
    assert rows_of(sessions) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "POST"])
def test_a_page_answers_to_its_own_methods_only(visitor: Visitor, method: str) -> None:
    token = visitor.token()
    assert visitor.ask(method, "/feeds/", headers={"X-CSRFToken": token}).status == 405


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "127.0.0.1, evil.example",
        "evil.example:80:127.0.0.1",
        "",
        "x" * 300,
    ],
)
def test_an_unknown_host_is_refused(visitor: Visitor, host: str) -> None:
    page = visitor.get("/", headers={"Host": host})
    assert (page.status, page.response.headers["Content-Security-Policy"]) == (400, POLICY)
    assert host == "" or host not in page.body


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9999", "LocalHost:8000", "[::1]:8000", "[::1]"])
def test_a_local_host_is_known(visitor: Visitor, host: str) -> None:
    assert visitor.get("/", headers={"Host": host}).status == 200


@pytest.mark.parametrize("base_url", ["https://Watch.Example", "https://watch.example:8443", "http://watch.example/"])
def test_the_sites_own_host_is_known_however_it_is_written(make_app: MakeApp, base_url: str) -> None:
    assert Visitor(make_app(base_url=base_url)).get("/", headers={"Host": "watch.example"}).status == 200


def test_a_host_that_the_settings_allow_is_known(make_app: MakeApp) -> None:
    visitor = Visitor(make_app(allowed_hostnames=frozenset({"mirror.example"})))
    assert visitor.get("/", headers={"Host": "mirror.example"}).status == 200


@pytest.mark.parametrize(("proxies", "status"), [(0, 200), (1, 400)])
def test_the_word_of_a_proxy_counts_only_where_one_is_trusted(make_app: MakeApp, proxies: int, status: int) -> None:
    visitor = Visitor(make_app(trusted_proxies=proxies))
    assert visitor.get("/", headers={"X-Forwarded-Host": "evil.example"}).status == status


@pytest.mark.parametrize("path", ["/subscribe", "/login", "/u/the-token-of-a-mail", "/subscriptions/confirm/x"])
def test_a_body_over_a_megabyte_is_refused(visitor: Visitor, path: str) -> None:
    token = visitor.token()
    page = visitor.ask("POST", path, data={"csrf_token": token, "reason": "x" * 1024 * 1024})
    assert page.status == 413


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_more_than_a_hundred_fields_is_refused(visitor: Visitor, media_type: str) -> None:
    fields = {f"field-{number}": "" for number in range(101)}
    assert visitor.ask("POST", "/u/x", data=fields, content_type=media_type).status == 413


def test_without_a_secret_key_no_page_is_served(make_app: MakeApp) -> None:
    page = Visitor(make_app(secret_key=None)).get("/")
    assert (page.status, "not set up" in page.body) == (500, True)
