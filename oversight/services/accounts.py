"""Accounts, and sessions that can be ended on the server, whatever a browser still holds (SAFETY E2)."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.domain.fingerprint import digest
from oversight.domain.password import fault_of_password, normal_password
from oversight.errors import InvalidInput, NotFound
from oversight.storage.models import UserRow
from oversight.storage.users import end_logins, find_login, find_user, get_role, start_login

IDLE_LIFE = timedelta(hours=12)
WHOLE_LIFE = timedelta(days=7)


def create_user(session: Session, email: str, password: str, *, role: Role, now: datetime) -> UserRow:
    """Add an account; raises InvalidInput for a taken or bad address and for a password that is easily guessed."""
    try:
        # No mail goes to an account: the address is its name, and may end in .test where a site is tried out.
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
        address = checked.normalized.lower()
    except EmailNotValidError as error:
        raise InvalidInput(f"{email}: {error}") from error
    if fault := fault_of_password(password, address):
        raise InvalidInput(fault)
    if find_user(session, address) is not None:
        raise InvalidInput(f"{address} has an account already")
    user = UserRow(
        email=address,
        password=PasswordHasher().hash(normal_password(password)),
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=now,
        roles=[get_role(session, role.value, role.label)],
    )
    session.add(user)
    session.flush()
    return user


def disable_user(session: Session, email: str, *, now: datetime) -> None:
    """Close an account and end every session of it; raises NotFound."""
    _set_active(session, email, is_active=False, now=now)


def enable_user(session: Session, email: str, *, now: datetime) -> None:
    """Open an account again; raises NotFound. A session that began as it was being closed does not come back."""
    _set_active(session, email, is_active=True, now=now)


def _set_active(session: Session, email: str, *, is_active: bool, now: datetime) -> None:
    user = find_user(session, email.strip().lower())
    if user is None:
        raise NotFound(f"{email} has no account")
    user.active = is_active
    end_logins(session, now=now, user_id=user.id)


def begin_login(session: Session, user_id: int, *, now: datetime) -> str:
    """Start a session on the server; the token that the browser's cookie must hold."""
    token = secrets.token_urlsafe(32)
    start_login(session, user_id, digest(token), now=now)
    return token


def login_to_touch(session: Session, token: str, *, user_id: int, now: datetime) -> int | None:
    """The id of the session with this token, if it is the user's and still good; otherwise None."""
    row = find_login(session, digest(token))
    if row is None or row.user_id != user_id or row.ended_at is not None:
        return None
    is_fresh = now - row.seen_at <= IDLE_LIFE and now - row.started_at <= WHOLE_LIFE
    return row.id if is_fresh else None


def end_login(session: Session, token: str, *, now: datetime) -> None:
    """End one session."""
    end_logins(session, now=now, token_hash=digest(token))
