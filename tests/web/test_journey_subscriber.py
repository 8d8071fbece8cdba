"""In a real browser, with a real mail server: from the first page to a subscription, out of it, and forgotten."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from oversight.channels import open_channel
from oversight.services.courier import Courier
from oversight.services.deliver import deliver
from oversight.services.review import confirm
from oversight.settings import Settings
from oversight.storage.engine import Sessions, cut_log
from oversight.storage.models import SubscriptionRow
from tests.factories import NOW, add_mention
from tests.fakes import FixedClock
from tests.mailserver import MailServer
from tests.services.sender import make_courier
from tests.web.conftest import MakeApp, rows_of
from tests.web.test_browser import NewContext, browser, faults_of, new_context, overflow_of, serve

__all__ = ["browser", "new_context"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
ADDRESS = "a.quiet.reader@example.org"


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite: its file can be read to the last byte."""
    return sqlite_engine


@pytest.fixture
def site(make_app: MakeApp) -> Iterator[str]:
    yield from serve(make_app())


@pytest.fixture
def courier(sessions: Sessions, settings: Settings, mail_server: MailServer, site: str) -> Courier:
    channel = open_channel(replace(settings, mail=mail_server.url))
    return replace(make_courier(sessions, channel, FixedClock(NOW)), base_url=site)


def link_in(mail_server: MailServer, path: str) -> str:
    """The address with this path in the last mail of a real mail server."""
    mail = message_from_bytes(mail_server.received[-1].content or b"", policy=default)
    body = mail.get_body(("plain",))
    found = re.search(rf"http://127\.0\.0\.1:\d+{path}/[\w-]+", body.get_content() if body else "")
    assert found, f"no link to {path}"
    return found[0]


def test_a_reader_comes_and_goes_and_nothing_is_left(
    site: str, courier: Courier, mail_server: MailServer, new_context: NewContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = new_context(java_script_enabled=False).new_page()
    subscribe(page, site)
    deliver(courier)
    page.goto(link_in(mail_server, "/subscriptions/confirm"))
    page.get_by_role("button", name="Yes, write to me").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You will hear from us"

    with courier.sessions.begin() as session:
        confirm(session, add_mention(session).id, reviewer="ann", reason="", now=NOW)
    deliver(courier)
    leave = link_in(mail_server, "/u")

    page.goto(site)
    page.get_by_label("Main").get_by_role("link", name="Subscribe").click()
    page.get_by_role("link", name="Manage what you follow").click()
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    deliver(courier)
    manage = link_in(mail_server, "/manage")
    page.goto(manage)
    assert page.locator("main").get_by_text("What we sent you").is_visible()
    assert page.locator(".manage").count() == 1

    page.goto(leave)
    page.get_by_role("button", name="Stop following this").click()
    assert states(courier) == ["ended"]

    assert len(mail_server.received) == 3
    before = whole(courier)
    page.goto(manage)
    page.get_by_label("Yes: my address").check()
    page.get_by_role("button", name="Erase all of it").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Erased"
    assert page.goto(manage).status == 404  # type: ignore[union-attr]
    assert ADDRESS in before
    assert ADDRESS not in whole(courier)
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # the mail server's own
    assert not any(ADDRESS in line for line in ours)
    assert not any(Path(courier_folder(courier)).rglob("*.eml"))


def subscribe(page: Page, site: str) -> None:
    """From the first page to the form, through the preview, to the page that says: look into your mail."""
    page.goto(site)
    page.get_by_label("Main").get_by_role("link", name="Subscribe").click()
    page.get_by_label("Words or a query").fill("tech:alpr")
    page.get_by_role("button", name="Show what it would send").click()
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Look into your mail"


def states(courier: Courier) -> list[str]:
    with courier.sessions() as session:
        return list(session.scalars(select(SubscriptionRow.state)))


def whole(courier: Courier) -> str:
    """All that the database holds, as rows and as the bytes of its files."""
    engine = courier.sessions.kw["bind"]
    cut_log(engine)
    files = Path(courier_folder(courier)).glob("*.sqlite3*")
    return repr(rows_of(courier.sessions)) + "".join(file.read_bytes().decode("latin-1") for file in files)


def courier_folder(courier: Courier) -> str:
    return str(Path(courier.sessions.kw["bind"].url.database).parent)


def test_the_pages_of_a_mailed_link_have_no_fault(
    app: Flask, site: str, courier: Courier, mail_server: MailServer, new_context: NewContext
) -> None:
    page = new_context(viewport={"width": 320, "height": 800}, bypass_csp=True).new_page()
    subscribe(page, site)
    deliver(courier)
    page.goto(link_in(mail_server, "/subscriptions/confirm"))
    page.get_by_role("button", name="Yes, write to me").click()
    page.goto(f"{site}/manage/")
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Send me the link").click()
    deliver(courier)
    manage = link_in(mail_server, "/manage")
    page.goto(manage)
    page.get_by_label("Its address").fill("https://hooks.example.org/x")
    page.get_by_role("button", name="Add it").click()
    page.locator("summary", has_text="As a feed or a calendar").click()
    page.get_by_role("button", name="Make a private feed and calendar").click()
    paths = [manage, f"{site}/manage/"]
    assert {path: faults for path in paths if (faults := faults_of(page, path))} == {}
    assert {path: over for path in paths if (over := overflow_of(page, path)) > 0} == {}
