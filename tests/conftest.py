"""Fixtures for every test: both databases made by the real migrations, settings, a clock, the shared folder."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions
from oversight.storage.models import Base
from oversight.storage.schema import upgrade
from tests.factories import NOW
from tests.fakes import FixedClock
from tests.mailserver import MailServer

POSTGRES = os.environ.get("OVERSIGHT_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
IS_REQUIRED = os.environ.get("CI_REQUIRE_POSTGRES") == "1"
SHARED = Path(__file__).parents[2] / "shared"
BOTH = ("sqlite", "postgresql")


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


def empty_tables(connection) -> None:
    """Empty the tables with rows in them; cutting the full ones only is much faster than cutting all."""
    names = [table.name for table in Base.metadata.sorted_tables]
    asked = ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names)
    found = connection.execute(text(f"SELECT {asked}")).one()
    full = [name for name, has_rows in zip(names, found, strict=True) if has_rows]
    if full:
        # The history refuses to be emptied; a test's server lets us ask it not to look.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {', '.join(full)} RESTART IDENTITY CASCADE"))


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
def empty_postgresql(postgresql_server: Engine, worker_id: str) -> Iterator[Engine]:
    """A scratch database without any table, for tests of the migrations."""
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
