"""Opens the database: one recipe for SQLite and PostgreSQL, and the two ways to use a session."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, Update, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import DateTime, TypeDecorator

from oversight.errors import ConfigurationError

Sessions = sessionmaker[Session]
BUSY_TIMEOUT = 10_000
KEPT = "kept"  # where the sessions of one factory find what `kept.py` keeps


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Aware in, aware out; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    # SQLAlchemy's own way to and from SQLite's text took a third of the time of writing a poll: the text is the same.
    def bind_processor(self, dialect: Dialect) -> Any:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_engine(url: str) -> Engine:
    """An engine for `url`; connects to nothing yet. A SQLite file's folder is made with the first connection."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        options = {"options": _without_jit(parsed)}
        return create_engine(url, pool_pre_ping=True, connect_args=options, **COMMON)
    engine = create_engine(url, **COMMON)
    event.listen(engine, "do_connect", _make_folder)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def open_sessions(engine: Engine) -> Sessions:
    """A factory of sessions: `with sessions.begin() as session:` writes, `with reading(sessions)` reads."""
    return sessionmaker(engine, expire_on_commit=False, info={KEPT: {}})


def reading(sessions: Sessions) -> Session:
    """A session for a page or a query: it takes no write lock and ends without a commit."""
    engine: Engine = sessions.kw["bind"]
    return sessions(bind=engine.execution_options(is_reading=True))


class Steps:
    """Many small transactions in a row on one connection; each is one round trip, where the database allows it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        if connection.dialect.name == "postgresql":  # a single statement is a transaction by itself
            connection.execution_options(isolation_level="AUTOCOMMIT")

    def run(self, statements: tuple[Update, ...], values: Mapping[str, Any]) -> int:
        """Run statements of which none sees what the others write, all or none; how many rows the last one wrote."""
        if self._connection.dialect.name == "postgresql":
            return self._connection.execute(_as_one(statements), values).rowcount
        with self._connection.begin():
            return [self._connection.execute(statement, values).rowcount for statement in statements][-1]


@cache
def _as_one(statements: tuple[Update, ...]) -> Update:
    *first, last = statements
    return last.add_cte(*(one.cte(f"step_{place}") for place, one in enumerate(first)))


@contextmanager
def in_steps(sessions: Sessions) -> Iterator[Steps]:
    """Small transactions beside the sessions of this factory."""
    with sessions.kw["bind"].connect() as connection:
        yield Steps(connection)


def is_reading(session: Session) -> bool:
    """Whether this session came from `reading`."""
    return bool(session.get_bind().get_execution_options().get("is_reading", False))


@contextmanager
def one_moment(sessions: Sessions) -> Iterator[Session]:
    """A session that reads, and sees nothing of what others write meanwhile."""
    with reading(sessions) as session:
        if session.get_bind().dialect.name == "postgresql":  # SQLite's transactions are so by themselves
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            "OVERSIGHT_DATABASE_URL is no database address: write sqlite:/// or postgresql://"
        ) from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ConfigurationError(
            f"OVERSIGHT_DATABASE_URL: {parsed.get_backend_name()} is neither sqlite nor postgresql"
        )
    return parsed


def _without_jit(url: URL) -> str:
    """Compiling a query takes PostgreSQL longer than a page's whole query; what the address asks for comes after it."""
    asked = url.query.get("options", ())
    return " ".join(["-c jit=off", *([asked] if isinstance(asked, str) else asked)])


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


# An error is written into the log with its statement; the values of it may be somebody's address (SAFETY D5).
COMMON: dict[str, Any] = {"json_serializer": _to_json, "hide_parameters": True}


def _make_folder(_dialect: object, _record: object, arguments: list[str], _options: object) -> None:
    """Not before the first connection: importing the application leaves no trace (SAFETY A1)."""
    if arguments and not arguments[0].startswith((":", "file:")):
        Path(arguments[0]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: BEGIN IMMEDIATE is ours (SAFETY I1)
    cursor = connection.cursor()
    # secure_delete: what is erased is overwritten, and not only forgotten (SAFETY F6).
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (f"busy_timeout={BUSY_TIMEOUT}", *pragmas):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    is_reading = connection.get_execution_options().get("is_reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


def cut_log(engine: Engine) -> None:
    """Empty SQLite's log of changes, in which deleted rows live on; where somebody reads meanwhile, the next time."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=100")  # nobody is kept waiting for it
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
