"""Tests of `flask detector export`."""

import json
from pathlib import Path

from oversight.storage.engine import open_engine, open_sessions
from oversight.storage.schema import upgrade
from tests.factories import ALPR_TITLE, add_mention


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
