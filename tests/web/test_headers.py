"""What every answer carries, and that no page asks another site for anything (SAFETY D3)."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from oversight.storage.engine import Sessions
from tests.factories import add_mention
from tests.web.browse import Element, Page, Visitor
from tests.web.conftest import MakeApp

STATIC = Path(__file__).parents[2] / "oversight" / "web" / "static"
ORLANDO = "/jurisdictions/ocd-division/country:us/state:fl/place:orlando"
PAGES = {
    "/": 200,
    "/jurisdictions/": 200,
    ORLANDO: 200,
    "/mentions/": 200,
    "/mentions/1": 200,
    "/mentions/2": 200,
    "/mentions/3": 200,
    "/actions/": 200,
    "/vendors/": 200,
    "/feeds/": 200,
    "/feeds/seattle-legistar": 200,
    "/subscribe": 200,
    "/subscriptions/confirm/x": 200,
    "/u/the-token-of-a-mail": 200,
    "/u/unknown": 200,
    "/login": 200,
    "/feeds": 308,
    "/review/": 401,
    "/nothing": 404,
    "/mentions/0": 404,
    "/logout": 405,
    "/actions/?kind=none": 422,
}
PERSONAL = ["/review/", "/login", "/login?next=/review/", "/u/x", "/subscriptions/confirm/x", "/subscribe"]
EXPECTED = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LOADING = {
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "embed": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
    "use": "href",
    "image": "href",
    "link": "href",
    "base": "href",
    "form": "action",
}


def headers_of(page: Page) -> dict[str, str | None]:
    return {name: page.response.headers.get(name) for name in EXPECTED}


def loaded(page: Page) -> list[str]:
    """The address of everything that a browser fetches, or sends a form to, by itself."""
    return [
        one.attributes[LOADING[one.tag]]
        for one in page.root.all()
        if one.tag in LOADING and not one.attributes.get(LOADING[one.tag], "#").startswith("#")  # of the page itself
    ]


def inline(page: Page) -> list[Element]:
    """What the policy would not let run: styles and scripts in the page itself."""
    return [
        one
        for one in page.root.all()
        if one.tag == "style"
        or (one.tag == "script" and (one.raw or "src" not in one.attributes))
        or any(name == "style" or name.startswith("on") for name in one.attributes)
    ]


@pytest.fixture
def recorded(recorded_sqlite: Flask) -> Visitor:
    """SQLite is enough to ask for headers."""
    return Visitor(recorded_sqlite)


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """The same."""
    return sqlite_engine


@pytest.mark.parametrize(("path", "status"), PAGES.items())
def test_every_page_and_error_carries_the_headers(recorded: Visitor, path: str, status: int) -> None:
    page = recorded.get(path)
    assert (page.status, headers_of(page)) == (status, EXPECTED)


@pytest.mark.parametrize(("path", "status"), [("/subscribe", 400), ("/feeds/", 405), ("/u/x", 200)])
def test_every_answer_to_a_form_carries_the_headers(recorded: Visitor, path: str, status: int) -> None:
    page = recorded.ask("POST", path)
    assert (page.status == status or path == "/feeds/", headers_of(page)) == (True, EXPECTED)


@pytest.mark.parametrize("path", ["/static/oversight.css", "/static/mark.svg", "/static/nothing.css", "/static/../x"])
def test_every_file_carries_the_headers(recorded: Visitor, path: str) -> None:
    assert headers_of(recorded.get(path)) == EXPECTED


def test_a_failure_of_ours_carries_the_headers_and_tells_nothing(make_app: MakeApp, visitor: Visitor) -> None:
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["overview.index"] = fail
    page = Visitor(app).get("/")
    assert (page.status, headers_of(page)) == (500, EXPECTED)
    assert "a secret" not in page.body


def fail() -> None:
    raise RuntimeError("a secret")


fail.audience = None  # type: ignore[attr-defined]


def test_a_database_that_is_away_is_said_to_come_back(make_app: MakeApp, tmp_path: Path) -> None:
    page = Visitor(make_app(database_url=f"sqlite:///{tmp_path}")).get("/")
    assert (page.status, page.response.headers["Retry-After"], headers_of(page)) == (503, "5", EXPECTED)


def test_so_it_is_to_who_is_logged_in(app: Flask, make_app: MakeApp, editor: Visitor, tmp_path: Path) -> None:
    away = Visitor(make_app(database_url=f"sqlite:///{tmp_path}"))
    away.client.set_cookie("session", editor.cookies["session"], domain="127.0.0.1")
    assert away.get("/").status == 503


@pytest.mark.parametrize("path", PAGES)
def test_there_is_no_word_of_strict_transport_without_https(recorded: Visitor, path: str) -> None:
    assert "Strict-Transport-Security" not in recorded.get(path).response.headers


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/oversight.css"])
def test_a_secure_site_says_that_it_stays_secure(make_app: MakeApp, path: str) -> None:
    visitor = Visitor(make_app(base_url="https://watch.example"), base_url="https://watch.example")
    assert visitor.get(path).response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("path", PERSONAL)
def test_nothing_between_us_keeps_what_is_personal(recorded: Visitor, path: str) -> None:
    assert recorded.get(path).response.headers["Cache-Control"] == "no-store"


def test_nothing_between_us_keeps_what_an_editor_sees(editor: Visitor) -> None:
    pages = [editor.get(path) for path in ("/", "/mentions/", "/review/", "/nothing")]
    assert {page.response.headers["Cache-Control"] for page in pages} == {"no-store"}


@pytest.mark.parametrize("path", ["/subscribe", "/login", "/u/x", "/subscriptions/confirm/x"])
def test_nor_the_answer_to_a_form(visitor: Visitor, path: str) -> None:
    page = visitor.post(path, email="reader@example.org", query="tech:alpr")
    assert page.response.headers["Cache-Control"] == "no-store"


def test_files_may_be_kept_because_their_address_changes_with_them(recorded: Visitor) -> None:
    style = recorded.get("/").root.one("link", rel="stylesheet").attributes["href"]
    assert re.fullmatch(r"/static/tokens\.css\?v=[0-9a-f]{12}", style)
    assert "max-age=31536000" in recorded.get(style).response.headers["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_loads_from_elsewhere(recorded: Visitor, path: str) -> None:
    assert [link for link in loaded(recorded.get(path)) if not re.match(r"/(?!/)", link)] == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_more_than_the_policy_allows(recorded: Visitor, path: str) -> None:
    assert inline(recorded.get(path)) == []


def test_neither_does_the_desk(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        add_mention(session)
    page = editor.get("/review/")
    assert (page.status, inline(page)) == (200, [])
    assert all(link.startswith("/") for link in loaded(page))


@pytest.mark.parametrize("file", [pytest.param(file, id=file.name) for file in sorted(STATIC.glob("*.css"))])
def test_no_style_sheet_loads_from_elsewhere(file: Path) -> None:
    style = file.read_text("utf-8")
    named = re.findall(r"url\(\s*['\"]?([^)'\"]+)", style)
    assert "@import" not in style
    assert [one for one in named if not one.startswith("data:") and not (STATIC / one).is_file()] == []
