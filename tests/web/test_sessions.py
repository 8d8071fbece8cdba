"""Sessions begin at the login, end on the server, and do not last for ever (SAFETY E2)."""

from datetime import timedelta

import pytest
from flask import Flask
from passlib.hash import argon2
from sqlalchemy import func, select, update

from oversight.domain.account import Role
from oversight.services.accounts import create_user
from oversight.storage.engine import Sessions
from oversight.storage.models import LoginRow, UserRow
from tests.factories import NOW
from tests.web.browse import Page, Visitor
from tests.web.conftest import PASSWORD, MakeApp, add_account, logged_in, move_clock

SITE = "https://watch.example"


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/review/").status == 200


def copied(visitor: Visitor, app: Flask, *, base_url: str = "http://127.0.0.1:8000") -> Visitor:
    """Someone who has a copy of all cookies of another."""
    thief = Visitor(app, base_url=base_url)
    for cookie in visitor.client._cookies.values():
        thief.client.set_cookie(cookie.key, cookie.value, domain=cookie.domain)
    return thief


def session_cookie(page: Page) -> str:
    return next(line for line in page.response.headers.getlist("Set-Cookie") if "session=" in line)


def test_the_session_changes_at_login(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    before, token = copied(visitor, app), visitor.token()
    before = visitor.cookies
    visitor.log_in(add_account(sessions, Role.EDITOR), PASSWORD)
    assert is_in(visitor)
    assert visitor.cookies != before
    assert visitor.ask("POST", "/subscribe", data={"csrf_token": token}).status == 400


def test_a_login_hashes_a_password_anew_where_it_was_hashed_otherwise(sessions: Sessions, visitor: Visitor) -> None:
    email, old = add_account(sessions, Role.EDITOR), argon2.using(rounds=2, memory_cost=64).hash(PASSWORD)
    with sessions.begin() as session:
        session.execute(update(UserRow).values(password=old))
    assert visitor.log_in(email, PASSWORD).status == 302
    assert is_in(visitor)
    with sessions() as session:
        hashed = session.scalars(select(UserRow.password)).one()
    assert hashed != old
    assert argon2.verify(PASSWORD, hashed)


def test_a_session_that_was_planted_before_the_login_is_not_logged_in(
    app: Flask, sessions: Sessions, visitor: Visitor
) -> None:
    visitor.token()
    planted = copied(visitor, app)
    visitor.log_in(add_account(sessions, Role.EDITOR), PASSWORD)
    assert (is_in(visitor), is_in(planted)) == (True, False)


def test_a_cookie_that_was_copied_before_the_logout_is_worth_nothing(app: Flask, editor: Visitor) -> None:
    thief = copied(editor, app)
    assert is_in(thief)
    editor.log_out()
    assert (is_in(editor), is_in(thief)) == (False, False)


def test_logging_out_here_leaves_the_session_elsewhere(app: Flask, sessions: Sessions, editor: Visitor) -> None:
    other = Visitor(app)
    other.log_in("editor@example.org", PASSWORD)
    editor.log_out()
    assert is_in(other)


def test_a_get_does_not_log_out(editor: Visitor) -> None:
    assert editor.get("/logout").status == 405
    assert is_in(editor)


def test_a_browser_is_never_remembered_beyond_its_session(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    email = add_account(sessions, Role.EDITOR)
    visitor.submit("/login", email=email, password=PASSWORD, remember="y")
    thief = copied(visitor, app)
    visitor.log_out()
    assert [is_in(thief), is_in(thief), is_in(thief)] == [False, False, False]
    assert set(visitor.cookies) == {"session"}


def test_no_token_stands_in_for_a_session(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    form = {"email": add_account(sessions, Role.EDITOR), "password": PASSWORD, "csrf_token": visitor.token()}
    headers = {"Accept": "application/json"}
    answer = visitor.ask("POST", "/login?include_auth_token", data=form, headers=headers).response.get_json(silent=True)
    token = ((answer or {}).get("response", {}).get("user", {})).get("authentication_token", "none")
    assert Visitor(app).get("/review/", headers={"Authentication-Token": token}).status == 401
    assert Visitor(app).get(f"/review/?auth_token={token}").status == 401


def test_an_account_that_was_closed_is_out_at_once(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        session.scalars(select(UserRow)).unique().one().active = False
    assert not is_in(editor)


def test_a_role_that_was_taken_away_is_gone_at_once(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        session.scalars(select(UserRow)).unique().one().roles = []
    assert editor.get("/review/").status == 403


def test_a_session_that_rests_for_twelve_hours_ends(app: Flask, editor: Visitor) -> None:
    move_clock(app, NOW + timedelta(hours=12))
    assert is_in(editor)
    move_clock(app, NOW + timedelta(hours=24, seconds=1))
    assert not is_in(editor)


def test_a_session_does_not_come_back_when_the_clock_does(app: Flask, editor: Visitor) -> None:
    thief = copied(editor, app)
    move_clock(app, NOW + timedelta(hours=12, seconds=1))
    assert not is_in(editor)
    move_clock(app, NOW + timedelta(hours=1))
    assert (is_in(editor), is_in(thief)) == (False, False)


def test_a_session_ends_after_seven_days_however_busy_it_is(app: Flask, editor: Visitor) -> None:
    answers = []
    for hours in range(0, 7 * 24 + 1, 8):
        move_clock(app, NOW + timedelta(hours=hours))
        answers.append(is_in(editor))
    assert all(answers)
    move_clock(app, NOW + timedelta(days=7, seconds=1))
    assert not is_in(editor)


@pytest.mark.parametrize("path", ["/", "/subscribe", "/feeds/", "/static/oversight.css", "/nothing"])
def test_whoever_only_reads_gets_no_session_on_the_server(sessions: Sessions, visitor: Visitor, path: str) -> None:
    visitor.get(path)
    with sessions() as session:
        assert session.scalar(select(func.count(LoginRow.id))) == 0


@pytest.mark.parametrize("path", ["/", "/mentions/", "/jurisdictions/", "/actions/", "/vendors/", "/feeds/"])
def test_a_page_that_is_only_read_sets_no_cookie(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).response.headers.getlist("Set-Cookie") == []


def test_the_cookie_is_for_this_site_and_not_for_scripts(sessions: Sessions, visitor: Visitor) -> None:
    cookie = session_cookie(visitor.log_in(add_account(sessions, Role.EDITOR), PASSWORD))
    assert cookie.startswith("session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_the_cookie_of_a_secure_site_is_bound_to_its_host(make_app: MakeApp, sessions: Sessions) -> None:
    visitor = Visitor(make_app(base_url=SITE), base_url=SITE)
    cookie = session_cookie(visitor.log_in(add_account(sessions, Role.EDITOR), PASSWORD))
    assert cookie.startswith("__Host-session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_forms_of_a_secure_site_work_though_browsers_send_no_referer(make_app: MakeApp, sessions: Sessions) -> None:
    visitor = Visitor(make_app(base_url=SITE), base_url=SITE)
    visitor.log_in(add_account(sessions, Role.EDITOR), PASSWORD)
    assert is_in(visitor)


def test_a_wrong_login_says_the_same_whoever_it_is(sessions: Sessions, visitor: Visitor) -> None:
    known = add_account(sessions, Role.EDITOR)
    pages = [visitor.log_in(email, "not the right one") for email in (known, "nobody@example.org", "no address", "")]
    assert {(page.status, page.main.one(role="alert").text) for page in pages} == {
        (200, "The address or the password is not right.")
    }
    assert not is_in(visitor)


def test_an_account_that_was_made_can_log_in(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    app.extensions["security"].pwd_context.load({"schemes": ["argon2"]})  # at the product's cost, not the tests'
    with sessions.begin() as session:
        create_user(session, "New@Site.Test", PASSWORD, role=Role.EDITOR, now=NOW)
    visitor.log_in("new@site.test", PASSWORD)
    assert is_in(visitor)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_the_way_to_the_desk_is_shown_to_those_who_may_go(app: Flask, sessions: Sessions, role: Role) -> None:
    assert "/review/" in logged_in(app, sessions, role).get("/").links


def test_the_way_to_the_desk_is_not_shown_to_others(visitor: Visitor, reader: Visitor) -> None:
    assert "/review/" not in visitor.get("/").links + reader.get("/").links
