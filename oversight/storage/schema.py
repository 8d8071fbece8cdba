"""Brings a database to the newest schema, and tells where it differs from the models."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from oversight.errors import ConfigurationError
from oversight.storage.models import Base

ADVISORY_KEY = 0x0FE25164  # any number of our own
MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(engine: Engine) -> None:
    """Run every migration that is missing, in one transaction; a second process waits for the first."""
    migrate(engine, "head")


def migrate(engine: Engine, revision: str) -> None:
    """Run the migrations up to one of them."""
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


def require_current(engine: Engine) -> None:
    """Raise ConfigurationError unless the database has exactly this version's schema."""
    newest = ScriptDirectory.from_config(_config(None)).get_current_head()
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present != newest:
        raise ConfigurationError(
            f"the database is at schema {present or 'none'}, this version needs {newest}: run `flask db upgrade`"
        )


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
