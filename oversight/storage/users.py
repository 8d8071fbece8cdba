"""Reads and writes of accounts and of their sessions on the server."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.storage.models import LoginRow, RoleRow, UserRow
from oversight.storage.upsert import insert_new


def find_user(session: Session, email: str) -> UserRow | None:
    """The account with this address, which is lower case."""
    return session.scalars(select(UserRow).where(UserRow.email == email)).unique().one_or_none()


def all_users(session: Session) -> list[UserRow]:
    """Every account."""
    return list(session.scalars(select(UserRow).order_by(UserRow.email)).unique())


def set_shortcuts(session: Session, user_id: int, *, is_on: bool) -> None:
    """Switch the single keys of the queue on or off for an account."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(has_shortcuts=is_on))


def get_role(session: Session, name: str, description: str) -> RoleRow:
    """The role of this name, made where it is new."""
    insert_new(session, RoleRow, [{"name": name, "description": description}], [RoleRow.id])
    return session.scalars(select(RoleRow).where(RoleRow.name == name)).one()


def start_login(session: Session, user_id: int, token_hash: str, *, now: datetime) -> None:
    """Note that a session began."""
    session.add(LoginRow(user_id=user_id, token_hash=token_hash, started_at=now, seen_at=now))


def find_login(session: Session, token_hash: str) -> LoginRow | None:
    """The session with this token, ended or not."""
    return session.scalars(select(LoginRow).where(LoginRow.token_hash == token_hash)).one_or_none()


def touch_login(session: Session, login_id: int, *, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(LoginRow).where(LoginRow.id == login_id).values(seen_at=now))


def end_logins(session: Session, *, now: datetime, token_hash: str | None = None, user_id: int | None = None) -> None:
    """End one session, or every session of an account."""
    which = LoginRow.token_hash == token_hash if token_hash else LoginRow.user_id == user_id
    session.execute(update(LoginRow).where(which, LoginRow.ended_at.is_(None)).values(ended_at=now))


def keep_password(session: Session, user_id: int, password: str) -> None:
    """Replace the hash of an account's password."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(password=password))
