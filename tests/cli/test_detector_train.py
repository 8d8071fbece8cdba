"""Tests of `flask detector train` and `export`."""

import json
from pathlib import Path

import pytest

from oversight.storage.engine import open_engine, open_sessions
from oversight.storage.schema import upgrade
from tests.factories import ALPR_TITLE, add_mention

SAMPLE = Path(__file__).parents[1] / "data" / "labelled" / "sample.jsonl"


@pytest.fixture
def labelled(tmp_path: Path) -> str:
    """The sample, and three of its relevant documents once more with the other label: something to learn."""
    lines = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    relevant = [one for one in lines if one["labels"]["relevant"]][:3]
    wrong = [one | {"id": f"{one['id']}-not", "labels": {"relevant": False}} for one in relevant]
    file = tmp_path / "labelled.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines + wrong))
    return str(file)


def test_it_prints_both_and_writes_nothing(flask, labelled: str, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is installed for building only")
    before = sorted(tmp_path.iterdir())
    result = flask("detector", "train", labelled)
    assert result.exit_code == 0, result.output
    assert "held out, cross-validated:\n  present weights" in result.output
    assert "nothing is written" in result.output
    assert sorted(tmp_path.iterdir()) == before


def test_it_writes_where_it_is_told(flask, labelled: str, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is installed for building only")
    out = tmp_path / "weights.toml"
    assert flask("detector", "train", labelled, "--out", str(out), "--version", "test-7").exit_code == 0
    assert 'version = "test-7"' in out.read_text()


def test_decisions_are_exported(flask, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")
    upgrade(engine)
    with open_sessions(engine).begin() as session:
        add_mention(session, state="confirmed")
    engine.dispose()
    file = tmp_path / "decisions.jsonl"
    result = flask("detector", "export", str(file))
    assert (result.exit_code, result.output) == (0, f"1 decisions in {file}\n")
    assert json.loads(file.read_text())["title"] == ALPR_TITLE


def test_a_folder_that_is_not_there_is_named(flask, tmp_path: Path) -> None:
    flask("db", "upgrade")
    result = flask("detector", "export", str(tmp_path / "nowhere" / "file"))
    assert (result.exit_code, "cannot be written: No such file" in result.stderr) == (1, True)
