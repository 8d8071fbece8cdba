"""What comes back of our mails: addresses that take none, and people who want none, are written to no more."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.bounce import Verdict, read_report, verdict_of
from oversight.domain.sign_up import address_hash
from oversight.domain.suppression import SOFT_DAYS, Suppression
from oversight.services.mail_address import mail_address
from oversight.services.subscribe import end, unsubscribe
from oversight.storage.bounces import complaints_since, drop_mailed_links, find_recipient, note_return
from oversight.storage.models import SubscriberRow
from oversight.storage.subscriptions import find_subscriber, subscriptions_of
from oversight.storage.suppressions import add_suppression, lift_suppression, note_soft_bounce, suppressed

log = logging.getLogger(__name__)
REASONS = {Verdict.DEAD: Suppression.BOUNCED, Verdict.COMPLAINT: Suppression.COMPLAINT}
COMPLAINT_WINDOW = timedelta(days=30)
MOST_COMPLAINTS = 0.001  # of the mails sent (SAFETY G9)


def take_bounce(session: Session, raw: bytes, *, secret_key: str, now: datetime) -> Verdict | None:
    """Read a mail that came back and do what follows; what it said, or None where it is about no mail of ours."""
    report = read_report(raw)
    if report.verdict is Verdict.LEAVES:
        return report.verdict if unsubscribe(session, report.token, everything=False, now=now) else None
    for key in report.keys:
        person = find_recipient(session, key)
        if person is not None and person.email is not None:
            note_return(session, key, f"came back: {report.verdict.label} {report.status}".strip())
            judge(session, person, report.verdict, secret_key=secret_key, now=now)
            if report.verdict is Verdict.OURS:
                log.critical("message %s was refused for what we are or wrote: %s", key, report.status)
            return report.verdict
    return None


def judge(session: Session, person: SubscriberRow, verdict: Verdict, *, secret_key: str, now: datetime) -> None:
    """What follows for an address from what was said of it (SAFETY F8)."""
    reason = REASONS.get(verdict)
    hashed = address_hash(person.address, secret=secret_key)
    if verdict is Verdict.SOFT and note_soft_bounce(session, hashed, day=now.date()) >= SOFT_DAYS:
        reason = Suppression.SOFT
    if reason is None:
        return
    add_suppression(session, hashed, reason, now=now)
    for row in subscriptions_of(session, person.id):
        end(session, row, now=now)
    drop_mailed_links(session, person.id)
    if reason is Suppression.COMPLAINT:
        _watch_complaints(session, now)


def take_refusal(session: Session, email: str, status: str, *, secret_key: str, now: datetime) -> None:
    """A server refused an address for good, or for so long that we gave up: as if it had come back with this status."""
    person = find_subscriber(session, email)
    verdict = verdict_of(status)
    if verdict is Verdict.OURS:
        log.critical("a mail was refused for what we are or wrote: %s", status)
    if person is not None:
        judge(session, person, verdict, secret_key=secret_key, now=now)


def stop_suppressed(session: Session, emails: Collection[str], *, secret_key: str, now: datetime) -> set[str]:
    """End what those follow that are not written to, should it live: in an older copy of the data, restored.

    Returns whom of these addresses that stopped.
    """
    stopped: set[str] = set()
    hashed = {address_hash(email, secret=secret_key): email for email in emails}
    for row in suppressed(session, hashed):
        person = find_subscriber(session, hashed[row.address_hash])
        if person is not None and (row.reason != Suppression.ERASED or person.created_at <= row.at):
            stopped.add(hashed[row.address_hash])
            for followed in subscriptions_of(session, person.id):
                end(session, followed, now=now)
    return stopped


def write_again(session: Session, email: str, *, secret_key: str) -> Suppression | None:
    """Lift what keeps an address from being written to; why it was, or None where nothing did."""
    return lift_suppression(session, address_hash(mail_address(email), secret=secret_key))


def _watch_complaints(session: Session, now: datetime) -> None:
    session.flush()
    complaints, sent = complaints_since(session, now - COMPLAINT_WINDOW)
    if complaints > sent * MOST_COMPLAINTS:
        log.critical("%s complaints about %s mails in 30 days: more than one in a thousand", complaints, sent)
