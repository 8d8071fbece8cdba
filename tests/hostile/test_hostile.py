"""The hostile corpus, polled by the real pipeline, stored, and shown: nothing gets out, in, or stuck."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from oversight.domain.account import Role
from oversight.domain.feed import Outcome
from oversight.services.accounts import create_user
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow, ItemRow, MentionRow
from oversight.web import create_app
from tests.cli.commands import settings_of

from .corpus import GOOD_FEEDS, good_feeds, manifest
from .expectations import verdict_on
from .page import Page
from .seen import Facts
from .table import MOST_MEGABYTES, lines, together
from .view import UNCLEAN, VALIDATORS

ENTRIES = manifest()
FEEDS = {key: entry for key, entry in ENTRIES.items() if entry["kind"] != "robots"}
pytestmark = pytest.mark.skipif(not ENTRIES, reason="the hostile corpus is not at ../shared/hostile")
POLITE_HEADERS = {"host", "accept-encoding", "connection", "user-agent", "accept"} | VALIDATORS


# The polls


@pytest.mark.parametrize("key", ENTRIES)
def test_what_the_manifest_expects_of_each_entry_comes_true(hostile: Facts, key: str) -> None:
    verdict = verdict_on(key, ENTRIES[key], hostile)
    assert verdict.is_met, verdict


def test_the_table_has_a_line_for_each_entry(hostile: Facts) -> None:
    table = lines([verdict_on(key, entry, hostile) for key, entry in ENTRIES.items()])
    (control,) = [" ".join(line.split()) for line in table if line.startswith("control_good")]
    assert control == "control_good file control 2 items, 1 mention, again 0 ok, not_modified x6 yes"
    assert table[-1] == f"{len(ENTRIES)} of {len(ENTRIES)} expectations met"


def test_every_outcome_is_of_the_closed_list(hostile: Facts) -> None:
    summary = hostile["process"]["summary"]
    assert set(summary["outcomes"]) <= set(Outcome)
    assert summary["feeds"] == len(FEEDS) + GOOD_FEEDS


def test_the_good_feeds_beside_them_are_all_read_and_on_time(hostile: Facts) -> None:
    read = {
        key: (one["outcome"], one["items"], one["mentions"], one["late"])
        for key, one in hostile["first"].items()
        if key.startswith("good-")
    }
    assert read == dict.fromkeys(good_feeds(), ("ok", 2, 1, 0))


def test_the_parent_stays_small(hostile: Facts) -> None:
    assert 0 < hostile["process"]["peak_kb"] < MOST_MEGABYTES * 1024


def test_nothing_unexpected_happens_and_each_line_of_the_log_is_one_event(hostile: Facts) -> None:
    log = hostile["process"]["log"]
    assert "Traceback" not in log
    assert not UNCLEAN.search(log)


def test_nothing_is_asked_again_within_a_minute(hostile: Facts) -> None:
    assert hostile["at_once"] == 0


def test_all_that_holds_for_the_whole_pass_holds(hostile: Facts) -> None:
    assert {name: value for name, (value, is_fine) in together(hostile).items() if not is_fine} == {}


def test_the_canary_is_never_reached(hostile: Facts) -> None:
    assert hostile["canary"] == []


def test_nothing_is_asked_but_feeds_and_where_they_redirect(hostile: Facts) -> None:
    asked = {hit["path"].partition("?")[0] for hit in hostile["hits"]}
    others = {path for path in asked if not path.startswith(("/feeds/", "/b/"))}
    assert others == {"/robots.txt"}


def test_no_request_carries_credentials_cookies_or_injected_headers(hostile: Facts) -> None:
    assert {name for hit in hostile["hits"] for name in hit["headers"]} <= POLITE_HEADERS


def test_reading_everything_again_adds_and_changes_nothing(hostile: Facts) -> None:
    assert hostile["again"]["feeds"] > 80
    assert hostile["again"]["new"] == [0, 0, 0]


# What is stored


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


def test_every_stored_link_is_absolute_and_short(hostile: Facts) -> None:
    links = [item["url"] for items in hostile["items"].values() for item in items if item["url"]]
    assert [link for link in links if not re.fullmatch(r"https?://[^\s\"<>\\@]{1,1992}", link)] == []


# The same on PostgreSQL


def polled_in(facts: Facts) -> dict[str, dict[str, str]]:
    """The entries that were polled at all."""
    return {key: entry for key, entry in ENTRIES.items() if entry["kind"] == "robots" or key in facts["first"]}


def test_what_the_manifest_expects_comes_true_on_postgresql_too(hostile_on_postgresql: Facts) -> None:
    found = [verdict_on(key, entry, hostile_on_postgresql) for key, entry in polled_in(hostile_on_postgresql).items()]
    assert len(found) > 200
    assert [verdict for verdict in found if not verdict.is_met] == []


def test_all_that_holds_for_the_whole_pass_holds_on_postgresql_too(hostile_on_postgresql: Facts) -> None:
    assert {name: value for name, (value, is_fine) in together(hostile_on_postgresql).items() if not is_fine} == {}


def words_of(facts: Facts) -> dict[str, list[list[str]]]:
    """What is stored of each feed, whatever the ports of the servers were, and but for ids that are random."""
    return {
        key: sorted(
            [re.sub(r"127\.0\.0\.1:\d+", "site", item[name] or "") for name in ("uid", "title", "excerpt", "url")]
            + [item["published"] or ""]
            for item in items
        )
        for key, items in facts["items"].items()
        if key != "guid-flood"
    }


def test_the_same_rows_are_stored_on_both_databases(hostile: Facts, hostile_on_postgresql: Facts) -> None:
    on_both = {key: items for key, items in words_of(hostile).items() if key in hostile_on_postgresql["first"]}
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
    found = sorted(rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments)
    return [path for path in found if not path.endswith((".csv", ".json", ".atom", ".ics"))]


def titles_of(browser: FlaskClient) -> dict[int, str]:
    """Every mention of a hostile feed, with its title."""
    engine = browser.application.extensions["oversight"].engine
    query = select(MentionRow.id, MentionRow.title).join(ItemRow, ItemRow.id == MentionRow.item_id).join(FeedRow)
    with reading(open_sessions(engine)) as session:
        return {identifier: title for identifier, title in session.execute(query.where(FeedRow.key.in_(FEEDS)))}


def page_at(browser: FlaskClient, path: str) -> Page:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    page = Page(answer.text)
    assert page.faults == [], path
    return page


def test_the_page_of_every_feed_is_harmless(visitor: FlaskClient) -> None:
    for key in FEEDS:
        page_at(visitor, f"/feeds/{key}")


def test_the_page_of_every_mention_is_harmless_and_shows_its_title_as_text(visitor: FlaskClient) -> None:
    titles = titles_of(visitor)
    assert len(titles) > 150
    for identifier, title in titles.items():
        words = page_at(visitor, f"/mentions/{identifier}").words
        assert " ".join(title.split()) in " ".join(words.split())


def test_every_list_of_mentions_is_harmless(visitor: FlaskClient) -> None:
    for before in [*range(max(titles_of(visitor)) + 1, 0, -20)]:
        page_at(visitor, f"/mentions/?before={before}")
    for key in FEEDS:
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
    for identifier in list(titles_of(editor))[::7]:
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
