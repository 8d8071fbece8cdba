"""A password is not guessed: five failures on one account, fifty in all, and the door is closed (SAFETY E1)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from oversight.domain.account import Role
from oversight.domain.login_limit import FROM_ONE_SENDER, TO_ONE_ACCOUNT, WINDOW
from oversight.services.accounts import create_user, disable_user, enable_user
from oversight.services.erase import forget_old_traces
from oversight.storage.engine import Sessions
from oversight.storage.models import FailedLoginRow, UserRow
from oversight.storage.users import find_user
from tests.factories import NOW
from tests.web.browse import Page, Visitor
from tests.web.conftest import PASSWORD, add_account, move_clock

ELSEWHERE = {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}}
WRONG = "not the right one"
NOBODY = "nobody@example.org"


def try_once(app: Flask, email: str, password: str = WRONG, **details: object) -> Page:
    """A login from a new browser."""
    visitor = Visitor(app)
    form = {"csrf_token": visitor.token(), "email": email, "password": password}
    return visitor.ask("POST", "/login", data=form, **details)


def fail(app: Flask, email: str, times: int) -> list[int]:
    return [try_once(app, email).status for _ in range(times)]


def counted(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count(FailedLoginRow.id))) or 0


@pytest.fixture
def email(sessions: Sessions) -> str:
    """An account's address."""
    return add_account(sessions, Role.EDITOR)


def test_after_five_failures_even_the_right_password_has_to_wait(app: Flask, email: str) -> None:
    assert fail(app, email, TO_ONE_ACCOUNT) == [200] * 5
    page = try_once(app, email, PASSWORD)
    assert (page.status, page.response.headers["Retry-After"]) == (429, "900")
    assert page.main.one(role="alert").text == "Too many logins failed. Please try again in 15 minutes."


def test_after_a_quarter_of_an_hour_the_door_is_open_again(app: Flask, email: str) -> None:
    fail(app, email, TO_ONE_ACCOUNT + 1)
    move_clock(app, NOW + WINDOW)
    assert try_once(app, email, PASSWORD).status == 302


def test_knocking_at_the_closed_door_does_not_keep_it_closed(app: Flask, email: str) -> None:
    fail(app, email, TO_ONE_ACCOUNT)
    move_clock(app, NOW + timedelta(minutes=10))
    assert set(fail(app, email, 10)) == {429}
    move_clock(app, NOW + WINDOW)
    assert try_once(app, email, PASSWORD).status == 302


def test_a_door_stays_closed_over_midnight(app: Flask, email: str) -> None:
    midnight = NOW.replace(hour=0, minute=0)
    move_clock(app, midnight - timedelta(minutes=1))
    fail(app, email, TO_ONE_ACCOUNT)
    move_clock(app, midnight + timedelta(minutes=1))
    assert try_once(app, email).status == 429


def test_nobody_is_locked_out_by_somebody_elsewhere(app: Flask, email: str) -> None:
    fail(app, email, TO_ONE_ACCOUNT + 1)
    assert try_once(app, email, PASSWORD, **ELSEWHERE).status == 302


def test_failures_on_one_account_do_not_close_another(app: Flask, email: str) -> None:
    fail(app, NOBODY, TO_ONE_ACCOUNT + 1)
    assert try_once(app, email, PASSWORD).status == 302


def test_fifty_failures_on_any_accounts_close_all_for_one_sender(app: Flask, email: str) -> None:
    answers = Counter(try_once(app, f"somebody-{number}@example.org").status for number in range(FROM_ONE_SENDER))
    assert answers == {200: 50}
    assert try_once(app, email, PASSWORD).status == 429
    assert try_once(app, email, PASSWORD, **ELSEWHERE).status == 302


def test_a_login_that_succeeds_is_no_failure(app: Flask, sessions: Sessions, email: str) -> None:
    assert [try_once(app, email, PASSWORD).status for _ in range(TO_ONE_ACCOUNT + 2)] == [302] * 7
    assert counted(sessions) == 0


def test_a_login_that_succeeds_does_not_wipe_out_the_failures(app: Flask, sessions: Sessions, email: str) -> None:
    fail(app, email, TO_ONE_ACCOUNT - 1)
    try_once(app, email, PASSWORD)
    assert fail(app, email, 2) == [200, 429]
    assert counted(sessions) == TO_ONE_ACCOUNT


@pytest.mark.parametrize("spelling", ["EDITOR@example.org", " editor@EXAMPLE.org ", "\uff45ditor@example.org"])
def test_another_spelling_is_not_another_account(app: Flask, email: str, spelling: str) -> None:
    fail(app, email, TO_ONE_ACCOUNT)
    assert try_once(app, spelling, PASSWORD).status != 302


def test_the_answers_do_not_tell_who_has_an_account(app: Flask, sessions: Sessions, email: str) -> None:
    closed = add_account(sessions, Role.EDITOR, name="closed")
    with sessions.begin() as session:
        disable_user(session, closed, now=NOW)

    def answers(address: str) -> list[tuple[int, str]]:
        pages = [try_once(app, address, PASSWORD if address == closed else WRONG) for _ in range(TO_ONE_ACCOUNT + 2)]
        return [(page.status, page.text) for page in pages]

    assert answers(email) == answers(NOBODY) == answers(closed)


@pytest.mark.parametrize("address", ["editor@example.org", NOBODY])
def test_a_program_gets_the_same_answers(app: Flask, email: str, address: str) -> None:
    ask = {"headers": {"Accept": "application/json"}}
    answers = [try_once(app, address, **ask) for _ in range(TO_ONE_ACCOUNT + 1)]
    assert [page.status for page in answers] == [400] * 5 + [429]
    said = [page.response.get_json()["response"] for page in answers]
    assert said[0] == said[-1]
    assert address not in str(said)


def test_several_at_once_gain_nothing(app: Flask, email: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(lambda _: try_once(app, email).status, range(16)))
    assert answers[200] <= TO_ONE_ACCOUNT
    assert answers[200] + answers[429] == 16


def test_nothing_is_kept_that_names_anybody(app: Flask, sessions: Sessions, email: str) -> None:
    fail(app, email, 1)
    with sessions() as session:
        row = session.scalars(select(FailedLoginRow)).one()
    assert {len(row.sender), len(row.account)} == {32}


def test_failures_are_forgotten(app: Flask, sessions: Sessions, email: str) -> None:
    fail(app, email, 2)
    with sessions.begin() as session:
        forget_old_traces(session, now=NOW + WINDOW)
    assert counted(sessions) == 0


def test_an_account_that_is_disabled_is_logged_out_and_stays_out(app: Flask, sessions: Sessions, email: str) -> None:
    visitor = Visitor(app)
    visitor.log_in(email, PASSWORD)
    with sessions.begin() as session:
        disable_user(session, email, now=NOW)
    assert visitor.get("/review/").status == 401
    assert try_once(app, email, PASSWORD).status == 200


def test_an_account_that_is_enabled_again_logs_in_anew(app: Flask, sessions: Sessions, email: str) -> None:
    visitor, copy = Visitor(app), Visitor(app)
    for one in (visitor, copy):
        one.log_in(email, PASSWORD)
    for act in (disable_user, enable_user):
        with sessions.begin() as session:
            act(session, email, now=NOW)
    assert (visitor.get("/review/").status, copy.get("/review/").status) == (401, 401)
    assert visitor.log_in(email, PASSWORD).status == 302


def test_disabling_one_account_leaves_the_others(app: Flask, sessions: Sessions, email: str) -> None:
    add_account(sessions, Role.ADMIN)
    visitor = Visitor(app)
    visitor.log_in(email, PASSWORD)
    with sessions.begin() as session:
        disable_user(session, "admin@example.org", now=NOW)
    assert visitor.get("/review/").status == 200


def test_a_password_with_accents_logs_in(app: Flask, sessions: Sessions) -> None:
    app.extensions["security"].pwd_context.load({"schemes": ["argon2"]})  # at the product's cost, not the tests'
    password = "caf\u00e9 solo y tres tostadas"
    with sessions.begin() as session:
        create_user(session, "ana@example.org", password, role=Role.EDITOR, now=NOW)
        assert isinstance(find_user(session, "ana@example.org"), UserRow)
    assert try_once(app, "ana@example.org", password).status == 302
