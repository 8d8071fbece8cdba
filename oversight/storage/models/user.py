"""People who log in, their roles, and their sessions on the server."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.storage.models.base import Base

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class RoleRow(Base):
    """A role: reader, editor or admin."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]

    def get_permissions(self) -> set[str]:
        """What Flask-Security asks of a role: none of ours has permissions of its own."""
        return set()


class UserRow(Base):
    """An account; the pages give it to Flask-Security, which keeps `fs_uniquifier`: its change ends every session.

    `has_shortcuts`: single keys decide in the queue.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    active: Mapped[bool]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    has_shortcuts: Mapped[bool] = mapped_column(default=True, server_default=true())

    roles: Mapped[list[RoleRow]] = relationship(secondary=user_roles, lazy="joined")


class LoginRow(Base):
    """A session on the server; the cookie holds its secret, we hold the hash, and ending it here ends it everywhere."""

    __tablename__ = "logins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FailedLoginRow(Base):
    """A login that failed, or is being looked at; both columns are keyed hashes, kept for minutes (SAFETY E1)."""

    __tablename__ = "failed_logins"
    __table_args__ = (Index("ix_failed_logins_sender_at", "sender", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str]
    account: Mapped[str]
    at: Mapped[datetime]
