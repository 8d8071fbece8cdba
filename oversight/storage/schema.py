"""Which schema a database has, and how it comes to have the newest one."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from oversight.errors import ConfigurationError

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(engine: Engine) -> None:
    """Run every migration that is missing; where none is, nothing is loaded for it."""
    if schema_of(engine) != newest_schema():
        # Not imported above: to load Alembic takes longer than a poll in which nothing has changed.
        import_module("oversight.storage.migrating").migrate(engine, "head")


def require_current(engine: Engine) -> None:
    """Raise ConfigurationError unless the database has exactly this version's schema."""
    present, newest = schema_of(engine), newest_schema()
    if present != newest:
        raise ConfigurationError(
            f"the database is at schema {present or 'none'}, this version needs {newest}: run `flask db upgrade`"
        )


def schema_of(engine: Engine) -> str | None:
    """The last migration that was run; None where none was."""
    with engine.execution_options(is_reading=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        present: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return present


def newest_schema() -> str:
    """The last migration of this version: the number that its file begins with."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]
