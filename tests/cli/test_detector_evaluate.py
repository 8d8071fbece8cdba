"""Tests of `flask detector evaluate`."""

import json
from pathlib import Path

import pytest

SAMPLE = str(Path(__file__).parents[1] / "data" / "labelled" / "sample.jsonl")


@pytest.fixture
def accuracy(tmp_path: Path) -> str:
    """Where this test publishes."""
    return str(tmp_path / "accuracy.json")


def test_it_prints_the_figures(flask) -> None:
    result = flask("detector", "evaluate", SAMPLE, "--show-errors", "5")
    assert result.exit_code == 0, result.output
    assert "9 documents, 4 relevant; 1 borderline ones are counted apart" in result.output
    assert "(tp=4 fp=0 fn=0 tn=5)" in result.output
    assert "  geese" in result.output


def test_it_prints_them_as_json(flask) -> None:
    found = json.loads(flask("detector", "evaluate", SAMPLE, "--json").output)
    assert found["relevance"]["precision"] == 1
    assert found["each_technology"]["alpr"]["tp"] == 1


def test_figures_are_published_and_held(flask, accuracy: str) -> None:
    published = ("--published", accuracy)
    missing = flask("detector", "evaluate", SAMPLE, "--check", *published)
    assert (missing.exit_code, "no figures are published" in missing.stderr) == (1, True)
    assert flask("detector", "evaluate", SAMPLE, "--publish", "--date", "2026-11-20", *published).exit_code == 0
    assert json.loads(Path(accuracy).read_text())["date"] == "2026-11-20"
    assert flask("detector", "evaluate", SAMPLE, "--check", *published).exit_code == 0


def test_a_worse_figure_fails_and_says_which(flask, accuracy: str, tmp_path: Path) -> None:
    flask("detector", "evaluate", SAMPLE, "--publish", "--published", accuracy)
    worse = tmp_path / "worse.jsonl"
    hidden = {"id": "x", "kind": "news", "title": "Cats", "text": "", "labels": {"relevant": True}}
    worse.write_text(Path(SAMPLE).read_text() + json.dumps(hidden) + "\n")
    result = flask("detector", "evaluate", str(worse), "--check", "--published", accuracy)
    assert (result.exit_code, result.stderr) == (1, "recall is 0.8000, published were 1.0000\n")


def test_a_broken_file_is_named(flask, tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text("{\n")
    result = flask("detector", "evaluate", str(file))
    assert (result.exit_code, "broken.jsonl:1" in result.stderr) == (1, True)
