"""Tests of storage/schema.py, of storage/migrating.py and of the migrations."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, MetaData, inspect, text
from sqlalchemy.types import TypeEngine

from oversight.errors import ConfigurationError
from oversight.storage.migrating import differences, migrate
from oversight.storage.models import Base
from oversight.storage.schema import newest_schema, require_current, schema_of, upgrade
from tests.factories import NOW


def test_migrations_from_empty_make_what_the_models_say(empty: Engine) -> None:
    upgrade(empty)
    assert differences(empty) == []
    assert set(Base.metadata.tables) <= set(inspect(empty).get_table_names())


def test_migrating_keeps_what_hangs_on_a_rebuilt_table(empty: Engine) -> None:
    migrate(empty, "0002")
    add_old_rows(empty, ["feeds", "items", "mentions", "mention_technologies"])
    upgrade(empty)
    with empty.connect() as connection:
        counts = "SELECT (SELECT count(*) FROM mentions), (SELECT count(*) FROM mention_technologies)"
        assert connection.execute(text(counts)).one() == (1, 1)
        connection.execute(text("DELETE FROM feeds"))
        assert connection.execute(text(counts)).one() == (0, 0)


def add_old_rows(engine: Engine, names: list[str]) -> None:
    """One row of each table, every key of it 1, as an earlier version could have written it."""
    tables = MetaData()
    tables.reflect(engine, only=names)
    known = {"kind": "news", "state": "pending", "places": [], "technology": "alpr"}
    with engine.begin() as connection:
        for name in names:
            columns = [one for one in tables.tables[name].columns if not one.nullable]
            connection.execute(
                tables.tables[name].insert(), {one.name: known.get(one.name, valid(one.type)) for one in columns}
            )


def valid(kind: TypeEngine[object]) -> object:
    """A value that a column of this type takes."""
    return {str: "x", datetime: NOW, dict: []}.get(kind.python_type, 1)


def test_upgrading_twice_changes_nothing(empty: Engine) -> None:
    upgrade(empty)
    upgrade(empty)
    require_current(empty)


def test_a_schema_is_named_by_its_last_migration(empty: Engine) -> None:
    assert schema_of(empty) is None
    migrate(empty, "0002")
    assert schema_of(empty) == "0002"
    migrate(empty, "head")
    assert schema_of(empty) == newest_schema()


def test_a_database_without_schema_is_refused(empty: Engine) -> None:
    with pytest.raises(ConfigurationError, match="flask db upgrade"):
        require_current(empty)


def test_a_database_of_a_later_version_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(ConfigurationError, match="9999"):
            require_current(engine)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")


def test_checks_of_the_models_are_in_the_database(engine: Engine) -> None:
    named = {
        (table.name, check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if check.__visit_name__ == "check_constraint"
    }
    inspector = inspect(engine)
    found = {
        (table, check["name"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }
    assert named <= found
