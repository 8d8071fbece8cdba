"""Tests of cli/feeds: what is polled, the plan of requests, how each feed is, and the way back from a redirect."""

import json
from pathlib import Path

import pytest

from oversight.settings import Settings
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow
from oversight.storage.revisions import history
from tests.factories import NOW, SEATTLE, add_feed

from .commands import settings_of

GOOD = f"""\
[[feed]]
key = "seattle-legistar"
platform = "legistar"
url = "https://webapi.legistar.com/v1/seattle"
jurisdiction = "{SEATTLE}"
every = "30m"

[[feed]]
key = "news"
platform = "rss"
url = "https://news.example.org/feed"

[[feed]]
key = "frozen"
platform = "rss"
url = "https://frozen.example.org/feed"
enabled = false
note = "the paper closed"
"""
BAD = """\
[[feed]]
key = "Not A Key"
platform = "rss"
url = "https://news.example.org/feed"

[[feed]]
key = "oakland"
platform = "telegraph"
url = "ftp://example.org/"
every = "1m"
"""
ELSEWHERE = "https://elsewhere.example.org/feed"


# check


def test_a_good_file_is_checked_and_its_plan_printed(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    result = flask("feeds", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    first, head, council, news = result.stdout.splitlines()[:4]
    assert first == "feeds.toml: 3 feeds (2 enabled), no fault"
    assert head.split()[:3] == ["site", "feeds", "questions/h"]
    assert council.split()[:3] == ["legistar.com", "1", "4.0"]
    assert news.split()[:3] == ["example.org", "1", "1.0"]


def test_the_plan_counts_the_pause_that_politeness_asks_for(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    result = flask("feeds", "check", HOST_GAP_SECONDS="2", HOST_CONNECTIONS="1")
    assert "4 s" in result.stdout.splitlines()[2]
    assert "at most 1800 questions an hour for each site" in result.stdout


def test_agendas_are_said_to_be_an_estimate(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    assert "agendas/h is an estimate" in flask("feeds", "check").stdout


def test_disabled_feeds_are_counted_with_their_reasons(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    lines = flask("feeds", "check").stdout.splitlines()
    assert lines[-2:] == ["1 feeds are disabled:", "    1  the paper closed"]


def test_asking_for_more_than_politeness_allows_is_a_warning(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    result = flask("feeds", "check", HOST_GAP_SECONDS="1000", HOST_CONNECTIONS="1")
    assert result.exit_code == 0
    (warning,) = [line for line in result.stdout.splitlines() if line.startswith("warning:")]
    assert "legistar.com" in warning
    assert 'every = "' in warning


def test_a_key_that_is_not_set_is_a_warning(flask, feeds_toml) -> None:
    feeds_toml({"bills": "https://api.example.org/feed?key={BILLS_KEY}"})
    assert "set OVERSIGHT_FEED_KEYS to BILLS_KEY=" in flask("feeds", "check").stdout
    assert "warning" not in flask("feeds", "check", FEED_KEYS="BILLS_KEY=1").stdout


def test_every_fault_is_told_at_once_with_its_line(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(BAD)
    result = flask("feeds", "check")
    assert (result.exit_code, result.stdout) == (2, "")
    places = [line.split(": ")[:3] for line in result.stderr.splitlines()]
    assert sorted(places) == [
        ["feeds.toml:10", 'feed "oakland"', "every"],
        ["feeds.toml:2", 'feed "Not A Key"', "key"],
        ["feeds.toml:8", 'feed "oakland"', "platform"],
        ["feeds.toml:9", 'feed "oakland"', "url"],
    ]


def test_another_file_can_be_checked(flask, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(GOOD)
    result = flask("feeds", "check", "--feeds", str(tmp_path / "other.toml"))
    assert result.stdout.startswith("other.toml: 3 feeds")


@pytest.mark.parametrize("text", [None, "[[feed", "feed = 1", b"\xff\xfe"])
def test_a_file_that_is_missing_or_no_toml_exits_with_2(flask, tmp_path: Path, text: str | bytes | None) -> None:
    if text is not None:
        (tmp_path / "feeds.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    result = flask("feeds", "check")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("feeds.toml:")
    assert len(result.stderr.splitlines()) == 1


# list


def test_listing_feeds_before_the_database_is_made_says_what_to_do(flask) -> None:
    result = flask("feeds", "list")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "flask db upgrade" in result.stderr


@pytest.fixture
def polled(flask, feeds_toml, site) -> None:
    """Two feeds after a poll: one answers, one is not there."""
    site.pages["/good"] = (
        b"<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>A</title></item></channel></rss>"
    )
    feeds_toml({"good": site.url("/good"), "gone": site.url("/gone")})
    flask("poll", ALLOW_HOSTS=site.host)


@pytest.mark.usefixtures("polled")
def test_the_list_says_how_each_feed_is_and_why(flask) -> None:
    lines = {line.split()[0]: line for line in flask("feeds", "list").stdout.splitlines()}
    assert "Healthy" in lines["good"]
    assert "Failing" in lines["gone"]
    assert "last checked never" in lines["gone"]
    assert lines["gone"].endswith("the server answered with status 404")


@pytest.mark.usefixtures("polled")
def test_the_list_can_be_cut_to_a_state_and_a_platform(flask) -> None:
    assert flask("feeds", "list", "--state", "failing").stdout.split()[0] == "gone"
    assert flask("feeds", "list", "--platform", "legistar").stdout == ""
    assert flask("feeds", "list", "--state", "sleepy").exit_code == 2


@pytest.mark.usefixtures("polled")
def test_the_list_is_told_as_json(flask) -> None:
    told = {feed["key"]: feed for feed in json.loads(flask("feeds", "list", "--json").stdout)}
    assert (told["gone"]["state"], told["gone"]["failures"]) == ("failing", 1)
    assert told["good"]["state"] == "healthy"
    assert told["good"]["last_ok_at"].endswith("+00:00")


# keep-address


@pytest.fixture
def settings(flask, tmp_path: Path) -> Settings:
    """Settings of a folder with a database in it, in which a feed was led away."""
    assert flask("db", "upgrade").exit_code == 0
    found = settings_of(tmp_path)
    with open_sessions(open_engine(found.database_url)).begin() as session:
        add_feed(session, key="moved", url="https://news.example.org/feed", moved_url=ELSEWHERE, next_due_at=NOW)
    return found


def test_a_redirect_that_was_followed_is_undone(flask, settings: Settings) -> None:
    result = flask("feeds", "keep-address", "moved", "--by", "ana")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "moved is asked at https://news.example.org/feed again, with the next poll\n"
    with reading(open_sessions(open_engine(settings.database_url))) as session:
        assert session.query(FeedRow).one().moved_url is None
        assert [revision.actor for revision in history(session, "feed", "moved")] == ["ana"]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("key", "reason"), [("nobody", "no such feed: nobody"), ("moved", "already")])
def test_where_nothing_can_be_undone_the_command_says_so(flask, key: str, reason: str) -> None:
    flask("feeds", "keep-address", "moved")
    result = flask("feeds", "keep-address", key)
    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr
