"""Fixtures for every test: both databases made by the real migrations, settings, a clock, the shared folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions
from oversight.storage.models import Base
from oversight.storage.schema import upgrade
from tests.factories import NOW
from tests.fakes import FixedClock
from tests.mailserver import MailServer
from tests.quick import share_statements

event.listen(Engine, "engine_connect", share_statements)
POSTGRES = os.environ.get("OVERSIGHT_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
IS_REQUIRED = os.environ.get("CI_REQUIRE_POSTGRES") == "1"
SHARED = Path(__file__).parents[2] / "shared"
BOTH = ("sqlite", "postgresql")
LARGE = 512 * 1024  # bytes; what was deleted stays in the file for a while and is read past

MEMORY = Path("/dev/shm")
ENOUGH = 8 * 1024**3


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is enough: SQLite waits for the disk at every commit."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock(NOW)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a process that lives in the test's own folder, at the factories' moment."""
    return Settings(
        instance=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'oversight.sqlite3'}",
        secret_key="a-secret-of-the-tests-with-enough-bytes",
        mode="test",
        test_now=NOW,
        host_gap_seconds=0,
        host_connections=64,
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of requirements and captured answers beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"../shared is not here: {SHARED}")
    return SHARED


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    """Sessions on an empty database with the newest schema; the test runs on SQLite and on PostgreSQL."""
    return open_sessions(engine)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine on an empty database with the newest schema."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A new SQLite file."""
    file = tmp_path / "test.sqlite3"
    shutil.copy(sqlite_template, file)
    engine = open_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(postgresql_database: Engine) -> Engine:
    """This worker's PostgreSQL database, emptied."""
    with postgresql_database.begin() as connection:
        empty_tables(connection)
    return postgresql_database


def empty_tables(connection: Connection) -> None:
    """Empty the tables with rows in them and let every sequence begin anew."""
    names = [table.name for table in Base.metadata.sorted_tables]
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {name}), pg_relation_size('{name}') > {LARGE}" for name in names)
    found = iter(connection.execute(text(f"SELECT {asked}")).one())
    # The history refuses to be emptied; a test's server lets us ask it not to look.
    statements = ["SET LOCAL session_replication_role = replica"]
    for name, has_rows, is_large in zip(names, found, found, strict=True):
        if is_large:
            statements.append(f"TRUNCATE {name} CASCADE")
        elif has_rows:
            # To cut a table the server writes to the disk and waits for it: 50 times slower than to delete a few rows.
            statements.append(f"DELETE FROM {name}")
    # An insert that was rolled back has left no row, and its number is used up all the same.
    statements.append(
        "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
        " FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    connection.execution_options(no_parameters=True).exec_driver_sql("; ".join(statements))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, migrated once for all tests of this worker."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: Engine, worker_id: str) -> Iterator[Engine]:
    """A scratch database of this worker with the newest schema, dropped at the end."""
    with ScratchDatabase(postgresql_server, f"oversight_test_{worker_id}_{os.getpid()}") as engine:
        upgrade(engine)
        yield engine


@pytest.fixture
def empty_postgresql(bare_postgresql: Engine) -> Iterator[Engine]:
    """A database without any table, for tests of the migrations and for processes."""
    yield bare_postgresql
    bare_postgresql.dispose()
    with bare_postgresql.begin() as connection:
        # Whoever was killed may not have been missed yet, and would be waited for.
        others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({others}) AS other"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    bare_postgresql.dispose()


@pytest.fixture(scope="session")
def bare_postgresql(postgresql_server: Engine, worker_id: str) -> Iterator[Engine]:
    """What `empty_postgresql` lends to one test after the other: to drop a database takes the server seconds."""
    with ScratchDatabase(postgresql_server, f"oversight_empty_{worker_id}_{os.getpid()}") as engine:
        yield engine


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Engine]:
    """The server that scratch databases are made on; skips where none answers, unless CI says it must."""
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        inspect(server)
    except OperationalError as error:
        reason = f"no PostgreSQL at OVERSIGHT_TEST_POSTGRES ({server.url!r}): {error.orig}"
        pytest.fail(reason) if IS_REQUIRED else pytest.skip(reason)
    yield server
    server.dispose()


class ScratchDatabase:
    """A database for as long as the block lasts."""

    def __init__(self, server: Engine, name: str) -> None:
        self.server, self.name = server, name
        self.engine = open_engine(server.url.set(database=name).render_as_string(hide_password=False))

    def __enter__(self) -> Engine:
        with self.server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {self.name}"))
            # A crash of the server may cost a test its rows; no test is about that.
            connection.execute(text(f"ALTER DATABASE {self.name} SET synchronous_commit = off"))
        return self.engine

    def __exit__(self, *error: object) -> None:
        self.engine.dispose()
        with self.server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)"))


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that takes everything until it is told otherwise."""
    with MailServer() as server:
        yield server
