"""Tests of services/add_feed.py: a feed is added at the end of feeds.toml, and nothing else changes."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from oversight.domain.feed import Feed
from oversight.errors import ConfigurationError
from oversight.services.add_feed import Wish, add_feed
from oversight.services.recognise import recognise
from tests.factories import SEATTLE

API = "https://webapi.legistar.com/v1/seattle"
NEWS = "https://news.example.org/feed.xml"
LIST = """\
# What we watch

[[feed]]
key          = "sample-news"   # the first one
platform     = "rss"
url          = 'https://paper.example.org/rss'
  every =    "6h"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.toml"
    path.write_text(LIST, "utf-8")
    return path


def add(path: Path, address: str = NEWS, platform: str | None = None, **wish: Any) -> Feed:
    return add_feed(path, recognise(address, platform), Wish(**wish))


def last(path: Path) -> dict[str, Any]:
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["feed"]
    return rows[-1]


def test_a_feed_is_written_at_the_end(file: Path) -> None:
    feed = add(file, key="more-news", title="More News", every="90m")
    assert (feed.key, feed.title, feed.every_minutes, feed.is_enabled) == ("more-news", "More News", 90, True)
    assert last(file) == {"key": "more-news", "platform": "rss", "url": NEWS, "title": "More News", "every": "90m"}


@pytest.mark.parametrize(
    "before",
    [LIST, LIST.rstrip("\n"), LIST + "\n\n# to be sorted\n", LIST.replace("\n", "\r\n"), "", "# nothing yet\n"],
)
def test_what_stood_there_stays_byte_for_byte(file: Path, before: str) -> None:
    file.write_bytes(before.encode())
    add(file)
    assert file.read_bytes().startswith(before.encode())
    assert last(file)["url"] == NEWS


def test_lines_end_as_they_do_in_the_file(file: Path) -> None:
    file.write_bytes(LIST.replace("\n", "\r\n").encode())
    add(file)
    assert b"\n" not in file.read_bytes().replace(b"\r\n", b"")


def test_a_list_that_does_not_exist_yet_is_begun(tmp_path: Path) -> None:
    add(tmp_path / "feeds.toml")
    assert (tmp_path / "feeds.toml").read_text("utf-8").startswith("[[feed]]\n")


def test_words_of_a_person_are_quoted(file: Path) -> None:
    add(file, note='He said "no"\nand left \\ for good', title="Ünïcode")
    assert last(file)["note"] == 'He said "no"\nand left \\ for good'
    assert last(file)["title"] == "Ünïcode"


def test_key_and_title_are_guessed_from_place_and_platform(file: Path) -> None:
    feed = add(file, "https://seattle.legistar.com/", jurisdiction=SEATTLE)
    assert (feed.key, feed.title, feed.url) == ("seattle-wa-legistar", "Seattle, WA (legistar)", API)


@pytest.mark.parametrize(
    ("address", "wish", "key"),
    [
        ("https://www.paper.example.com/rss", {}, "paper-example-com"),
        ("https://sf.granicus.com/ViewPublisher.php?view_id=1", {"timezone": "America/Denver"}, "sf-granicus"),
        (API, {"timezone": "America/Denver"}, "webapi-legistar-com-v1-seattle-legistar"),
        (
            API,
            {"jurisdiction": "x-oversight/us/wa/port-of-seattle", "timezone": "America/Denver"},
            "port-of-seattle-legistar",
        ),
    ],
)
def test_a_key_is_guessed_from_the_address_where_no_place_is_known(
    file: Path, address: str, wish: dict[str, str], key: str
) -> None:
    assert add(file, address, **wish).key == key


def test_a_guessed_key_that_is_taken_gets_a_number(file: Path) -> None:
    keys = [add(file, f"https://news.example.org/{name}/feed.xml").key for name in ("a", "b", "c")]
    assert keys == ["news-example-org", "news-example-org-2", "news-example-org-3"]


def test_a_disabled_feed_says_why(file: Path) -> None:
    feed = add(file, is_enabled=False, note="Its terms forbid it")
    assert (feed.is_enabled, feed.note) == (False, "Its terms forbid it")


@pytest.mark.parametrize(
    ("address", "platform", "wish", "fault"),
    [
        ("http://www.paper.example.org/rss/", None, {}, 'listed already as "sample-news"'),
        (NEWS, None, {"key": "sample-news"}, 'a feed "sample-news" is there already'),
        (NEWS, None, {"key": "Not A Key"}, "key: String should match"),
        (NEWS, None, {"every": "5m"}, "every: must be between"),
        (NEWS, None, {"jurisdiction": "Seattle"}, "jurisdiction: must be an Open Civic Data id"),
        (API, None, {}, "jurisdiction: a council platform states local times"),
    ],
)
def test_what_would_be_wrong_is_refused_and_changes_nothing(
    file: Path, address: str, platform: str | None, wish: dict[str, str], fault: str
) -> None:
    with pytest.raises(ConfigurationError, match=fault):
        add(file, address, platform, **wish)
    assert file.read_text("utf-8") == LIST


def test_a_council_is_known_again_by_another_address_of_it(file: Path) -> None:
    add(file, "https://seattle.legistar.com/", jurisdiction=SEATTLE)
    with pytest.raises(ConfigurationError, match='listed already as "seattle-wa-legistar"'):
        add(file, API + "/", jurisdiction=SEATTLE)


def test_a_file_with_a_fault_is_left_alone(file: Path) -> None:
    broken = LIST + "colour = 1\n"
    file.write_text(broken, "utf-8")
    with pytest.raises(ConfigurationError, match="colour"):
        add(file)
    assert file.read_text("utf-8") == broken


def test_nothing_is_left_beside_the_file(file: Path) -> None:
    add(file)
    assert list(file.parent.iterdir()) == [file]


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(file: Path) -> None:
    file.chmod(0o640)
    link = file.with_name("link.toml")
    link.symlink_to(file)
    add(link)
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert last(file)["url"] == NEWS


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        add(tmp_path / "no" / "feeds.toml")
