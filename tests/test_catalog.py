"""Tests of catalog.py: everything wrong with a feeds.toml is said at once, by line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.catalog import WITHOUT_A_PLACE, Catalog, checked_catalog, load_feeds, minutes_of, read_catalog
from oversight.errors import ConfigurationError
from oversight.platforms import readers
from tests.factories import SEATTLE

PLATFORMS = ["legistar", "rss"]
ZONES = {SEATTLE: "America/Los_Angeles"}
GOOD = f"""\
# What a watchdog of Seattle starts with
[[feed]]
key = "seattle-legistar"
platform = "legistar"
url = "https://webapi.legistar.com/v1/seattle"
jurisdiction = "{SEATTLE}"

[[feed]]
key = "sample-news"
platform = "rss"
url = "https://news.example.org/feed/"
title = "Sample News"
every = "6h"
enabled = false
"""


@pytest.fixture
def read(tmp_path: Path):
    """Write a feeds.toml and read it."""

    def write_and_read(text: str) -> Catalog:
        path = tmp_path / "feeds.toml"
        path.write_text(text, "utf-8")
        return read_catalog(path, platforms=PLATFORMS, zone_of=ZONES.get)

    return write_and_read


def entry(**changes: str) -> str:
    valid = {"key": '"a-feed"', "platform": '"rss"', "url": '"https://example.org/feed"'}
    return "\n".join(["[[feed]]", *(f"{name} = {value}" for name, value in (valid | changes).items())]) + "\n"


def test_a_good_file_has_no_fault(read) -> None:
    council, news = read(GOOD).feeds
    assert (council.timezone, council.every_minutes, council.is_enabled) == ("America/Los_Angeles", 60, True)
    assert (news.title, news.every_minutes, news.is_enabled, news.timezone) == ("Sample News", 360, False, None)


def test_an_address_is_kept_as_it_is_written(read) -> None:
    assert read(GOOD).feeds[1].url == "https://news.example.org/feed/"


def test_an_empty_file_names_no_feeds(read) -> None:
    assert read("# nothing yet\n") == Catalog((), ())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"key": '"Upper Case"'}, 'feeds.toml:2: feed "Upper Case": key: String should match'),
        ({"key": "7"}, "key: Input should be a valid string"),
        ({"platform": '"granicus"'}, "platform: 'granicus' is not known; known: legistar, rss"),
        ({"url": '"ftp://example.org"'}, "url: must be an absolute http or https address"),
        ({"url": '"http://["'}, "url: "),
        ({"url": '"example.org/feed"'}, "url: must be an absolute http or https address"),
        ({"every": '"5m"'}, 'feeds.toml:5: feed "a-feed": every: must be between 15m and 24h'),
        ({"every": '"hourly"'}, "every: must be between 15m and 24h"),
        ({"timezone": '"Mars/Olympus"'}, "timezone: must be an IANA name"),
        ({"timezone": '"../../etc/passwd"'}, "timezone: must be an IANA name"),
        ({"jurisdiction": '"Seattle"'}, "jurisdiction: must be an Open Civic Data id"),
        ({"colour": '"red"'}, 'feeds.toml:5: feed "a-feed": colour: Extra inputs are not permitted'),
        ({"enabled": '"perhaps"'}, "enabled: Input should be a valid boolean"),
        ({"platform": '"legistar"'}, "jurisdiction: a council platform states local times"),
    ],
)
def test_a_fault_is_told_with_its_line_and_feed(read, changes: dict[str, str], fault: str) -> None:
    catalog = read(entry(**changes))
    assert len(catalog.faults) == 1
    assert fault in catalog.faults[0]
    assert catalog.feeds == ()


@pytest.mark.parametrize("platform", sorted(WITHOUT_A_PLACE))
def test_a_platform_that_states_no_local_times_needs_no_place(platform: str) -> None:
    catalog = checked_catalog("feeds.toml", entry(platform=f'"{platform}"'), platforms=readers.names(), zone_of={}.get)
    assert (len(catalog.feeds), catalog.faults) == (1, ())


def test_a_missing_key_is_told_at_the_header(read) -> None:
    assert read('\n\n[[feed]]\nplatform = "rss"\nurl = "https://example.org/"\n').faults == (
        "feeds.toml:3: feed 1: key: Field required",
    )


def test_all_faults_are_told_at_once(read) -> None:
    faults = read(entry(every='"1m"', platform='"nonsense"', colour="1") + entry(key='"other"', url='"x"')).faults
    assert [fault.split(": ")[0] for fault in faults] == [f"feeds.toml:{line}" for line in (5, 6, 3, 10)]


def test_a_key_used_twice_is_told_of_both(read) -> None:
    assert [fault.partition(": ")[2] for fault in read(entry() + entry()).faults] == [
        'feed "a-feed": key: is used by another feed too'
    ] * 2


def test_a_good_feed_beside_a_bad_one_is_still_read(read) -> None:
    catalog = read(entry(every='"1m"') + entry(key='"other"'))
    assert [feed.key for feed in catalog.feeds] == ["other"]


def test_lines_are_counted_as_an_editor_counts_them(read) -> None:
    assert read('# one\u2028line\n[[feed]]\nkey = "a"\n').faults[0].startswith("feeds.toml:3:")


def test_a_table_that_is_not_read_is_told(read) -> None:
    assert read("[feeds]\n").faults == ("feeds.toml:1: unknown table 'feeds'; only [[feed]] is read",)


@pytest.mark.parametrize("text", ['[feed]\nkey = "a"\n', "feed = 1\n", "feed = [1]\n", 'feed = ["a"]\n'])
def test_a_feed_that_is_no_table_is_told(read, text: str) -> None:
    assert read(text).faults == ("feeds.toml:1: write [[feed]], with two brackets",)


@pytest.mark.parametrize("text", ["[[feed]\n", 'key = "unclosed\n'])
def test_a_file_that_is_not_toml_is_told_with_its_line(read, text: str) -> None:
    assert "line 1" in read(text).faults[0]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "No such file" in read_catalog(tmp_path / "feeds.toml", platforms=PLATFORMS, zone_of=ZONES.get).faults[0]


def test_bytes_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_bytes(b"\xff")
    assert "utf-8" in read_catalog(tmp_path / "feeds.toml", platforms=PLATFORMS, zone_of=ZONES.get).faults[0]


def test_loading_a_file_with_faults_raises_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(entry(every='"1m"') + entry(key='"other"', url='"x"'))
    with pytest.raises(ConfigurationError, match=r"(?s)feeds\.toml:5.*feeds\.toml:9"):
        load_feeds(tmp_path / "feeds.toml", platforms=PLATFORMS, zone_of=ZONES.get)


@pytest.mark.parametrize(("every", "minutes"), [("60m", 60), ("6h", 360), (" 15 m ", 15), ("1d", 0), ("", 0), ("m", 0)])
def test_an_interval_is_in_minutes(every: str, minutes: int) -> None:
    assert minutes_of(every) == minutes


@given(st.text(max_size=30))
def test_no_interval_raises(every: str) -> None:
    assert minutes_of(every) >= 0
