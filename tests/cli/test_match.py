"""Tests of cli/match.py: documents in, one verdict a line out."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from oversight.cli.match import papers
from oversight.domain.mention import Paper
from tests.factories import ALPR_TITLE, PLAIN_TITLE, SEATTLE

from .contracts import assert_fits

COUNCIL = {
    "id": "a",
    "kind": "agenda_item",
    "title": ALPR_TITLE,
    "text": "Flock Safety, $120,000 — “two years”.",
    "url": "https://example.org/a",
    "date": "2026-11-20",
    "feed_jurisdiction": SEATTLE,
}
LIBRARY = {"id": "b", "kind": "news", "title": PLAIN_TITLE, "text": ""}


def lines(*documents: dict[str, Any]) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


@pytest.fixture
def match(flask):
    """Match what comes on standard input; the verdicts, in order."""

    def run(stdin: str | bytes) -> list[dict[str, Any]]:
        result = flask("match", "--jsonl", stdin=stdin)
        assert (result.exit_code, result.stderr) == (0, "")
        return [json.loads(line) for line in result.stdout.splitlines()]

    return run


def test_every_document_gets_one_verdict_that_fits_the_contract(match) -> None:
    verdicts = match(lines(COUNCIL, LIBRARY))
    assert [(one["id"], one["relevant"]) for one in verdicts] == [("a", True), ("b", False)]
    for verdict in verdicts:
        assert_fits("match", verdict)


def test_each_piece_of_evidence_is_the_slice_that_it_names(match) -> None:
    evidence = match(lines(COUNCIL))[0]["evidence"]
    own = [one for one in evidence if one["field"] in ("title", "text")]
    assert own
    assert [one["text"] for one in own] == [COUNCIL[one["field"]][one["start"] : one["end"]] for one in own]


def test_labels_change_nothing_and_are_never_read(match) -> None:
    told = {"relevant": False, "technologies": ["gunshot_detection"]}
    assert match(lines(COUNCIL | {"labels": told})) == match(lines(COUNCIL))
    assert match(lines(COUNCIL | {"labels": 5})) == match(lines(COUNCIL))


def test_a_paper_holds_nothing_but_what_may_be_read() -> None:
    line = lines(COUNCIL | {"labels": {"relevant": True}, "expected": 1}).encode()
    fields = {"kind", "title", "text", "url", "feed_jurisdiction"}
    assert list(papers([line])) == [("a", Paper(**{name: COUNCIL[name] for name in fields}), COUNCIL["date"])]


def test_unknown_keys_are_ignored(match) -> None:
    assert match(lines(COUNCIL | {"source": "x", "score": 0, "nested": {"id": 7}})) == match(lines(COUNCIL))


def test_a_copy_names_the_earlier_document(match) -> None:
    story = {"kind": "news", "title": f"{ALPR_TITLE} - The Daily News", "text": "The vote is on Tuesday."}
    verdicts = match(lines(story | {"id": "one"}, LIBRARY, story | {"id": "two", "title": ALPR_TITLE}))
    assert [(one["dup_of"], one["dup_type"]) for one in verdicts] == [(None, None), (None, None), ("one", "copy")]


def test_the_same_lines_of_two_cities_are_no_copies(match) -> None:
    elsewhere = "ocd-division/country:us/state:or/place:portland"
    verdicts = match(lines(COUNCIL, COUNCIL | {"id": "b", "feed_jurisdiction": elsewhere}))
    assert [one["dup_of"] for one in verdicts] == [None, None]


def test_what_comes_again_in_another_year_was_brought_in_again(match) -> None:
    verdicts = match(lines(COUNCIL, COUNCIL | {"id": "b", "date": "2028-01-09"}, COUNCIL | {"id": "c"}))
    assert [one["dup_type"] for one in verdicts] == [None, "reintroduced", "companion"]


def test_the_place_of_the_feed_counts(match) -> None:
    here = match(lines({"id": "c", "kind": "agenda_item", "title": "Buy an ALPR", "feed_jurisdiction": SEATTLE}))
    assert here[0]["jurisdiction_ids"] == [SEATTLE]


@pytest.mark.parametrize("stdin", ["", "\n\n", "  \n"])
def test_no_documents_give_no_verdicts(match, stdin: str) -> None:
    assert match(stdin) == []


def test_a_byte_order_mark_and_blank_lines_are_no_documents(match) -> None:
    verdicts = match(b"\xef\xbb\xbf" + lines(COUNCIL).encode() + b"\r\n \n" + lines(LIBRARY).encode())
    assert [one["id"] for one in verdicts] == ["a", "b"]


def test_a_file_can_be_named(flask, tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    file.write_text(lines(COUNCIL), "utf-8")
    assert json.loads(flask("match", str(file), "--jsonl").stdout)["id"] == "a"


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b'"a"',
        b"null",
        b'{"title": "no id"}',
        b'{"id": "\xff"}',
        b'{"id": ' + b"[" * 200_000,
        b'{"id": 1' + b"0" * 5_000 + b"}",
    ],
    ids=["cut", "list", "string", "null", "no-id", "no-utf-8", "deep", "long-number"],
)
def test_a_bad_line_is_named_by_its_number(flask, bad: bytes) -> None:
    result = flask("match", "--jsonl", stdin=lines(LIBRARY).encode() + b"\n" + bad + b"\n" + lines(COUNCIL).encode())
    assert result.exit_code == 1
    assert result.stderr.startswith("line 3: ")
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["b"]


def test_an_id_that_cannot_be_printed_ends_nothing_for_a_person(flask) -> None:
    result = flask("match", stdin=lines(COUNCIL | {"id": "a\ud800"}, LIBRARY))
    assert (result.exit_code, [line.split()[0] for line in result.stdout.splitlines()]) == (0, ["a", "b"])


@pytest.mark.parametrize(
    "change",
    [
        {"id": "\ud800"},
        {"title": "\ud800 ALPR cameras \udfff"},
        {"title": None, "text": None, "kind": None},
        {"title": ["ALPR"], "text": {"a": 1}, "kind": 7},
        {"url": 7, "feed_jurisdiction": ["x"], "date": {}},
        {"feed_jurisdiction": "ocd-division/country:xx/atlantis"},
    ],
)
def test_a_document_of_odd_values_gets_a_verdict(match, change: dict[str, Any]) -> None:
    (verdict,) = match(lines(COUNCIL | change))
    assert_fits("match", verdict)


@hypothesis_settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=60), text=st.text(max_size=200))
def test_any_words_get_a_verdict(flask, title: str, text: str) -> None:
    result = flask("match", "--jsonl", stdin=lines({"id": "x", "title": f"{title} ALPR", "text": text}))
    verdict = json.loads(result.stdout)
    both = {"title": f"{title} ALPR", "text": text}
    own = [one for one in verdict["evidence"] if one["field"] in both]
    assert [one["text"] for one in own] == [both[one["field"]][one["start"] : one["end"]] for one in own]


def test_a_person_gets_a_line_for_each_document(flask) -> None:
    result = flask("match", stdin=lines(COUNCIL, LIBRARY))
    first, second = result.stdout.splitlines()
    assert first.split()[:2] == ["a", "relevant"]
    assert second.split()[:2] == ["b", "-"]
