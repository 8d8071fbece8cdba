"""A login leads back to the page that asked for it, and never to another site (SAFETY D2)."""

from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import Engine

from oversight.domain.account import Role
from oversight.storage.engine import Sessions
from tests.web.browse import Page, Visitor
from tests.web.conftest import PASSWORD, add_account

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%09/evil.example",
    "/%5Cevil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://127.0.0.1:8000@evil.example/",
    "http://127.0.0.1:8000.evil.example/",
    "http://evil.example\\@127.0.0.1:8000/",
    "/review/\r\nSet-Cookie: a=b",
]


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite is enough to ask where a login leads."""
    return sqlite_engine


@pytest.fixture
def email(sessions: Sessions) -> str:
    return add_account(sessions, Role.EDITOR)


def is_here(page: Page) -> bool:
    """Whether every browser stays on this site, also those that read a backslash as a slash and skip what is blank."""
    target = page.location.replace("\\", "/")
    is_plain = target.isprintable() and target == target.strip()
    return is_plain and urlsplit(urljoin("http://127.0.0.1:8000/login", target)).netloc == "127.0.0.1:8000"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_login_never_leads_to_another_site(visitor: Visitor, email: str, target: str) -> None:
    form = {"email": email, "password": PASSWORD, "csrf_token": visitor.token(), "next": target}
    assert is_here(visitor.ask("POST", "/login", query_string={"next": target}, data=form))


def test_nor_does_the_login_of_someone_who_is_in(editor: Visitor) -> None:
    locations = {editor.get("/login", query_string={"next": target}).location for target in ELSEWHERE}
    assert locations == {"/review/"}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_page_links_to_what_its_address_says(visitor: Visitor, target: str) -> None:
    page = visitor.get("/login", query_string={"next": target})
    assert all(link.startswith(("/", "#", "https://creativecommons.org/")) for link in page.links)
    assert page.main.one("form").attributes["action"].startswith("/login?next=")


def test_a_login_leads_back_to_the_page_that_asked_for_it(visitor: Visitor, email: str) -> None:
    asked = visitor.get("/review/")
    assert visitor.log_in(email, PASSWORD, path=asked.main.one("a").attributes["href"]).location == "/review/"


def test_a_login_without_a_target_leads_to_the_desk(visitor: Visitor, email: str) -> None:
    assert visitor.log_in(email, PASSWORD).location == "/review/"
