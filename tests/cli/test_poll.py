"""Tests of cli/poll.py: one pass over the feeds of a local site."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from oversight.domain.feed import Outcome
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow
from tests.factories import ALPR_TITLE, PLAIN_TITLE, rss

from .contracts import assert_fits
from .site import Site


@pytest.fixture
def poll(flask, feeds_toml, site: Site):
    """Poll two good feeds, of which one has a mention, and one that is gone."""
    site.pages["/council"] = rss(("1", ALPR_TITLE), ("2", PLAIN_TITLE)).encode()
    site.pages["/library"] = rss(("3", PLAIN_TITLE)).encode()
    feeds_toml({name: site.url(f"/{name}") for name in ("council", "gone", "library")})

    def run(*arguments: str):
        return flask("poll", *arguments, ALLOW_HOSTS=site.host)

    return run


def test_the_summary_fits_the_contract(poll) -> None:
    result = poll("--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert_fits("poll", summary)
    assert set(summary["outcomes"]) <= set(Outcome)


def test_the_summary_counts_what_was_found(poll, site: Site) -> None:
    summary = json.loads(poll("--json").stdout)
    assert summary.pop("seconds") > 0
    assert summary.pop("bytes") >= sum(map(len, site.pages.values()))
    assert summary == {
        "feeds": 3,
        "outcomes": {"http_error": 1, "ok": 2},
        "items_new": 3,
        "items_changed": 0,
        "mentions_new": 1,
        "requests": 3,
    }


def test_what_was_just_polled_is_not_due(poll, site: Site) -> None:
    poll()
    site.forget()
    assert json.loads(poll("--json").stdout)["feeds"] == 0
    assert site.asked == []


def test_all_polls_what_is_not_due_and_adds_nothing(poll) -> None:
    poll()
    summary = json.loads(poll("--all", "--json").stdout)
    assert (summary["feeds"], summary["items_new"], summary["mentions_new"]) == (3, 0, 0)


def test_one_feed_can_be_polled_alone(poll, site: Site) -> None:
    assert json.loads(poll("--feed", "library", "--json").stdout)["feeds"] == 1
    assert site.asked == ["/library"]


def test_several_feeds_can_be_named(poll, site: Site) -> None:
    poll("--feed", "library", "--feed", "council")
    assert sorted(site.asked) == ["/council", "/library"]


def test_an_unknown_feed_is_named_and_nothing_is_asked(poll, site: Site) -> None:
    result = poll("--feed", "atlantis", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such feed: atlantis" in result.stderr
    assert site.asked == []


def test_a_bad_configuration_exits_with_2_and_makes_no_database(poll, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text("[[feed]]\nkey = 'a b'\n")
    result = poll("--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "feeds.toml:2" in result.stderr
    assert not (tmp_path / "oversight.sqlite3").exists()


def test_another_file_of_feeds_can_be_polled(poll, tmp_path: Path, site: Site) -> None:
    other = tmp_path / "other.toml"
    other.write_text((tmp_path / "feeds.toml").read_text().replace('"library"', '"books"'))
    poll("--feeds", str(other), "--feed", "books")
    assert site.asked == ["/library"]


def test_a_feed_that_left_the_file_is_disabled_and_kept(poll, feeds_toml, site: Site, tmp_path: Path) -> None:
    poll()
    feeds_toml({"library": site.url("/library")})
    site.forget()
    poll("--all")
    with reading(open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}"))) as session:
        enabled = {row.key: row.is_enabled for row in session.scalars(select(FeedRow))}
    assert enabled == {"council": False, "gone": False, "library": True}
    assert site.asked == ["/library"]


def test_a_person_gets_a_sentence(poll) -> None:
    assert poll().stdout.startswith("3 feeds polled in ")
    assert "nothing was due" in poll().stdout


def test_a_private_address_is_not_asked_unless_it_is_allowed(flask, poll, site: Site) -> None:
    summary = json.loads(flask("poll", "--json").stdout)
    assert (summary["outcomes"], site.asked) == ({"blocked_address": 3}, [])


def test_another_file_is_polled_alone_and_switches_nothing_off(poll, site: Site, tmp_path: Path) -> None:
    poll()
    other = tmp_path / "other.toml"
    other.write_text(f'[[feed]]\nkey = "extra"\nplatform = "rss"\nurl = "{site.url("/library")}"\n')
    site.forget()
    assert json.loads(poll("--feeds", str(other), "--json").stdout)["feeds"] == 1
    assert len(site.asked) == 1
    assert json.loads(poll("--all", "--json").stdout)["feeds"] == 3
