"""Tests of cli/audit.py and what is under it: whatever was altered, removed, added or moved is found."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from oversight.domain.audit import Head
from oversight.services.audit import Verdict, verify
from oversight.storage.engine import Sessions, one_moment, open_engine
from oversight.storage.journal import AT_A_TIME
from oversight.storage.revisions import Change, add_first_revisions, add_revision
from tests.factories import NOW


def change(key: str, **changes: object) -> Change:
    valid = {"entity": "policy", "key": key, "before": None, "after": {"title": key}}
    return Change(**(valid | {"actor": "ana", "reason": "why", "sources": ("src-1",)} | changes))


@pytest.fixture
def written(sessions: Sessions) -> Sessions:
    """Three things with three versions each, in three transactions."""
    for version in (1, 2, 3):
        with sessions.begin() as session:
            for key in ("a", "b", "c"):
                add_revision(session, change(key, after={"title": f"{key}{version}"}), at=NOW)
    return sessions


def verdict(sessions: Sessions, checkpoint: Head | None = None) -> Verdict:
    with one_moment(sessions) as session:
        return verify(session, checkpoint)


def found(sessions: Sessions, checkpoint: Head | None = None) -> set[tuple[str, int | None, str]]:
    return {(one.key, one.version, one.fault) for one in verdict(sessions, checkpoint).faults}


def unguarded(engine: Engine, *statements: str) -> None:
    """What somebody can do who owns the database, and takes its guards away first."""
    with engine.begin() as connection:
        take_guards_away(connection)
        for statement in statements:
            connection.execute(text(statement))


def take_guards_away(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name}"))


def test_an_untouched_history_has_no_fault(written: Sessions) -> None:
    answer = verdict(written)
    assert (answer.revisions, answer.entries, answer.head.sequence, answer.faults) == (9, 9, 9, ())


def test_an_empty_history_has_no_fault(sessions: Sessions) -> None:
    assert verdict(sessions) == Verdict(0, 0, Head(0, ""), ())


REMOVED = "it was removed"
B2 = "entity_key = 'b' AND version = 2"
TAIL = "journal ended with"
CASES: list[tuple[str, tuple[str, ...], set[tuple[str, int | None, str]]]] = [
    (
        "its reason altered",
        (f"UPDATE revisions SET reason = 'other' WHERE {B2}",),
        {("b", 2, "it was altered: its content does not give its hash")},
    ),
    (
        "one of the middle removed",
        (f"DELETE FROM revisions WHERE {B2}",),
        {("b", 2, REMOVED), ("b", 3, "version 2 is missing before it")},
    ),
    (
        "the last of one thing removed",
        ("DELETE FROM revisions WHERE entity_key = 'c' AND version = 3",),
        {("c", 3, REMOVED)},
    ),
    (
        "the whole of one thing removed",
        ("DELETE FROM revisions WHERE entity_key = 'a'",),
        {("a", 1, REMOVED), ("a", 2, REMOVED), ("a", 3, REMOVED)},
    ),
    (
        "removed together with its entry",
        (
            "DELETE FROM revisions WHERE entity_key = 'c' AND version = 3",
            "DELETE FROM revision_journal WHERE sequence = 9",
        ),
        {("", None, "entry 9 of the journal is missing")},
    ),
    (
        "a whole thing and its entries removed",
        ("DELETE FROM revisions WHERE entity_key = 'a'", "DELETE FROM revision_journal WHERE entity_key = 'a'"),
        {("", None, f"entry {number} of the journal is missing") for number in (1, 4, 7)},
    ),
    (
        "everything removed but the end",
        ("DELETE FROM revisions", "DELETE FROM revision_journal"),
        {("", None, "entries 1 to 9 of the journal are missing")},
    ),
    (
        "the end removed",
        ("DELETE FROM revision_journal_head",),
        {("", None, "the note of where the journal ends was removed")},
    ),
    (
        "two exchanged",
        (
            f"UPDATE revisions SET version = 9 WHERE {B2}",
            "UPDATE revisions SET version = 2 WHERE entity_key = 'b' AND version = 3",
            "UPDATE revisions SET version = 3 WHERE entity_key = 'b' AND version = 9",
        ),
        {
            ("b", 2, "it does not follow from the version before it"),
            ("b", 2, "it was altered: the journal keeps another hash of it"),
            ("b", 3, "it does not follow from the version before it"),
            ("b", 3, "it was altered: the journal keeps another hash of it"),
        },
    ),
    (
        "one added",
        (
            "INSERT INTO revisions (entity, entity_key, version, before, after, actor, reason, sources, at, hash)"
            " SELECT entity, 'x', 1, before, after, actor, reason, sources, at, hash FROM revisions"
            " WHERE entity_key = 'a' AND version = 1",
        ),
        {
            ("x", 1, "it was altered: its content does not give its hash"),
            ("x", 1, "it was added from outside: the journal does not know it"),
        },
    ),
    (
        "an entry altered",
        ("UPDATE revision_journal SET entity_key = 'z' WHERE sequence = 5",),
        {
            ("", None, "entry 5 of the journal is altered"),
            ("z", 2, REMOVED),
            ("b", 2, "it was added from outside: the journal does not know it"),
        },
    ),
]


@pytest.mark.parametrize(("statements", "faults"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_was_done_is_found(
    engine: Engine, written: Sessions, statements: tuple[str, ...], faults: set[tuple[str, int | None, str]]
) -> None:
    unguarded(engine, *statements)
    assert found(written) == faults


def test_a_history_cut_off_cleanly_is_found_by_a_checkpoint(engine: Engine, written: Sessions) -> None:
    noted = verdict(written).head
    with written() as session:
        earlier = session.execute(text("SELECT hash FROM revision_journal WHERE sequence = 6")).scalar_one()
    unguarded(
        engine,
        "DELETE FROM revisions WHERE version = 3",
        "DELETE FROM revision_journal WHERE sequence > 6",
        f"UPDATE revision_journal_head SET sequence = 6, hash = '{earlier}'",
    )
    assert found(written) == set()
    assert found(written, noted) == {("", None, "the journal ended with entry 9 once and does not reach it now")}


def test_a_journal_made_anew_is_found_by_a_checkpoint(written: Sessions) -> None:
    assert found(written, Head(4, "0" * 64)) == {("", None, "entry 4 of the journal is another one than was noted")}


def test_a_thing_without_any_version_is_found(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(
            text("INSERT INTO sources (key, title) VALUES ('src-smuggled', 'Smuggled in')"),
        )
    assert found(sessions) == {("src-smuggled", None, "the record has it, and the history has no version of it")}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revisions SET reason = 'other'",
        "DELETE FROM revisions",
        "DELETE FROM revision_journal",
        "UPDATE revision_journal SET hash = ''",
        "DELETE FROM revision_journal_head",
        "UPDATE revision_journal_head SET sequence = 3",
    ],
)
def test_the_database_itself_refuses(engine: Engine, written: Sessions, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert verdict(written).faults == ()


@pytest.mark.parametrize("table", ["revisions", "revision_journal", "revision_journal_head"])
def test_postgresql_refuses_to_empty_them(postgresql_engine: Engine, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), postgresql_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("table", ["revisions", "revision_journal"])
def test_sqlite_refuses_to_replace_a_row(sqlite_engine: Engine, table: str) -> None:
    with Sessions(sqlite_engine).begin() as session:
        add_revision(session, change("a"), at=NOW)
    with pytest.raises(DBAPIError, match="allows each entry once"), sqlite_engine.begin() as connection:
        connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


def test_what_a_savepoint_took_back_is_not_journalled(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_revision(session, change("a"), at=NOW)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            add_revision(session, change("b"), at=NOW)
            raise ZeroDivisionError
    answer = verdict(sessions)
    assert (answer.revisions, answer.entries, answer.faults) == (1, 1, ())


def test_of_many_at_once_what_was_taken_back_is_not_journalled(sessions: Sessions) -> None:
    with sessions() as session:
        add_first_revisions(session, [change("a"), change("b")], at=NOW)
        session.rollback()
        add_first_revisions(session, [change("c"), change("d")], at=NOW)
        savepoint = session.begin_nested()
        add_first_revisions(session, [change("e")], at=NOW)
        savepoint.rollback()
        with session.begin_nested():
            add_first_revisions(session, [change("f")], at=NOW)
        session.commit()
    answer = verdict(sessions)
    assert (answer.revisions, answer.entries, answer.faults) == (3, 3, ())


def test_a_session_may_commit_more_than_once(sessions: Sessions) -> None:
    with sessions() as session:
        for key in ("a", "b"):
            add_revision(session, change(key), at=NOW)
            session.commit()
    assert (verdict(sessions).entries, verdict(sessions).faults) == (2, ())


def test_more_revisions_than_are_read_at_a_time_are_whole(sessions: Sessions) -> None:
    many = AT_A_TIME * 2 + 1
    with sessions.begin() as session:
        for number in range(many):
            add_revision(session, change(f"k{number}", after={"title": "x" * 300}), at=NOW)
    answer = verdict(sessions)
    assert (answer.revisions, answer.entries, answer.faults) == (many, many, ())


def test_the_command_says_what_it_checked(flask: Callable) -> None:
    flask("record", "load")
    answer = flask("audit", "verify", "--json")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["ok"], told["faults"]) == (0, True, [])
    assert told["revisions"] == told["entries"] == told["head"]["sequence"] > 500
    checkpoint = f"{told['head']['sequence']}:{told['head']['hash']}"
    assert checkpoint in flask("audit", "verify", "--checkpoint", checkpoint).stdout
    assert flask("audit", "verify", "--checkpoint", f"{told['head']['sequence']}:{'0' * 64}").exit_code == 1
    assert flask("audit", "verify", "--checkpoint", "nonsense").exit_code == 2


def test_the_command_names_the_fault(flask: Callable, tmp_path: Path) -> None:
    flask("record", "load")
    unguarded(
        open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}"),
        "DELETE FROM revisions WHERE entity_key = 'pol-alabama-restriction-2022'",
    )
    answer = flask("audit", "verify")
    assert answer.exit_code == 1
    assert "FAULT policy pol-alabama-restriction-2022 version 1: it was removed" in answer.stdout
