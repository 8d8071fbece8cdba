"""In a real browser: no fault that axe can find, no scrolling sideways, no request elsewhere, no need of scripts."""

import os
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from threading import Thread
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pypdf import PdfReader
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from oversight.domain.account import Role
from oversight.storage.engine import Sessions
from tests.factories import SEATTLE, add_change, add_mention, add_run, make_values
from tests.web.conftest import PASSWORD, MakeApp, add_account
from tests.web.crawl import Pages
from tests.web.record import DEPLOYMENT, MINUTES, POLICY, add_record

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IS_THOROUGH = os.environ.get("CI_PRINT_EVERY_BRIEF") == "1"
LONGEST = 10  # so many briefs, those that say most, are printed in every run
IS_REQUIRED = os.environ.get("CI_REQUIRE_CHROMIUM") == "1"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATHS = [
    "/",
    "/jurisdictions/",
    "/jurisdictions/ocd-division/country:us/state:fl/place:orlando",
    "/jurisdictions/ocd-division/country:us/state:wa/place:seattle",
    "/jurisdictions/ocd-division/country:us/state:ny/place:new_york/brief",
    "/mentions/1",
    "/feeds/",
    "/compare/?place=ocd-division/country:us/state:wa/place:seattle&place=ocd-division/country:us/state:ny/place:new_york",
    "/meetings/1",
    "/calendar/",
    "/matters/1",
    "/coverage/",
    "/about/",
    "/about/accuracy",
    "/design/",
    "/corrections/report/deployment/dep-alameda-ca-alpr-vigilant-solutions",
    "/subscribe",
    "/login",
]
MORE_PATHS = [
    "/mentions/",
    "/meetings/",
    "/calendar/?view=list&month=2026-12",
    "/compare/?find=san&place=ocd-division/country:us/state:wa/place:seattle",
    "/policies/?instrument=ban&provision=annual_report&found=not_researched",
    "/policies/pol-oakland-ca-ccops-ordinance-2018",
    "/deployments/?technology=alpr",
    "/actions/?kind=report",
    "/vendors/",
    "/vendors/vendor-soundthinking",
    "/technologies/",
    "/technologies/alpr",
    "/corrections/",
    "/feeds/seattle-legistar",
    "/history/jurisdiction/ocd-division/country:us/state:wa/place:seattle",
    "/history/deployment/dep-alameda-ca-alpr-vigilant-solutions",
]
WIDTHS = [390, 1440]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NARROW_CELLS = """[...document.querySelectorAll('.list tbody > tr > *')]
    .filter(cell => getComputedStyle(cell).display === 'block')
    .filter(cell => cell.offsetWidth < cell.parentElement.offsetWidth || cell.scrollWidth > cell.clientWidth)
    .map(cell => cell.outerHTML)"""
FOCUSED = "document.activeElement.outerHTML"

NewContext = Callable[..., BrowserContext]


class SilentHandler(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        pass


def serve(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of loopback; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine; skips where there is none, unless CI says it must."""
    if CHROMIUM is None:
        pytest.fail("no Chromium") if IS_REQUIRED else pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(recorded_sqlite: Flask) -> Iterator[str]:
    """The address of a site with the starter record and a few mentions."""
    yield from serve(recorded_sqlite)


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Opens a profile of its own; all are closed at the end."""
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        opened.append(browser.new_context(**options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_context
    for context in opened:
        context.close()


@pytest.mark.parametrize(("scheme", "paths"), [("light", PATHS), ("dark", PATHS), ("light", MORE_PATHS)])
def test_axe_finds_no_fault(site: str, new_context: NewContext, scheme: str, paths: list[str]) -> None:
    page = new_context(color_scheme=scheme, bypass_csp=True).new_page()
    assert {path: faults for path in paths if (faults := faults_of(page, site + path))} == {}


def faults_of(page: Page, address: str) -> list[str]:
    """What axe finds on a page, with the first place of each; whatever is folded is unfolded before."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html']}" for one in violations]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(site: str, new_context: NewContext, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    assert {
        path: over for path in (*PATHS, *MORE_PATHS, "/nothing") if (over := overflow_of(page, site + path)) > 0
    } == {}


def test_a_cell_of_a_list_is_as_wide_as_a_phone(site: str, new_context: NewContext) -> None:
    page = new_context(viewport={"width": 320, "height": 800}).new_page()
    paths = [*PATHS, *MORE_PATHS, "/policies/?provision=retention_limit"]
    found = {}
    for path in paths:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found[path] = page.evaluate(NARROW_CELLS)
    assert {path: cells for path, cells in found.items() if cells} == {}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", (False, False)),
        ("/policies/pol-oakland-ca-ccops-ordinance-2018", (True, False)),
        ("/deployments/?technology=alpr", (False, True)),
    ],
)
def test_a_page_explains_the_tiers_and_doubts_that_it_shows(
    site: str, new_context: NewContext, path: str, shown: tuple[bool, bool]
) -> None:
    page = new_context().new_page()
    page.goto(site + path)
    assert (page.locator(".of-tiers").is_visible(), page.locator(".of-doubt").is_visible()) == shown


def overflow_of(page: Page, address: str) -> int:
    page.goto(address)
    return int(page.evaluate(OVERFLOW))


def test_a_brief_is_two_pages_at_most(site: str, new_context: NewContext, pages: Pages) -> None:
    briefs = sorted((path for path in pages if path.endswith("/brief")), key=lambda path: -len(pages[path].body))
    assert len(briefs) > 100
    page = new_context().new_page()
    printed = {path: pages_of(page, site + path) for path in (briefs if IS_THOROUGH else briefs[:LONGEST])}
    assert {path: count for path, count in printed.items() if count > 2} == {}


def pages_of(page: Page, address: str) -> int:
    """How many sheets the page takes when it is printed."""
    page.goto(address)
    return len(PdfReader(BytesIO(page.pdf(format="Letter"))).pages)


def test_no_page_asks_another_site_for_anything(site: str, new_context: NewContext) -> None:
    page = new_context().new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in (*PATHS, *MORE_PATHS):
        page.goto(site + path)
        page.evaluate("document.fonts.ready")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert any(url.endswith(".woff2") for url in asked)
    assert faults == []


def test_no_visitor_gets_a_cookie_for_reading(site: str, new_context: NewContext) -> None:
    context = new_context()
    page = context.new_page()
    for path in ("/", "/jurisdictions/", "/mentions/1", "/feeds/"):
        page.goto(site + path)
    assert context.cookies() == []


def test_the_first_tab_leads_past_the_menu(site: str, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    assert "Skip to the content" in page.evaluate(FOCUSED)
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_has_the_focus_shows_it(site: str, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(site + "/subscribe")
    outlines = set()
    for _ in range(16):
        page.keyboard.press("Tab")
        outlines.add(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert "none" not in outlines


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite is enough for a browser."""
    return sqlite_engine


@pytest.fixture
def desk(make_app: MakeApp, sessions: Sessions) -> Iterator[str]:
    """An editor's account, one story that waits, told by two, and a rerun that would take its first mention back."""
    add_account(sessions, Role.EDITOR)
    with sessions.begin() as session:
        lead = add_mention(session)
        lead.story_id = lead.id
        session.flush()
        add_mention(session, story_id=lead.id, story_reason="the same headline as mention 1")
        run = add_run(session, counts={"items": 2, "mentions": 1, "failed": 1})
        add_change(session, run_id=run.id)
        known = {"mention_id": lead.id, "item_id": lead.item_id, "before": make_values()}
        gone = make_values(is_relevant=False, score=0.1, evidence=())
        add_change(session, run_id=run.id, kind="lost", after=gone, **known)
    yield from serve(make_app())


@pytest.mark.parametrize("has_scripts", [False, True])
def test_an_editor_confirms_a_mention_without_scripts(desk: str, new_context: NewContext, has_scripts: bool) -> None:
    page = new_context(java_script_enabled=has_scripts).new_page()
    page.goto(desk + "/review/")
    page.get_by_role("link", name="Log in").click()
    page.get_by_label("E-mail address").fill("editor@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Confirm").click()
    assert "Confirmed: Council to vote" in page.get_by_role("status").inner_text()
    page.goto(desk + "/mentions/1")
    assert page.locator("header").get_by_text("Confirmed by an editor").is_visible()
    assert page.locator(".copies").get_by_text("Merged").is_visible()


def test_the_desk_has_no_fault_that_axe_finds(desk: str, new_context: NewContext) -> None:
    page = new_context(bypass_csp=True, viewport={"width": 390, "height": 800}).new_page()
    page.goto(desk + "/login?next=/review/")
    page.get_by_label("E-mail address").fill("editor@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url("**/review/")
    paths = ("/review/", "/review/reruns/", "/review/reruns/1")
    assert {path: faults for path in paths if (faults := faults_of(page, desk + path))} == {}
    assert {path: over for path in paths if (over := overflow_of(page, desk + path)) > 0} == {}


def test_following_by_mail_needs_no_scripts(desk: str, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(desk + "/subscribe?query=tech:alpr")
    page.get_by_role("button", name="Show what it would send").click()
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send me the link").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Look into your mail"


@pytest.fixture
def record_desk(make_app: MakeApp, sessions: Sessions) -> Iterator[str]:
    """The address of a site with an editor's account and a small record."""
    add_account(sessions, Role.EDITOR)
    with sessions.begin() as session:
        add_record(session)
    yield from serve(make_app())


def log_in(page: Page, address: str, path: str) -> None:
    """Through the form, by keyboard."""
    page.goto(f"{address}/login?next={path}")
    page.get_by_label("E-mail address").fill("editor@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + path)


def found_on(page: Page) -> tuple[list[str], int]:
    """What axe finds on the page as it is, and how much wider than the window it is."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    violations = Axe().run(page).response["violations"]
    faults = [f"{one['id']} ({len(one['nodes'])}): {one['nodes'][0]['html']}" for one in violations]
    return faults, int(page.evaluate(OVERFLOW))


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440), ("dark", 390), ("light", 1440)])
def test_forms_faults_conflicts_and_history_have_no_fault(
    record_desk: str, new_context: NewContext, scheme: str, width: int
) -> None:
    page = new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800}).new_page()
    found = {}
    log_in(page, record_desk, f"/edit/policy/{POLICY}")
    found["form"] = found_on(page)
    other = page.context.new_page()
    other.goto(f"{record_desk}/edit/policy/{POLICY}")
    page.get_by_role("button", name="Save").click()
    found["faults"] = found_on(page)
    for one, title in ((other, "Theirs"), (page, "Mine")):
        one.get_by_label("Title").first.fill(title)
        one.get_by_label("Why").fill("a reason")
        one.get_by_label("Source (needed)").fill(MINUTES)
        one.get_by_role("button", name="Save").click()
    found["conflict"] = found_on(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/history/**")
    found["history"] = found_on(page)
    for noun, key in (("deployment", DEPLOYMENT), ("jurisdiction", SEATTLE), ("source", MINUTES)):
        page.goto(f"{record_desk}/edit/{noun}/{key}")
        found[noun] = found_on(page)
    assert found == dict.fromkeys(found, ([], 0))


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_a_correction_goes_its_way_without_fault_or_script(
    record_desk: str, new_context: NewContext, scheme: str, width: int
) -> None:
    shown = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    visitor = new_context(java_script_enabled=False, **shown).new_page()
    page = new_context(bypass_csp=True, **shown).new_page()
    visitor.goto(f"{record_desk}/jurisdictions/{SEATTLE}")
    visitor.locator(f"#{POLICY}").get_by_role("link", name="Report an error").click()
    visitor.get_by_role("button", name="Send the report").click()
    assert "Say what is wrong" in visitor.get_by_role("alert").inner_text()
    visitor.get_by_label("What is wrong").fill("The title is longer: " + "x" * 300)
    visitor.get_by_role("button", name="Send the report").click()
    assert "correction 1" in visitor.get_by_role("status").inner_text()
    log_in(page, record_desk, "/review/")
    found = {"queue": found_on(page)}
    for path in ("/review/corrections/", "/corrections/1", "/review/corrections/1"):
        page.goto(record_desk + path)
        found[path] = found_on(page)
    page.get_by_role("button", name="Edit the entry").click()
    found["form"] = found_on(page)
    page.get_by_label("Title").first.fill("The Surveillance Ordinance")
    page.get_by_label("Source (needed)").fill(MINUTES)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/history/**")
    for path in ("/corrections/", "/corrections/1", f"/jurisdictions/{SEATTLE}"):
        page.goto(record_desk + path)
        found[f"then {path}"] = found_on(page)
    visitor.reload()
    assert "Accepted" in visitor.get_by_role("main").inner_text()
    assert found == dict.fromkeys(found, ([], 0))


def test_an_editor_changes_and_undoes_by_keyboard_without_scripts(record_desk: str, new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    log_in(page, record_desk, f"/edit/policy/{POLICY}")
    page.get_by_label("Title").first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("By keyboard")
    for label, words in (("Why", "a clearer title"), ("Source (needed)", MINUTES)):
        page.get_by_label(label).focus()
        page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Saved as version 2" in page.get_by_role("status").inner_text()
    page.get_by_text("Restore version 1").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("the old one was right")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Version 1 is restored, as version 3" in page.get_by_role("status").inner_text()
    assert page.get_by_role("heading", level=1).inner_text() == "History of Surveillance Ordinance"
