"""The record as files: what is loaded, exported and loaded again is the same to the byte."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, text

from oversight.cli.record import STARTER
from oversight.errors import ConfigurationError
from oversight.services.export_record import record_texts, write_folder, written
from oversight.services.record import load_record
from oversight.services.record_files import UNFINISHED, read_record
from oversight.services.record_kinds import record_kinds
from oversight.storage.engine import Sessions, open_sessions, reading
from oversight.storage.models import Base
from oversight.vocabulary import load_vocabulary
from tests.factories import NOW
from tests.services.made_records import made_records

TECHNOLOGIES = load_vocabulary().technologies


def load(sessions: Sessions, folder: Path) -> dict[str, int]:
    record = read_record(folder, TECHNOLOGIES)
    with sessions.begin() as session:
        return load_record(session, record, actor="test", reason="test", now=NOW)


def export(sessions: Sessions) -> dict[str, str]:
    with reading(sessions) as session:
        return record_texts(session)


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        guards = []
        if engine.dialect.name == "postgresql":  # the history refuses to be emptied; a test may ask it not to look
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        for _name, sql in guards:
            connection.exec_driver_sql(sql)


def put(folder: Path, texts: dict[str, str]) -> Path:
    write_folder(folder, texts)
    return folder


def change(folder: Path, noun: str, edit: Callable[[list[dict[str, Any]]], None]) -> None:
    path = folder / f"{noun}.json"
    rows = json.loads(path.read_text("utf-8"))
    edit(rows)
    path.write_text(json.dumps(rows), "utf-8")


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """The shipped record in a folder that may be changed."""
    names = [f"{kind.file}.json" for kind in record_kinds()]
    return put(tmp_path / "starter", {name: (STARTER / name).read_text("utf-8") for name in names})


def test_the_shipped_record_survives_load_export_load_export(engine: Engine, starter: Path, tmp_path: Path) -> None:
    sessions = open_sessions(engine)
    load(sessions, starter)
    first = export(sessions)
    empty(engine)
    load(sessions, put(tmp_path / "again", first))
    assert export(sessions) == first


def test_an_export_holds_every_entry_that_was_loaded(sessions: Sessions, starter: Path) -> None:
    load(sessions, starter)
    texts = export(sessions)
    for kind in record_kinds():
        exported = {row["key"]: row for row in json.loads(texts[f"{kind.file}.json"])}
        rows = json.loads((starter / f"{kind.file}.json").read_text("utf-8"))
        shipped = {row["key"]: kind.form.model_validate(row).model_dump(mode="json") for row in rows}
        assert list(exported) == sorted(shipped)
        assert exported == shipped


def test_loading_an_export_over_its_own_record_changes_nothing(sessions: Sessions, starter: Path) -> None:
    load(sessions, starter)
    assert load(sessions, put(starter, export(sessions))) == {}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=made_records())
def test_any_record_survives_load_export_load_export(
    made: dict[str, list[dict[str, Any]]], engine: Engine, tmp_path: Path
) -> None:
    sessions = open_sessions(engine)
    empty(engine)
    load(sessions, put(tmp_path / "made", {f"{file}.json": json.dumps(rows) for file, rows in made.items()}))
    first = export(sessions)
    assert {name: json.loads(text) for name, text in first.items()} == {
        f"{file}.json": sorted(rows, key=lambda row: row["key"]) for file, rows in made.items()
    }
    empty(engine)
    load(sessions, put(tmp_path / "again", first))
    assert export(sessions) == first


def test_a_change_of_one_fact_changes_one_line(sessions: Sessions, starter: Path) -> None:
    load(sessions, starter)
    before = export(sessions)["actions.json"].splitlines()
    change(starter, "actions", lambda rows: rows[7].update(signatories=12345))
    load(sessions, starter)
    after = export(sessions)["actions.json"].splitlines()
    assert len([1 for one, other in zip(before, after, strict=True) if one != other]) == 1


def test_one_and_true_are_not_the_same_fact(sessions: Sessions, starter: Path) -> None:
    change(starter, "policies", lambda rows: rows[0].update(facts={"amended": 1}))
    load(sessions, starter)
    change(starter, "policies", lambda rows: rows[0].update(facts={"amended": True}))
    assert load(sessions, starter) == {"policy": 1}
    assert '"amended": true' in export(sessions)["policies.json"]


@pytest.mark.parametrize("value", ["\0", "\ud800", float("inf"), float("nan"), {"\0": 1}, [["\udfff"]]])
def test_what_a_database_cannot_keep_is_a_fault(starter: Path, value: Any) -> None:
    change(starter, "policies", lambda rows: rows[3].update(facts={"odd": value}))
    with pytest.raises(ConfigurationError, match=r'policies\.json: entry ".*": holds a number or a character'):
        read_record(starter, TECHNOLOGIES)


def test_the_words_for_an_escape_are_only_words(starter: Path) -> None:
    change(starter, "policies", lambda rows: rows[3].update(note="written \\u0000 by hand"))
    assert read_record(starter, TECHNOLOGIES)


def test_a_file_is_utf_8_with_names_in_order_and_a_line_end() -> None:
    text = written([{"b": "é", "a": {"d": [1], "c": None}}])
    assert text == '[\n {\n  "a": {\n   "c": null,\n   "d": [\n    1\n   ]\n  },\n  "b": "é"\n }\n]\n'
    assert written([]) == "[]\n"


def test_an_export_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("mine")
    put(tmp_path, {"actions.json": "[]\n"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README", "actions.json"]


def test_an_export_that_fails_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, {"actions.json": "old", "sources.json": "old"})
    with pytest.raises(UnicodeEncodeError):
        put(tmp_path, {"actions.json": "new", "sources.json": "\ud800"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "actions.json": "old",
        "sources.json": "old",
    }


def test_a_folder_whose_export_was_cut_short_is_not_loaded(starter: Path) -> None:
    (starter / UNFINISHED).touch()
    with pytest.raises(ConfigurationError, match="cut short"):
        read_record(starter, TECHNOLOGIES)
    put(starter, {"actions.json": (starter / "actions.json").read_text("utf-8")})
    assert read_record(starter, TECHNOLOGIES)


def test_a_kind_is_called_what_its_revisions_are_called(sessions: Sessions, starter: Path) -> None:
    assert set(load(sessions, starter)) == {kind.noun for kind in record_kinds()}
