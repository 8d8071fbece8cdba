"""Runs migrations, and tells where a database differs from the models. Loading Alembic takes longer than most polls."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from oversight.errors import ConfigurationError
from oversight.storage.models import Base
from oversight.storage.schema import MIGRATIONS

ADVISORY_KEY = 0x0FE25164  # any number of our own


def migrate(engine: Engine, revision: str) -> None:
    """Run the migrations up to one of them, in one transaction; a second process waits for the first."""
    with engine.connect() as connection, _sleeping_foreign_keys(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_KEY})
        command.upgrade(_config(connection), revision)
        if connection.dialect.name == "sqlite" and (
            broken := connection.execute(text("PRAGMA foreign_key_check")).all()
        ):
            raise ConfigurationError(f"after the migrations, {len(broken)} rows point at nothing: {broken[0]}")


@contextmanager
def _sleeping_foreign_keys(connection: Connection) -> Iterator[None]:
    """Whoever rebuilds a table in SQLite drops the old one, and every row that hangs on it would go with it.

    https://www.sqlite.org/lang_altertable.html#otheralter; only outside of a transaction can this be said.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def differences(engine: Engine) -> list[str]:
    """What the database lacks or has too much of against the models; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
