"""Tests of storage/engine.py: what every connection promises."""

import multiprocessing
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.models import AnswerRow, FeedRow, JobRow
from tests.factories import NOW, add_feed

PROCESSES = 8
ROUNDS = 60


def count_up(url: str) -> None:
    """Read a number and write it back plus one, many times; run in a process of its own."""
    sessions = open_sessions(open_engine(url))
    for _ in range(ROUNDS):
        with sessions.begin() as session:
            runs = session.scalars(select(JobRow.runs).where(JobRow.name == "count").with_for_update()).one()
            session.execute(update(JobRow).where(JobRow.name == "count").values(runs=runs + 1))


def test_writers_in_many_processes_lose_nothing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(JobRow(name="count", runs=0))
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("fork")  # the modules are here already
    writers = [context.Process(target=count_up, args=(url,)) for _ in range(PROCESSES)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with reading(sessions) as session:
        runs = session.scalars(select(JobRow.runs)).one()
    assert [writer.exitcode for writer in writers] == [0] * PROCESSES
    assert runs == PROCESSES * ROUNDS


def test_a_row_cannot_point_at_nothing(sessions: Sessions) -> None:
    orphan = AnswerRow(feed_id=999, url="https://example.org/", body_hash="0", answered_at=NOW, full_at=NOW)
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(orphan)


def test_a_sqlite_file_is_safe_against_a_crash(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
    assert found == {"journal_mode": "wal", "synchronous": 2}


@pytest.mark.parametrize(("asked", "expected"), [({}, "off"), ({"options": "-c jit=on"}, "on")])
def test_postgresql_compiles_no_query_unless_the_address_asks(
    postgresql_engine: Engine, asked: dict[str, str], expected: str
) -> None:
    url = postgresql_engine.url.update_query_dict(asked).render_as_string(hide_password=False)
    engine = open_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW jit")).scalar() == expected
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(sqlite_engine: Engine) -> None:
    sessions = open_sessions(sqlite_engine)
    with sessions.begin() as writer:
        add_feed(writer)
        with reading(sessions) as session:
            assert session.scalars(select(FeedRow)).all() == []


def test_a_moment_without_a_zone_is_refused(sessions: Sessions) -> None:
    with pytest.raises(StatementError, match="without a zone"), sessions.begin() as session:
        add_feed(session, next_due_at=datetime(2026, 11, 20, 12, 0))


def test_a_moment_comes_back_in_utc(sessions: Sessions) -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    with sessions.begin() as session:
        add_feed(session, next_due_at=moment)
    with reading(sessions) as session:
        found = session.scalars(select(FeedRow.next_due_at)).one()
    assert (found, found.utcoffset()) == (moment, timedelta(0))


def test_text_of_every_script_comes_back_unchanged(sessions: Sessions) -> None:
    words = "Überwachung 監視 \U0001f4f7 مراقبة"
    with sessions.begin() as session:
        add_feed(session, title=words)
    with reading(sessions) as session:
        assert session.scalars(select(FeedRow.title)).one() == words
