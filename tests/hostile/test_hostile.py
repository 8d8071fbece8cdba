"""The hostile corpus, polled by the real pipeline, stored, and shown: nothing gets out, in, or stuck."""

import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from oversight.domain.account import Role
from oversight.domain.feed import Outcome
from oversight.services.accounts import create_user
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow, MentionRow
from oversight.web import create_app
from tests.cli.commands import settings_of

from .page import Page
from .run import CONTROL, Facts, manifest

ENTRIES = manifest()
pytestmark = pytest.mark.skipif(not ENTRIES, reason="the hostile corpus is not at ../shared/hostile")

# What an entry may end in: by its name, or else by its category, or else only `ok`.
BY_NAME = {
    "redir_self": "redirect_loop",
    "redir_a": "redirect_loop",
    "redir_b": "redirect_loop",
    "redir_infinite": "redirect_loop",
    "redir_no_location": "bad_redirect",
    "redir_garbage": "bad_redirect",
    "redir_300kb": "bad_redirect",
    "redir_cookie": "blocked_address",
    "ssrf_headers": "ok",
    "str_body_is_path": "not_a_feed",
    "str_body_is_file_url": "not_a_feed",
    "xml_quadratic_blowup": "parse_error",
    "xml_param_entity_bomb": "parse_error",
    "xml_xxe_file": "parse_error",
    "xml_xxe_canary": "parse_error",
    "xml_entity_chain_deep": "parse_error",
    "xml_dtd_attlist_60k": "parse_error",
    "xml_external_dtd": "ok parse_error",
    "xml_html_deep_50k": "ok parse_timeout",
    "str_html_page": "not_a_feed",
    "str_empty": "empty_body",
    "str_whitespace": "empty_body",
    "entries_50k": "too_large",
    "enc_charref_surrogate": "parse_error ok",
    "enc_charref_too_big": "parse_error ok",
}
BY_CATEGORY = {
    "ssrf": "blocked_address bad_redirect",
    "cpu": "ok parse_timeout",
    "feedparser-illformed": "ok parse_error not_a_feed",
}
# How many items are kept of what the manifest counts.
ITEMS = {"control-good": 2, "guid-missing": 3, "guid-url-variants": 5, "guid-other-site": 1, "str-truncated": 2}
ITEMS |= {"str-rss091-dtd": 1, "str-rdf": 1, "xml-external-dtd": 1, "str-html-page": 0, "enc-nul-in-title": 1}

# SAFETY C4: controls but tab and newline, lone surrogates, noncharacters, bidi controls.
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")

each_entry = pytest.mark.parametrize("key", ENTRIES)


# The poll


@each_entry
def test_each_entry_ends_once_and_as_the_manifest_says(hostile: Facts, key: str) -> None:
    entry = ENTRIES[key]
    (outcome,) = hostile["polls"][key]
    assert outcome in BY_NAME.get(entry["name"], BY_CATEGORY.get(entry["category"], "ok")).split()


def test_every_outcome_is_of_the_closed_list(hostile: Facts) -> None:
    assert set(hostile["first"]["outcomes"]) <= set(Outcome)
    assert hostile["first"]["feeds"] == len(ENTRIES)


def test_the_canary_is_never_reached(hostile: Facts) -> None:
    assert hostile["canary"] == []


def test_nothing_is_asked_but_feeds_and_where_they_redirect(hostile: Facts) -> None:
    asked = Counter(path.partition("?")[0] for path in hostile["paths"])
    assert {path for path in asked if not path.startswith(("/feeds/", "/b/"))} == set()
    assert all(asked[f"/b/redir_{name}"] <= 3 * (1 + 5) for name in ("self", "a", "b", "infinite"))


def test_no_request_carries_credentials_cookies_or_injected_headers(hostile: Facts) -> None:
    assert set(hostile["headers"]) <= {"host", "accept-encoding", "connection", "user-agent", "accept"}


def test_the_good_feed_is_read_among_the_bad_ones_and_after_them(hostile: Facts) -> None:
    assert (len(hostile["items"][CONTROL]), hostile["mentions"][CONTROL]) == (2, 1)
    assert hostile["last"] == {"feeds": 1, "outcomes": {"ok": 1}, "new": [0, 0, 0]}


def test_reading_everything_again_adds_and_changes_nothing(hostile: Facts) -> None:
    assert hostile["second"]["feeds"] > 80
    assert hostile["second"]["new"] == [0, 0, 0]


# What is stored


@pytest.mark.parametrize("key", ITEMS)
def test_the_items_that_the_manifest_counts_are_stored(hostile: Facts, key: str) -> None:
    assert len(hostile["items"].get(key, [])) == ITEMS[key]


def test_nothing_of_this_machine_is_stored(hostile: Facts, shared_folder: Path) -> None:
    stored = b"".join(file.read_bytes() for file in (shared_folder / "sqlite").glob("oversight.sqlite3*"))
    secrets = [line for line in Path("/etc/passwd").read_bytes().splitlines() if len(line) > 12]
    assert secrets
    assert [secret for secret in [*secrets, b"CANARY-INTERNAL-SECRET"] if secret in stored] == []


def test_all_that_is_stored_is_clean_text(hostile: Facts) -> None:
    unclean = [
        (key, name)
        for key, items in hostile["items"].items()
        for item in items
        for name, value in item.items()
        if value and UNCLEAN.search(value)
    ]
    assert unclean == []


def test_every_stored_date_can_be_true(hostile: Facts) -> None:
    dates = [item["published"] for items in hostile["items"].values() for item in items if item["published"]]
    moments = [datetime.fromisoformat(date) for date in dates]
    assert datetime(1990, 1, 1, tzinfo=UTC) <= min(moments) <= max(moments) <= datetime.now(UTC) + timedelta(hours=24)


@pytest.mark.parametrize("key", [key for key in ENTRIES if re.fullmatch(r"date-0[023689]", key)])
def test_an_impossible_date_is_no_date(hostile: Facts, key: str) -> None:
    assert [item["published"] for item in hostile["items"][key]] == [None]


def test_every_stored_link_is_absolute_and_short(hostile: Facts) -> None:
    links = [item["url"] for items in hostile["items"].values() for item in items if item["url"]]
    assert [link for link in links if not re.fullmatch(r"https?://[^\s\"<>\\@]{1,1992}", link)] == []


# The same on PostgreSQL


def test_every_entry_ends_once_on_postgresql_too(hostile: Facts, hostile_on_postgresql: Facts) -> None:
    same = {key: hostile["polls"][key] for key in hostile_on_postgresql["polls"]}
    assert hostile_on_postgresql["polls"] == same
    assert (hostile_on_postgresql["canary"], hostile_on_postgresql["second"]["new"]) == ([], [0, 0, 0])


def words_of(facts: Facts) -> dict[str, list[list[str]]]:
    """What is stored of each feed, whatever the ports of the servers were."""
    return {
        key: sorted(
            [re.sub(r"127\.0\.0\.1:\d+", "site", item[name] or "") for name in ("uid", "title", "excerpt", "url")]
            + [item["published"] or ""]
            for item in items
        )
        for key, items in facts["items"].items()
    }


def test_the_same_rows_are_stored_on_both_databases(hostile: Facts, hostile_on_postgresql: Facts) -> None:
    on_both = {key: items for key, items in words_of(hostile).items() if key in hostile_on_postgresql["polls"]}
    assert words_of(hostile_on_postgresql) == on_both


# What is shown

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def visitor(hostile: Facts, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A browser on the site with everything that was polled."""
    instance = tmp_path_factory.mktemp("shown")
    shutil.copy(shared_folder / "sqlite" / "oversight.sqlite3", instance)
    settings = settings_of(instance)
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        create_user(session, "editor@example.org", PASSWORD, role=Role.EDITOR, now=settings.now())
    return create_app(settings).test_client()


@pytest.fixture
def editor(visitor: FlaskClient) -> FlaskClient:
    """A browser in which an editor is logged in."""
    browser = visitor.application.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/login").text)
    assert token
    form = {"email": "editor@example.org", "password": PASSWORD, "csrf_token": token[1]}
    assert browser.post("/login", data=form).status_code == 302
    return browser


def pages_without_arguments(browser: FlaskClient) -> list[str]:
    rules = browser.application.url_map.iter_rules()
    return sorted(rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments)


def ids_of(browser: FlaskClient) -> tuple[list[str], list[int]]:
    """The keys of all feeds, and the ids of all mentions."""
    engine = browser.application.extensions["oversight"].engine
    with reading(open_sessions(engine)) as session:
        return list(session.scalars(select(FeedRow.key))), list(session.scalars(select(MentionRow.id)))


def page_at(browser: FlaskClient, path: str) -> Page:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    page = Page(answer.text)
    assert page.faults == [], path
    return page


def test_the_page_of_every_feed_is_harmless(visitor: FlaskClient) -> None:
    keys, _ = ids_of(visitor)
    assert len(keys) == len(ENTRIES)
    for key in keys:
        page_at(visitor, f"/feeds/{key}")


def test_the_page_of_every_mention_is_harmless_and_shows_its_title_as_text(visitor: FlaskClient) -> None:
    engine = visitor.application.extensions["oversight"].engine
    with reading(open_sessions(engine)) as session:
        titles = {row.id: row.title for row in session.scalars(select(MentionRow))}
    assert len(titles) > 50
    for identifier, title in titles.items():
        words = page_at(visitor, f"/mentions/{identifier}").words
        assert " ".join(title.split()) in " ".join(words.split())


def test_every_list_of_mentions_is_harmless(visitor: FlaskClient) -> None:
    keys, ids = ids_of(visitor)
    for before in [*range(max(ids) + 1, 0, -20)]:
        page_at(visitor, f"/mentions/?before={before}")
    for key in keys:
        page_at(visitor, f"/mentions/?feed={key}")


def test_every_other_page_is_harmless(visitor: FlaskClient) -> None:
    statuses = {}
    for path in pages_without_arguments(visitor):
        answer = visitor.get(path)
        statuses[path] = answer.status_code
        assert Page(answer.text).faults == [], path
    assert {"/", "/mentions/", "/feeds/", "/jurisdictions/"} <= {path for path, code in statuses.items() if code == 200}
    assert max(statuses.values()) < 500


def test_the_pages_of_an_editor_are_harmless(editor: FlaskClient) -> None:
    for path in [path for path in pages_without_arguments(editor) if not path.startswith(("/login", "/verify"))]:
        assert "Confirm" in page_at(editor, path).words or path != "/review/"
    _, ids = ids_of(editor)
    for identifier in ids[::7]:
        page_at(editor, f"/mentions/{identifier}")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<svg/onload=alert(1)>",
        "<a href=' javascript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='//evil.example/'>x</a>",
        "<a href='relative'>x</a>",
        "<img src='https://evil.example/pixel'>",
        "<link rel='stylesheet' href='https://evil.example/x.css'>",
        "<p style='position:fixed'>x</p>",
        "<form action='https://evil.example/'>",
        "<meta http-equiv='refresh' content='0;url=x'>",
        "<iframe srcdoc='x'></iframe>",
        "<base href='/'>",
    ],
)
def test_the_check_of_pages_finds_what_it_should(html: str) -> None:
    assert Page(html).faults
