"""An editor clears a full queue with the keyboard alone, attaches ten mentions to the record, and undoes one act."""

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from oversight.domain.account import Role
from oversight.storage.engine import Sessions
from oversight.storage.models import DeploymentStatusRow, MentionLinkRow, MentionRow
from tests.factories import add_mention
from tests.web.conftest import MakeApp, add_account
from tests.web.record import DEPLOYMENT, add_record
from tests.web.test_browser import (  # noqa: F401
    NewContext,
    browser,
    found_on,
    log_in,
    new_context,
    serve,
)

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ATTACHED, TOGETHER, CONFIRMED, DISMISSED = 10, 28, 6, 6
HERE = "document.activeElement.id"


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite is enough for a browser."""
    return sqlite_engine


@pytest.fixture
def full_desk(make_app: MakeApp, sessions: Sessions) -> Iterator[str]:
    """Fifty mentions that wait: ten of the police's plate readers, then what is nothing to do with the record."""
    add_account(sessions, Role.EDITOR)
    with sessions.begin() as session:
        add_record(session)
        for number in range(ATTACHED):
            add_mention(session, title=f"Plate readers, part {number}", stage="deployed", score=0.95)
        for number in range(TOGETHER + CONFIRMED + DISMISSED):
            add_mention(session, title=f"Story {number}", technologies=("drones",), stage=None, score=0.5)
    yield from serve(make_app())


def press(page: Page, *keys: str) -> None:
    """Press keys, the last of which sends a form."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def states(sessions: Sessions) -> Counter[str]:
    with sessions() as session:
        return Counter(session.scalars(select(MentionRow.state)))


def test_fifty_mentions_are_cleared_with_the_keyboard_alone(
    full_desk: str,
    new_context: NewContext,  # noqa: F811
    sessions: Sessions,
) -> None:
    page = new_context().new_page()
    log_in(page, full_desk, "/review/")
    press(page, "j", "s", "a")  # the first one with the new status, the others as more of the same
    for _ in range(ATTACHED - 1):
        press(page, "a")
    for _ in range(CONFIRMED):
        press(page, "c")
    for number in range(DISMISSED):
        press(page, "d", str(number + 1))
    press(page, "u")  # the last one is back, and at hand
    press(page, "d", "6")
    for _ in range(TOGETHER):
        page.keyboard.press("x")
        page.keyboard.press("j")
    press(page, "b", "Enter")
    assert "Nothing waits." in page.locator("main").inner_text()
    assert states(sessions) == {"confirmed": ATTACHED + CONFIRMED + TOGETHER, "dismissed": DISMISSED}
    with sessions() as session:
        assert list(session.scalars(select(MentionLinkRow.key))) == [DEPLOYMENT] * ATTACHED
        assert list(session.scalars(select(DeploymentStatusRow.status))) == ["pilot", "in_use"]


def test_keys_are_silent_in_fields_and_after_being_switched_off(
    full_desk: str,
    new_context: NewContext,  # noqa: F811
    sessions: Sessions,
) -> None:
    page = new_context().new_page()
    log_in(page, full_desk, "/review/")
    for key in ("j", "j"):
        page.keyboard.press(key)
    assert page.evaluate(HERE) == "mention-2"
    page.keyboard.press("d")
    page.locator("#reason-2").focus()
    page.keyboard.type("c1 because")
    assert page.locator("#reason-2").input_value() == "c1 because"
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    assert "nothing to merge it with" in page.locator("#notice").inner_text()
    page.keyboard.press("?")
    press(page, "Tab", "Enter")
    assert "Keyboard actions are off." in page.locator("main").inner_text()
    for key in ("j", "c", "a"):
        page.keyboard.press(key)
    assert page.evaluate(HERE) != "mention-1"
    assert states(sessions) == {"pending": 50}


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_the_desk_in_all_its_states_has_no_fault(
    full_desk: str,
    new_context: NewContext,  # noqa: F811
    scheme: str,
    width: int,
) -> None:
    page = new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800}).new_page()
    log_in(page, full_desk, "/review/")
    press(page, "j", "a")
    page.keyboard.press("x")
    found = {"decided": found_on(page)}
    for path in ("/review/decisions/", "/review/tasks/", "/review/2/attach", "/mentions/1"):
        page.goto(full_desk + path)
        found[path] = found_on(page)
    assert found == dict.fromkeys(found, ([], 0))
