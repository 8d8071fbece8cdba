"""A staffer compares four cities over their provisions and prints it, with and without a mouse and scripts."""

from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page

from tests.web.test_browser import NewContext, browser, found_on, new_context, site  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

CITIES = [
    ("san fran", "San Francisco, CA"),
    ("oakland", "Oakland, CA"),
    ("seattle", "Seattle, WA"),
    ("new york", "New York, NY"),
]
MOST_PAGES = 16
NAME = "document.activeElement.textContent || document.activeElement.getAttribute('name')"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 800}


def add_by_mouse(page: Page, typed: str, name: str) -> None:
    page.get_by_label("by name or its beginning").fill(typed)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name=f"Add {name}", exact=True).first.click()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if (page.evaluate(NAME) or "").strip() == words:
            return
    pytest.fail(f"Tab does not lead to {words}")


def press(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def add_by_keyboard(page: Page, typed: str, name: str) -> None:
    tab_to(page, "find")
    page.keyboard.type(typed)
    for words in (None, f"Add {name}"):
        if words:
            tab_to(page, words)
        with page.expect_navigation():
            page.keyboard.press("Enter")


def check_table(page: Page) -> None:
    """Four columns; who has a veto, who has none, and which is the strictest and why."""
    table = page.locator("table.comparison")
    assert table.locator("thead th").all_inner_texts()[1:] == [name for _, name in CITIES]
    row = table.locator("tr", has=page.locator("th", has_text="Approval to acquire"))
    assert "The council has no say" in row.inner_text()
    assert row.locator("td .strictest").count() == 3
    assert "Strictest: Its text has it" in row.inner_text()


def follow(page: Page, name: str) -> None:
    """Click, and wait for the page with its styles: one printed before would have the wrong size."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


def pages_of(page: Page) -> list[tuple[float, float]]:
    """The sizes of the printed pages, as the style sheet asks for them."""
    printed = page.pdf(prefer_css_page_size=True)
    return [(float(one.mediabox.width), float(one.mediabox.height)) for one in pypdf.PdfReader(BytesIO(printed)).pages]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_four_cities_are_compared_and_printed(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    tmp_path: Path,
    has_scripts: bool,
) -> None:
    page = new_context(java_script_enabled=has_scripts, viewport=WIDE).new_page()
    page.goto(site)
    page.get_by_role("link", name="Compare", exact=True).click()
    for typed, name in CITIES:
        add_by_mouse(page, typed, name)
    check_table(page)
    assert page.screenshot(path=tmp_path / "whole.png", full_page=True)
    follow(page, "Show differences only")
    assert set(page.locator("table .difference").all_inner_texts()) == {"Differs"}
    assert page.screenshot(path=tmp_path / "differences.png", full_page=True)
    follow(page, "Show every row")
    sizes = pages_of(page)
    assert len(sizes) <= MOST_PAGES
    assert all(width > height for width, height in sizes)


def test_four_cities_are_compared_with_the_keyboard_alone(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = new_context(viewport=NARROW).new_page()
    page.goto(f"{site}/compare/")
    for typed, name in CITIES:
        add_by_keyboard(page, typed, name)
    tab_to(page, "Show differences only")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.screenshot(path=tmp_path / "narrow.png", full_page=True)
    assert page.locator("td[data-label='Oakland, CA']").first.is_visible()


@pytest.mark.parametrize(("scheme", "size"), [("light", NARROW), ("dark", WIDE)])
def test_a_comparison_has_no_fault_that_axe_finds(
    site: str,  # noqa: F811
    new_context: NewContext,  # noqa: F811
    scheme: str,
    size: dict[str, int],
) -> None:
    page = new_context(color_scheme=scheme, bypass_csp=True, viewport=size).new_page()
    states = "ocd-division/country:us/state:"
    places = "&".join(f"place={states}{key}" for key in ("ca/place:oakland", "wa/place:seattle", "ny/place:new_york"))
    page.goto(f"{site}/compare/?{places}&find=san")
    assert found_on(page) == ([], 0)


def test_the_heads_of_the_columns_stay_in_sight(site: str, new_context: NewContext) -> None:  # noqa: F811
    page = new_context(viewport=WIDE).new_page()
    states = "ocd-division/country:us/state:"
    page.goto(f"{site}/compare/?place={states}wa/place:seattle&place={states}ny/place:new_york")
    page.evaluate("window.scrollTo(0, 1600)")
    box = page.locator("table.comparison thead th").nth(1).bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 10


def test_places_are_ticked_in_the_list_and_compared(site: str, new_context: NewContext) -> None:  # noqa: F811
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/jurisdictions/?state=CA")
    for name in ("Oakland, CA", "San Francisco, CA"):
        page.get_by_label(f"Compare {name}").check()
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Compare Oakland, CA; San Francisco, CA"
