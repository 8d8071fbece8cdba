"""A watchdog finds what Orlando did with face recognition, and who says what of it, however they browse."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.test_browser import NewContext, browser, new_context, site  # noqa: F401
from tests.web.test_journey_compare import NARROW, WIDE, press

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

WIDELY, TRIAL = "city cameras, in real time", "a pilot"  # what Amazon said, and what the police said


def check_what_is_said(page: Page) -> None:
    """The two stories stand side by side, each with who told it and where that can be read."""
    assert page.locator("h1").inner_text() == "Orlando, FL"
    for value, party in ((WIDELY, "Amazon (Ranju Das)"), (TRIAL, "Orlando Police Department")):
        claim = page.locator("blockquote.claim").filter(has=page.locator(".value", has_text=value)).first
        assert party in claim.locator(".party").inner_text()
        assert "2018" in claim.inner_text()
    assert page.locator("#status .contradiction").count() == 1
    assert page.locator("blockquote.claim a[href^='https://']").count() > 3
    assert "abandoned after 15 months" in page.locator("#deployments").inner_text()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_watchdog_finds_who_says_what(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    tmp_path: Path,
    has_scripts: bool,
) -> None:
    page = new_context(java_script_enabled=has_scripts, viewport=NARROW).new_page()
    page.goto(site)
    page.get_by_role("link", name="Jurisdictions", exact=True).first.click()
    page.locator("select[name=state]").select_option(label="FL")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Orlando, FL", exact=True).click()
    check_what_is_said(page)
    assert page.screenshot(path=tmp_path / "orlando.png", full_page=True)
    page.locator("#deployments").get_by_role("link", name="History").first.click()
    assert "none is ever changed or removed" in page.locator("header.subject").inner_text()
    page.go_back()
    page.get_by_role("link", name="Brief for print").click()
    assert page.screenshot(path=tmp_path / "brief.png", full_page=True)
    assert WIDELY in page.locator("main").inner_text()


def test_the_same_with_the_keyboard_alone(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = new_context(viewport=WIDE).new_page()
    page.goto(site)
    press(page, "Jurisdictions")
    page.locator("select[name=state]").focus()
    page.keyboard.type("FL")
    press(page, "Show")
    press(page, "Orlando, FL")
    check_what_is_said(page)
    assert page.screenshot(path=tmp_path / "orlando.png", full_page=True)
    press(page, "Brief for print")
    assert WIDELY in page.locator("main").inner_text()
