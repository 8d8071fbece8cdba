"""Writes that race well on both databases: the unique constraint, or the condition, decides who was first."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Update, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import QueryableAttribute, Session

from oversight.storage.models import Base

# The rows that a session has loaded do not see an UPDATE or a DELETE with this: to look for them costs, and is of use
# only to who reads them afterwards.
UNSEEN: Mapping[str, Any] = {"synchronize_session": False}


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


def insert_all(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, all with the same columns, that break no unique constraint; nothing is asked back: quicker."""
    if rows:
        session.execute(_insert(session)(table.__table__).on_conflict_do_nothing(), list(rows))


def insert_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows, all with the same columns; one that breaks a constraint raises."""
    if rows:
        session.execute(_insert(session)(table.__table__), list(rows))


def insert_selected(session: Session, table: type[Base], row: Mapping[str, Any], conditions: Sequence[Any]) -> int:
    """Insert such a row for each that fits the conditions, unless it breaks a unique constraint; how many went in.

    Values of the row are columns, or the same for all; no row leaves the database.
    """
    columns = table.__table__.c
    values = [
        one if isinstance(one, QueryableAttribute) else literal(one, columns[name].type) for name, one in row.items()
    ]
    statement = _insert(session)(table.__table__).from_select(list(row), select(*values).where(*conditions))
    counted = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return int(getattr(session.execute(counted), "rowcount", 0))


def upsert(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *, key: Sequence[Any]) -> None:
    """Insert the rows, all with the same columns, or overwrite those with the same key."""
    if not rows:
        return
    names = {column.key for column in key}
    statement = _insert(session)(table.__table__)
    fresh: dict[Any, Column[Any]] = {
        name: column for name, column in statement.excluded.items() if name in rows[0] and name not in names
    }
    columns = [column.key for column in key]
    session.execute(statement.on_conflict_do_update(index_elements=columns, set_=fresh), list(rows))


def was_changed(session: Session, statement: Update) -> bool:
    """Run a conditional UPDATE of one row, and say whether it was ours to change."""
    result = session.execute(statement, execution_options=UNSEEN)
    return bool(getattr(result, "rowcount", 0) == 1)


def _insert(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
