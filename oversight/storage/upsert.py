"""Writes that race well on both databases: the unique constraint, or the condition, decides who was first."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from oversight.storage.models import Base

CHUNK = 500  # SQLite takes 32,766 values a statement


def insert_new(
    session: Session, table: type[Base], rows: Sequence[dict[str, Any]], returning: Sequence[Any]
) -> list[Any]:
    """Insert the rows, all with the same columns, that break no unique constraint; the asked columns of those that
    went in.
    """
    if not rows:
        return []
    # The table and not the entity: one compiled statement for any number of rows, without the entity's bookkeeping.
    statement = _insert(session)(table.__table__).on_conflict_do_nothing().returning(*returning)
    return list(session.execute(statement, list(rows)))


def upsert(
    session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *, key: Sequence[Any], returning: Sequence[Any]
) -> list[Any]:
    """Insert the rows, or overwrite those with the same key; the asked columns of all of them."""
    found: list[Any] = []
    names = {column.key for column in key}
    for chunk in _chunks(rows):
        statement = _insert(session)(table).values(list(chunk))
        fresh: dict[Any, Column[Any]] = {
            name: column for name, column in statement.excluded.items() if name in chunk[0] and name not in names
        }
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=fresh).returning(*returning)
        found.extend(session.execute(statement))
    return found


def was_changed(session: Session, statement: Update) -> bool:
    """Run a conditional UPDATE of one row, and say whether it was ours to change."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return bool(getattr(result, "rowcount", 0) == 1)


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
