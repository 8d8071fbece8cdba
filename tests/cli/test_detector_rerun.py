"""Tests of `flask detector rerun`: looks first, changes only when it is asked to."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from oversight.services.examine import the_detector
from oversight.services.rerun import Rerun, begin
from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.models import MentionRow
from oversight.storage.schema import upgrade
from tests.cli.site import Site
from tests.factories import ALPR_TITLE, PLAIN_TITLE, add_feed, add_item, add_mention, rss


@pytest.fixture
def stored(tmp_path: Path) -> Sessions:
    """An item that was never found, and a mention that this version would not make."""
    engine = open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")
    upgrade(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        feed = add_feed(session, key="news")
        add_item(session, feed_id=feed.id, title=ALPR_TITLE)
        add_mention(session, item_id=add_item(session, feed_id=feed.id).id, title=PLAIN_TITLE, text="Bring a book.")
    return sessions


def states(sessions: Sessions) -> list[str]:
    with reading(sessions) as session:
        return list(session.scalars(select(MentionRow.state).order_by(MentionRow.id)))


def test_it_shows_what_would_change_and_changes_nothing(flask, stored: Sessions) -> None:
    result = flask("detector", "rerun")
    assert result.exit_code == 0, result.output
    assert "2 of 2 items looked at, 1 of them mentions: 1 new, 1 lost, 0 changed" in result.output
    assert f"item 1: {ALPR_TITLE}" in result.output
    assert "`flask detector rerun --run 1 --apply` does it" in result.output
    assert states(stored) == ["pending"]


def test_the_shown_run_can_be_applied(flask, stored: Sessions) -> None:
    flask("detector", "rerun")
    result = flask("detector", "rerun", "--run", "1", "--apply")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "applied")
    assert states(stored) == ["withdrawn", "pending"]


def test_both_steps_at_once(flask, stored: Sessions) -> None:
    assert flask("detector", "rerun", "--apply").exit_code == 0
    assert states(stored) == ["withdrawn", "pending"]
    again = flask("detector", "rerun", "--apply", "--json")
    assert json.loads(again.output)["changes"] == []


def test_as_json_every_change_has_both_sides(flask, stored: Sessions) -> None:
    found = json.loads(flask("detector", "rerun", "--json").output)
    assert (found["run"], found["state"], found["items"], found["total"]) == (1, "previewed", 2, 2)
    new, lost = found["changes"]
    assert (new["kind"], new["mention"], new["before"]) == ("new", None, None)
    assert new["after"]["technologies"] == ["alpr"]
    assert (lost["kind"], lost["before"]["score"], lost["after"]["is_relevant"]) == ("lost", 0.9, False)
    assert found["detector"] == the_detector().version


def test_a_scope_narrows_what_is_looked_at(flask, stored: Sessions) -> None:
    assert "0 of 0 items" in flask("detector", "rerun", "--since", "2026-12-01").output
    assert "2 of 2 items" in flask("detector", "rerun", "--feed", "news", "--batch", "1").output


def test_a_feed_that_is_not_there_is_named(flask, stored: Sessions) -> None:
    result = flask("detector", "rerun", "--feed", "nowhere")
    assert (result.exit_code, "no such feed: nowhere" in result.stderr) == (1, True)


def test_a_second_one_is_refused(flask, stored: Sessions) -> None:
    begin(Rerun(stored, None, the_detector().version, lambda: datetime.now(UTC)))  # type: ignore[arg-type]
    for arguments in ((), ("--resume",), ("--run", "1", "--apply")):
        result = flask("detector", "rerun", *arguments)
        assert (result.exit_code, "run 1 (looking, by " in result.stderr) == (1, True)


def test_a_run_keeps_its_scope(flask, stored: Sessions) -> None:
    result = flask("detector", "rerun", "--resume", "--feed", "news")
    assert (result.exit_code, "leave out --since and --feed" in result.output) == (2, True)


def test_without_a_run_to_continue_it_says_so(flask, stored: Sessions) -> None:
    result = flask("detector", "rerun", "--resume")
    assert (result.exit_code, "no run waits" in result.stderr) == (1, True)


def test_what_was_just_polled_does_not_change(flask, feeds_toml, site: Site, tmp_path: Path) -> None:
    titles = [("a", ALPR_TITLE), ("b", PLAIN_TITLE), ("c", "Police to trial facial recognition in Leeds")]
    site.pages["/feed"] = rss(*titles).encode()
    feeds_toml({"news": site.url("/feed")})
    assert "2 new mentions" in flask("poll", ALLOW_HOSTS=site.host).output
    found = json.loads(flask("detector", "rerun", "--json").output)
    assert (found["items"], found["counts"]["mentions"], found["changes"]) == (3, 2, [])
