"""Accounts, and sessions that can be ended on the server, whatever a browser still holds (SAFETY E2)."""

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.errors import InvalidInput
from oversight.storage.models import UserRow
from oversight.storage.users import end_logins, find_login, find_user, get_role, start_login

MINIMUM_PASSWORD_LENGTH = 12
IDLE_LIFE = timedelta(hours=12)
WHOLE_LIFE = timedelta(days=7)


def create_user(session: Session, email: str, password: str, *, role: Role, now: datetime) -> UserRow:
    """Add an account; raises InvalidInput for a taken or bad address and for a short password."""
    try:
        address = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidInput(f"{email}: {error}") from error
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        raise InvalidInput(f"the password must have at least {MINIMUM_PASSWORD_LENGTH} characters")
    if find_user(session, address) is not None:
        raise InvalidInput(f"{address} has an account already")
    user = UserRow(
        email=address,
        password=PasswordHasher().hash(password),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
        roles=[get_role(session, role.value, role.label)],
    )
    session.add(user)
    session.flush()
    return user


def begin_login(session: Session, user_id: int, *, now: datetime) -> str:
    """Start a session on the server; the token that the browser's cookie must hold."""
    token = secrets.token_urlsafe(32)
    start_login(session, user_id, hash_of(token), now=now)
    return token


def login_to_touch(session: Session, token: str, *, user_id: int, now: datetime) -> int | None:
    """The id of the session with this token, if it is the user's and still good; otherwise None."""
    row = find_login(session, hash_of(token))
    if row is None or row.user_id != user_id or row.ended_at is not None:
        return None
    is_fresh = now - row.seen_at <= IDLE_LIFE and now - row.started_at <= WHOLE_LIFE
    return row.id if is_fresh else None


def end_login(session: Session, token: str, *, now: datetime) -> None:
    """End one session."""
    end_logins(session, now=now, token_hash=hash_of(token))


def hash_of(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
