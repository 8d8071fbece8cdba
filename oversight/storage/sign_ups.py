"""Counts forms and the mails they cause."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from oversight.domain.sender import FROM_ONE_ADDRESS, FROM_ONE_NETWORK, WINDOW, Sender
from oversight.domain.sign_up import MEMORY, next_mail_at
from oversight.domain.subscription import Purpose
from oversight.storage.models import MailedPersonRow, SignUpRow
from oversight.storage.upsert import insert_new


def note_form(session: Session, sender: Sender, *, now: datetime) -> bool:
    """Count one form; False where so many came from there that it is to be left aside."""
    addresses, networks = (sender.address, sender.earlier_address), (sender.network, sender.earlier_network)
    query = select(
        func.count().filter(SignUpRow.sender.in_(addresses)), func.count().filter(SignUpRow.network.in_(networks))
    )
    from_address, from_network = session.execute(query.where(SignUpRow.at > now - WINDOW)).one()
    if from_address >= FROM_ONE_ADDRESS or from_network >= FROM_ONE_NETWORK:
        return False
    session.add(SignUpRow(sender=sender.address, network=sender.network, at=now))
    return True


def take_mail(session: Session, person: str, purpose: Purpose, *, now: datetime) -> datetime | None:
    """Count one mail to a person; when it may go, or None where it may not. Two at once wait for each other."""
    new = {"person": person, "mailed_at": [], "last_at": now}
    insert_new(session, MailedPersonRow, [new], [MailedPersonRow.person])
    query = select(MailedPersonRow).where(MailedPersonRow.person == person).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one()
    mailed = sorted(datetime.fromisoformat(one) for one in row.mailed_at)
    due_at = next_mail_at(mailed, purpose, now=now)
    if due_at is not None:
        kept = [one for one in mailed if one > now - MEMORY]
        row.mailed_at = [one.isoformat() for one in (*kept, due_at)]
        row.last_at = due_at
    return due_at


def forget_person(session: Session, person: str) -> None:
    """Forget when a person was written to."""
    session.execute(delete(MailedPersonRow).where(MailedPersonRow.person == person))


def forget_old(session: Session, *, now: datetime) -> None:
    """Forget what is counted no more."""
    session.execute(delete(SignUpRow).where(SignUpRow.at <= now - WINDOW))
    session.execute(delete(MailedPersonRow).where(MailedPersonRow.last_at <= now - MEMORY))
