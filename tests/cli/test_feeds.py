"""Tests of cli/feeds.py: what is polled, and what a stored answer says."""

import json
from pathlib import Path

import pytest

from tests.platforms.test_captured import FILES, KINDS

from .contracts import assert_fits

SAMPLES = Path(__file__).parents[1] / "data" / "platforms"
SEATTLE = "ocd-division/country:us/state:wa/place:seattle"
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


def samples() -> list[Path]:
    """Our own samples that a reader does not refuse."""
    expected = sorted(SAMPLES.glob("*/*.expected.json"))
    good = [file for file in expected if "items" in json.loads(file.read_text("utf-8"))]
    return [next(file.parent.glob(file.name.replace(".expected.json", ".[!e]*"))) for file in good]


# check


def test_a_good_file_is_checked_and_its_plan_printed(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    result = flask("feeds", "check")
    assert (result.exit_code, result.stderr) == (0, "")
    first, council, news = result.stdout.splitlines()
    assert first == "feeds.toml: 2 feeds, no fault"
    assert council.split()[:3] == ["webapi.legistar.com", "4.0", "questions"]
    assert news.split()[:3] == ["news.example.org", "1.0", "questions"]


def test_the_plan_counts_the_pause_that_politeness_asks_for(flask, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(GOOD)
    result = flask("feeds", "check", HOST_GAP_SECONDS="2", HOST_CONNECTIONS="1")
    assert "one round takes at least 4 s" in result.stdout.splitlines()[1]


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
    assert result.stdout.startswith("other.toml: 2 feeds")


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


def test_the_list_says_how_each_feed_is(flask, feeds_toml, site) -> None:
    site.pages["/good"] = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
    feeds_toml({"good": site.url("/good"), "gone": site.url("/gone")})
    flask("poll", ALLOW_HOSTS=site.host)
    result = flask("feeds", "list")
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert " Checked " in lines["good"]
    assert "Refused by the server" in lines["gone"]
    assert lines["gone"].endswith("last checked never")


# read


@pytest.mark.parametrize("file", samples(), ids=lambda file: f"{file.parent.name}-{file.name}")
def test_every_sample_reads_into_the_contract(flask, file: Path) -> None:
    result = flask("feeds", "read", str(file), "--platform", file.parent.name, "--jurisdiction", SEATTLE, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    printed = json.loads(result.stdout)
    assert printed["platform"] == file.parent.name
    assert_fits("feeds-read", printed)


def test_a_jurisdiction_gives_a_meeting_its_time_zone(flask) -> None:
    file = SAMPLES / "legistar" / "events.json"
    result = flask("feeds", "read", str(file), "--platform", "legistar", "--jurisdiction", SEATTLE, "--json")
    zones = {meeting["timezone"] for meeting in json.loads(result.stdout)["meetings"]}
    assert zones == {"America/Los_Angeles"}


def test_without_json_a_reading_is_summed_up_on_a_line(flask) -> None:
    result = flask("feeds", "read", str(SAMPLES / "rss" / "rss-2.0.xml"), "--platform", "rss")
    assert result.stdout.splitlines()[0].endswith("0 meetings, 0 matters, 0 documents, 0 next")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_captured_answer_of_a_kind_is_read(flask, shared: Path, kind: str) -> None:
    files = [file for one, file in FILES if one == kind]
    assert files
    for file in files:
        result = flask("feeds", "read", str(file), "--platform", KINDS[kind], "--json")
        assert result.exit_code == 0, (file, result.stderr, result.exception)
        assert_fits("feeds-read", json.loads(result.stdout))


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", "empty_body"),
        (b" \r\n\t ", "empty_body"),
        (b"<html><h1>Sign in</h1></html>", "not_a_feed"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', "parse_error"),
        (b"<rss version='2.0'><channel><item><title>&#xD800;</title></item></channel></rss>", "parse_error"),
        (b"<rss version='2.0'><channel><item><title>&#99999999;</title></item></channel></rss>", "parse_error"),
    ],
)
def test_an_answer_that_cannot_be_read_names_its_file_and_outcome(
    flask, tmp_path: Path, body: bytes, outcome: str
) -> None:
    (tmp_path / "answer.xml").write_bytes(body)
    result = flask("feeds", "read", str(tmp_path / "answer.xml"), "--platform", "rss", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"answer.xml: {outcome}: ")
    assert len(result.stderr.splitlines()) == 1


def test_an_unknown_platform_is_told_with_those_that_are_known(flask) -> None:
    result = flask("feeds", "read", str(SAMPLES / "rss" / "rss-2.0.xml"), "--platform", "telegraph")
    assert result.exit_code == 2
    assert "legistar, rss" in result.stderr
