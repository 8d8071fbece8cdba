"""Reads and writes of the corrections that visitors ask for."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from oversight.domain.correction import (
    DAY,
    EMAIL_LIFE,
    SENDER_LIFE,
    SPAM_LIFE,
    CorrectionState,
    Counts,
    Report,
    Verdict,
)
from oversight.domain.sender import WINDOW, Sender
from oversight.errors import NotFound
from oversight.storage.models import CorrectionRow
from oversight.storage.upsert import was_changed


def add_correction(session: Session, report: Report, sender: Sender, *, seen_id: int, now: datetime) -> CorrectionRow:
    """Keep a report about the version of the record that was there."""
    row = CorrectionRow(
        entity=report.noun,
        entity_key=report.key,
        seen_id=seen_id,
        field=report.field,
        text=report.text,
        source_url=report.source_url,
        email=report.email,
        sender=sender.address,
        network=sender.network,
        received_at=now,
        state=CorrectionState.OPEN.value,
    )
    session.add(row)
    session.flush()
    return row


def get_correction(session: Session, correction_id: int) -> CorrectionRow:
    """One correction with the version it speaks of and the one that carries it out; raises NotFound."""
    query = select(CorrectionRow).where(CorrectionRow.id == correction_id)
    query = query.options(joinedload(CorrectionRow.seen), joinedload(CorrectionRow.revision))
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("There is no correction of this number.")
    return row


def same_report(session: Session, report: Report, sender: Sender) -> int | None:
    """The number of what this sender has just said in the same words, as who presses a button twice does."""
    query = select(CorrectionRow.id).where(
        CorrectionRow.entity == report.noun,
        CorrectionRow.entity_key == report.key,
        CorrectionRow.state == CorrectionState.OPEN,
        CorrectionRow.text == report.text,
        CorrectionRow.sender.in_((sender.address, sender.earlier_address)),
    )
    return session.scalars(query.limit(1)).one_or_none()


def count_reports(session: Session, report: Report, sender: Sender, *, now: datetime) -> Counts:
    """How much was sent lately; what two send at one moment may both still be counted as the last that goes."""
    is_lately = CorrectionRow.received_at > now - WINDOW
    addresses, networks = (sender.address, sender.earlier_address), (sender.network, sender.earlier_network)
    is_here = (CorrectionRow.entity == report.noun) & (CorrectionRow.entity_key == report.key)
    is_open = CorrectionRow.state == CorrectionState.OPEN
    query = select(
        func.count().filter(is_lately & CorrectionRow.sender.in_(addresses)),
        func.count().filter(is_lately & CorrectionRow.network.in_(networks)),
        func.count().filter(is_here & is_open),
        func.count(),
    ).where(CorrectionRow.received_at > now - DAY)
    return Counts(*session.execute(query).one())


def close_correction(
    session: Session, correction_id: int, state: CorrectionState, verdict: Verdict, *, revision_id: int | None = None
) -> bool:
    """Decide an open correction and erase the address to answer; False where somebody decided it before.

    `revision_id` is the version of the record that carries it out.
    """
    is_open = (CorrectionRow.id == correction_id) & (CorrectionRow.state == CorrectionState.OPEN)
    values = {"state": state.value, "decided_at": verdict.at, "decided_by": verdict.editor, "reason": verdict.reason}
    values |= {"revision_id": revision_id, "email": None}
    return was_changed(session, update(CorrectionRow).where(is_open).values(values))


def open_corrections(session: Session, ids: Iterable[int], *, noun: str, key: str) -> list[CorrectionRow]:
    """Those of these numbers that still wait and are about this thing, the first to come first."""
    query = select(CorrectionRow).where(
        CorrectionRow.id.in_(ids),
        CorrectionRow.state == CorrectionState.OPEN,
        CorrectionRow.entity == noun,
        CorrectionRow.entity_key == key,
    )
    return list(session.scalars(query.order_by(CorrectionRow.id)))


def forget_email(session: Session, email: str) -> None:
    """Erase one address wherever it was left to be answered."""
    session.execute(update(CorrectionRow).where(CorrectionRow.email == email).values(email=None))


def forget_senders(session: Session, *, now: datetime) -> None:
    """Erase what is kept for a limited time: who sent a report, where to answer, and what spam said."""
    late = ((CorrectionRow.sender.is_not(None), CorrectionRow.received_at <= now - SENDER_LIFE, {"sender", "network"}),
            (CorrectionRow.email.is_not(None), CorrectionRow.received_at <= now - EMAIL_LIFE, {"email"}))  # fmt: skip
    for is_kept, is_late, names in late:
        session.execute(update(CorrectionRow).where(is_kept, is_late).values(dict.fromkeys(names)))
    is_old_spam = (CorrectionRow.state == CorrectionState.SPAM) & (CorrectionRow.decided_at <= now - SPAM_LIFE)
    session.execute(update(CorrectionRow).where(is_old_spam).values(text="", source_url=None))
