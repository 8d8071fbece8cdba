"""Tests of cli/feeds: `flask feeds test` and `flask feeds add`, with a web site on loopback."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.factories import ALPR_TITLE, PLAIN_TITLE, SEATTLE, rss

from .site import Site

PAGE = b"""<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/news.xml"></head>
<body><h1>Agendas</h1><ul><li><a href="/a.pdf">Agenda of 1 December 2026</a></li></ul></body></html>"""


@pytest.fixture
def test_url(flask, site: Site):
    """`flask feeds test` of a document of the site."""
    return lambda path, *options: flask("feeds", "test", site.url(path), *options, ALLOW_HOSTS=site.host)


# test


def test_an_address_is_tried_and_what_would_be_stored_is_printed(test_url, site: Site, tmp_path: Path) -> None:
    site.pages["/feed.xml"] = rss(("1", ALPR_TITLE), ("2", PLAIN_TITLE)).encode()
    result = test_url("/feed.xml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Platform: rss (the address is one of rss)" in result.stdout
    assert "Would be stored: 0 meetings, 2 items, 0 matters, 0 documents, 1 mentions" in result.stdout
    assert "technology:alpr in the title" in result.stdout
    assert site.asked == ["/feed.xml"]
    assert not (tmp_path / "oversight.sqlite3").exists()


def test_a_trial_can_be_printed_as_json(test_url, site: Site) -> None:
    site.pages["/feed.xml"] = rss(("1", ALPR_TITLE)).encode()
    told = json.loads(test_url("/feed.xml", "--json").stdout)
    assert (told["platform"], told["outcome"], len(told["items"]), len(told["mentions"])) == ("rss", "ok", 1, 1)


def test_a_refused_answer_exits_with_1_and_says_what_to_do(test_url) -> None:
    result = test_url("/feed.xml")
    assert result.exit_code == 1
    assert "refused: http_error: the server answered with status 404" in result.stderr
    assert "--platform page" in result.stderr


def test_a_refused_answer_is_told_as_json_too(test_url) -> None:
    result = test_url("/feed.xml", "--json")
    assert (result.exit_code, json.loads(result.stdout)["outcome"]) == (1, "http_error")


def test_a_page_is_asked_for_by_the_rules_of_its_robots_txt(test_url, site: Site) -> None:
    site.pages["/agendas"] = PAGE
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /agendas\n"
    result = test_url("/agendas")
    assert (result.exit_code, site.asked) == (1, ["/robots.txt"])
    assert "name the platform with --platform" in result.stderr


def test_feeds_that_a_page_names_are_told_and_not_fetched(test_url, site: Site) -> None:
    site.pages["/agendas"] = PAGE
    result = test_url("/agendas")
    assert result.exit_code == 0
    assert f"try `flask feeds test {site.url('/news.xml')}`" in result.stdout
    assert site.asked == ["/robots.txt", "/agendas"]


@pytest.mark.parametrize("arguments", [("nonsense",), ("https://example.org/", "--platform", "telegraph")])
def test_an_address_that_nobody_knows_exits_with_2(flask, arguments: tuple[str, ...]) -> None:
    result = flask("feeds", "test", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_private_address_is_refused_by_the_guard(flask, site: Site) -> None:
    site.pages["/feed.xml"] = rss(("1", ALPR_TITLE)).encode()
    result = flask("feeds", "test", site.url("/feed.xml"))
    assert (result.exit_code, site.asked) == (1, [])
    assert "blocked_address" in result.stderr


# add


def listed(tmp_path: Path) -> list[dict]:
    return tomllib.loads((tmp_path / "feeds.toml").read_text("utf-8"))["feed"]


def test_a_feed_is_added_without_fetching_it(flask, feeds_toml, tmp_path: Path) -> None:
    before = feeds_toml({"news": "https://news.example.org/feed"}).read_text("utf-8")
    result = flask("feeds", "add", "https://seattle.legistar.com/Calendar.aspx", "--jurisdiction", SEATTLE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert 'added "seattle-wa-legistar" to feeds.toml' in result.stdout
    assert (tmp_path / "feeds.toml").read_text("utf-8").startswith(before)
    assert listed(tmp_path)[-1]["url"] == "https://webapi.legistar.com/v1/seattle"
    assert flask("feeds", "check").exit_code == 0


def test_a_page_that_was_only_guessed_at_is_said_to_be_so(flask, tmp_path: Path) -> None:
    result = flask("feeds", "add", "https://council.example.gov/agendas", "--jurisdiction", SEATTLE)
    assert "read as a plain page" in result.stdout
    assert listed(tmp_path)[-1]["platform"] == "page"


def test_a_feed_that_is_there_already_is_refused(flask, feeds_toml) -> None:
    before = feeds_toml({"news": "https://news.example.org/feed"}).read_bytes()
    result = flask("feeds", "add", "http://www.news.example.org/feed/")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'listed already as "news"' in result.stderr
    assert feeds_toml({"news": "https://news.example.org/feed"}).read_bytes() == before


def test_a_disabled_feed_wants_a_note(flask, tmp_path: Path) -> None:
    address = "https://news.example.org/feed"
    assert flask("feeds", "add", address, "--disabled").exit_code == 2
    assert not (tmp_path / "feeds.toml").exists()
    assert flask("feeds", "add", address, "--disabled", "--note", "Its terms forbid it").exit_code == 0
    assert listed(tmp_path)[-1]["enabled"] is False


def test_with_a_trial_a_refused_address_is_not_added(flask, site: Site, tmp_path: Path) -> None:
    result = flask("feeds", "add", site.url("/feed.xml"), "--test", ALLOW_HOSTS=site.host)
    assert result.exit_code == 1
    assert not (tmp_path / "feeds.toml").exists()


def test_with_a_trial_the_platform_is_what_the_answer_is(flask, site: Site, tmp_path: Path) -> None:
    site.pages["/news"] = rss(("1", ALPR_TITLE)).encode()
    result = flask("feeds", "add", site.url("/news"), "--test", ALLOW_HOSTS=site.host)
    assert result.exit_code == 0
    assert listed(tmp_path)[-1]["platform"] == "rss"
