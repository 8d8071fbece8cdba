"""A resident finds the next meeting of their city and takes its calendar entry along, however they browse."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Download

from tests.web.test_browser import NewContext, browser, found_on, new_context, site  # noqa: F401
from tests.web.test_journey_compare import NARROW, WIDE, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def check_entry(download: Download) -> None:
    """The file that came is the meeting of Seattle, in UTC, with its page."""
    assert download.suggested_filename.endswith(".ics")
    (event,) = Calendar.from_ical(Path(download.path()).read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == "City Council, Seattle, WA"
    assert event["dtstart"].dt == datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
    assert str(event["url"]).endswith("/meetings/1")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_resident_downloads_the_next_meeting(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    tmp_path: Path,
    has_scripts: bool,
) -> None:
    page = new_context(java_script_enabled=has_scripts, viewport=NARROW).new_page()
    page.goto(site)
    page.get_by_role("link", name="Calendar", exact=True).click()
    page.get_by_label("Place").select_option(label="Seattle, WA")
    page.get_by_role("button", name="Show").click()
    assert page.screenshot(path=tmp_path / "month.png", full_page=True)
    page.get_by_role("link", name="next meeting after November: 1 Dec 2026").click()
    page.locator("#on-2026-12-01").get_by_role("link", name="City Council").click()
    assert "14:00 PST" in page.locator("header .when").inner_text()
    assert page.screenshot(path=tmp_path / "meeting.png", full_page=True)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Add to your calendar (.ics)").click()
    check_entry(coming.value)


def test_the_same_with_the_keyboard_alone(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = new_context(viewport=WIDE).new_page()
    page.goto(site)
    press(page, "Calendar")
    page.get_by_label("Place").focus()
    page.keyboard.type("Seattle")
    press(page, "Show")
    press(page, "next meeting after November: 1 Dec 2026")
    press(page, "City Council")
    tab_to(page, "Add to your calendar (.ics)")
    assert page.screenshot(path=tmp_path / "meeting.png", full_page=True)
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    check_entry(coming.value)


@pytest.mark.parametrize(("scheme", "size"), [("light", NARROW), ("dark", WIDE)])
def test_the_way_has_no_fault_that_axe_finds(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    scheme: str,
    size: dict[str, int],
) -> None:
    page = new_context(color_scheme=scheme, bypass_csp=True, viewport=size).new_page()
    found = {}
    for path in ("/calendar/", "/calendar/?month=2026-12&view=list", "/technologies/alpr", "/matters/", "/mentions/"):
        page.goto(site + path)
        found[path] = found_on(page)
    assert found == dict.fromkeys(found, ([], 0))
