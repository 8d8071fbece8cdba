"""Counts logins that failed."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from oversight.domain.login_limit import WINDOW, is_closed
from oversight.domain.sender import Sender
from oversight.storage.models import FailedLoginRow


def note_attempt(session: Session, sender: Sender, account: str, *, now: datetime) -> int:
    """Count a login as failed before its password is looked at; its number, to take it back where it was right.

    Whoever counts after this was committed counts every attempt that began before: several at once gain nothing.
    """
    row = FailedLoginRow(sender=sender.address, account=account, at=now)
    session.add(row)
    session.flush()
    return row.id


def is_login_closed(session: Session, sender: Sender, account: str, *, now: datetime) -> bool:
    """Whether so many failed lately that this one, which is counted already, is not looked at."""
    query = select(func.count().filter(FailedLoginRow.account == account), func.count()).where(
        FailedLoginRow.sender.in_((sender.address, sender.earlier_address)), FailedLoginRow.at > now - WINDOW
    )
    return is_closed(*session.execute(query).one())


def take_back(session: Session, attempt_id: int) -> None:
    """Count an attempt no more: it was right, or was not looked at."""
    session.execute(delete(FailedLoginRow).where(FailedLoginRow.id == attempt_id))


def forget_failed_logins(session: Session, *, now: datetime) -> None:
    """Forget what is counted no more."""
    session.execute(delete(FailedLoginRow).where(FailedLoginRow.at <= now - WINDOW))
