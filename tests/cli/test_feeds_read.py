"""Tests of cli/feeds/read.py: stored answers, one by one, as a table, and all that were captured."""

import json
from pathlib import Path

import pytest

from oversight.domain.feed import Outcome
from tests.factories import ALPR_TITLE, SEATTLE, rss
from tests.platforms.captured import CAPTURED, address_of, captured_files
from tests.platforms.captured_table import captured_row, captured_table

from .contracts import assert_fits

SAMPLES = Path(__file__).parents[1] / "data" / "platforms"
CAPTURED_FILES = captured_files()


def samples() -> list[Path]:
    """Our own samples that a reader does not refuse."""
    expected = sorted(SAMPLES.glob("*/*.expected.json"))
    good = [file for file in expected if "items" in json.loads(file.read_text("utf-8"))]
    return [next(file.parent.glob(file.name.replace(".expected.json", ".[!e]*"))) for file in good]


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A folder of stored answers, in folders of their platforms' names."""
    folder = tmp_path / "answers"
    (folder / "rss").mkdir(parents=True)
    (folder / "rss" / "news.xml").write_text(rss(("1", ALPR_TITLE), ("2", "Other")))
    (folder / "rss" / "other.xml").write_text(rss(("1", "A story")))
    return folder


# one file


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


@pytest.mark.parametrize("named", ["telegraph", "rss=telegraph"])
def test_an_unknown_platform_is_told_with_those_that_are_known(flask, named: str) -> None:
    result = flask("feeds", "read", str(SAMPLES / "rss" / "rss-2.0.xml"), "--platform", named)
    assert result.exit_code == 2
    assert "legistar" in result.stderr


def test_a_file_whose_platform_nobody_tells_is_a_bad_configuration(flask, tmp_path: Path) -> None:
    (tmp_path / "answer.xml").write_text(rss())
    result = flask("feeds", "read", str(tmp_path / "answer.xml"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--platform" in result.stderr


@pytest.mark.parametrize(
    ("given", "host"), [((), "unknown.invalid"), (("--url", "https://a.example.gov/b"), "a.example.gov")]
)
def test_links_without_a_host_stand_below_the_given_address(flask, tmp_path: Path, given: tuple, host: str) -> None:
    page = "<html><body><h1>Agendas</h1><p><a href='/minutes.pdf'>Minutes of 1 December 2026</a></p></body></html>"
    (tmp_path / "page.html").write_text(page)
    result = flask("feeds", "read", str(tmp_path / "page.html"), "--platform", "page", "--json", *given)
    assert [one["url"] for one in json.loads(result.stdout)["documents"]] == [f"https://{host}/minutes.pdf"]


# many files


def test_a_folder_is_a_table_and_its_folders_name_the_platforms(flask, answers: Path) -> None:
    result = flask("feeds", "read", str(answers))
    assert (result.exit_code, result.stderr) == (0, "")
    head, first, second, total = result.stdout.splitlines()
    assert head.split()[:4] == ["file", "platform", "meetings", "items"]
    assert first.split()[:4] == ["rss/news.xml", "rss", "0", "2"]
    assert second.split()[:4] == ["rss/other.xml", "rss", "0", "1"]
    assert total.endswith("2 of 2 files read, 0 refused")


def test_several_files_are_a_table_too(flask, answers: Path) -> None:
    result = flask("feeds", "read", *(str(file) for file in sorted(answers.glob("rss/*"))))
    assert [line.split()[0] for line in result.stdout.splitlines()[1:3]] == ["news.xml", "other.xml"]


def test_a_refused_answer_is_a_line_of_the_table(flask, answers: Path) -> None:
    (answers / "rss" / "page.html").write_text("<html><h1>Sign in</h1></html>")
    result = flask("feeds", "read", str(answers))
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if "page.html" in line]
    assert " not_a_feed: " in line


def test_a_platform_can_be_named_for_a_folder_or_a_file(flask, answers: Path) -> None:
    (answers / "rss").rename(answers / "kept")
    named = ("--platform", "kept=rss", "--platform", "kept/other.xml=page")
    lines = flask("feeds", "read", str(answers), *named).stdout.splitlines()
    assert [line.split()[1] for line in lines[1:3]] == ["rss", "page"]


def test_files_that_are_no_answers_can_be_left_out(flask, answers: Path) -> None:
    (answers / "README.md").write_text("What these are")
    (answers / ".hidden").write_text("")
    assert flask("feeds", "read", str(answers)).exit_code == 2
    assert flask("feeds", "read", str(answers), "--skip", "*.md").exit_code == 0


def test_several_answers_are_an_object_a_line(flask, answers: Path) -> None:
    (answers / "rss" / "page.html").write_text("<html><h1>Sign in</h1></html>")
    result = flask("feeds", "read", str(answers), "--json")
    news, other, page = [json.loads(line) for line in result.stdout.splitlines()]
    assert (news["file"], len(news["items"]), len(other["items"])) == ("rss/news.xml", 2, 1)
    assert (page["refused"], result.exit_code) == ("not_a_feed", 1)
    assert_fits("feeds-read", news)


# what was captured


@pytest.mark.parametrize(
    ("platform", "file"), CAPTURED_FILES, ids=[file.relative_to(CAPTURED).as_posix() for _, file in CAPTURED_FILES]
)
def test_every_captured_answer_fits_the_contract_unless_it_is_refused(flask, platform: str, file: Path) -> None:
    given = ("--platform", platform, "--jurisdiction", SEATTLE, "--url", address_of(file))
    result = flask("feeds", "read", str(file), *given, "--json")
    if captured_row(platform, file).outcome is Outcome.OK:
        assert (result.exit_code, result.stderr) == (0, "")
        assert_fits("feeds-read", json.loads(result.stdout))
    else:
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"{file.name}: ")


def test_every_captured_file_is_a_line_of_one_table(shared: Path) -> None:
    table = captured_table()
    lines = {line.split()[0]: line for line in table}
    assert [file for _, file in CAPTURED_FILES if file.relative_to(CAPTURED).as_posix() not in lines] == []
    assert not [line for line in table if " parse_error: " in line]
