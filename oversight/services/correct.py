"""Corrections: a visitor reports an error, an editor mends the record or says why not; either is told publicly."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH, clean_text
from oversight.domain.correction import CorrectionState, Report, Verdict, clean_report, refusal
from oversight.domain.sender import Sender
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput, NotAllowed, NotFound, TooMany
from oversight.services.mail_address import mail_address
from oversight.storage.corrections import (
    add_correction,
    close_correction,
    count_reports,
    get_correction,
    same_report,
)
from oversight.storage.models import CorrectionRow, RevisionRow
from oversight.storage.revisions import Change, add_revision, last_revision, revision_at


def read_report(noun: str, key: str, typed: dict[str, str], fields: Collection[str]) -> tuple[Report, dict[str, str]]:
    """What a form says, and what is wrong with it by the name of the form's field."""
    report, faults = clean_report(noun, key, typed, fields)
    try:
        return replace(report, email=mail_address(report.email) if report.email else None), faults
    except InvalidInput as error:
        return report, faults | {"email": str(error)}


def report_error(session: Session, report: Report, sender: Sender, *, now: datetime) -> int:
    """Keep a report for the editors; its number. Sent twice, it is the same report.

    Raises NotFound for a thing that the record does not have, and TooMany.
    """
    newest = last_revision(session, report.noun, report.key)
    if newest is None or is_withdrawn(newest.after):
        raise NotFound("The record has nothing under this name, or has it no more.")
    known = same_report(session, report, sender)
    if known is not None:
        return known
    words = refusal(count_reports(session, report, sender, now=now))
    if words is not None:
        raise TooMany(words)
    return add_correction(session, report, sender, seen_id=newest.id, now=now).id


def accept(session: Session, ids: Sequence[int], revision: RevisionRow, verdict: Verdict) -> None:
    """Close the corrections that this version of their thing carries out; raises NotAllowed if one was decided."""
    for correction_id in sorted(set(ids)):  # in one order, so that two editors never wait for each other
        row = get_correction(session, correction_id)
        if (row.entity, row.entity_key) != (revision.entity, revision.entity_key):
            raise InvalidInput(f"Correction {correction_id} is about something else.")
        _close(session, row, CorrectionState.ACCEPTED, verdict, revision=revision)


def accept_earlier(session: Session, correction_id: int, verdict: Verdict, *, version: int) -> None:
    """Close a correction that a version saved since the report carries out already."""
    row = get_correction(session, correction_id)
    revision = revision_at(session, row.entity, row.entity_key, version)
    if revision is None or version <= row.seen.version:
        raise InvalidInput("Choose a version that was saved after the report.")
    accept(session, [correction_id], revision, verdict)


def decline(session: Session, correction_id: int, verdict: Verdict) -> None:
    """Leave the record as it is; raises InvalidInput without a reason, because it is public."""
    _close(session, get_correction(session, correction_id), CorrectionState.DECLINED, verdict)


def set_aside(session: Session, correction_id: int, *, editor: str, now: datetime) -> None:
    """Close what is no report about the record; it is listed nowhere."""
    verdict = Verdict(editor, "not a report about the record", now)
    _close(session, get_correction(session, correction_id), CorrectionState.SPAM, verdict)


def set_aside_many(session: Session, ids: Collection[int], *, editor: str, now: datetime) -> list[int]:
    """Close several that are no reports; the numbers of those that were decided already, and stay as they are.

    Raises InvalidInput where none is chosen.
    """
    if not ids:
        raise InvalidInput("Nothing is chosen. Tick at least one correction first.")
    left = []
    for correction_id in sorted(set(ids)):  # in one order, so that two editors never wait for each other
        try:
            set_aside(session, correction_id, editor=editor, now=now)
        except (NotAllowed, NotFound):
            left.append(correction_id)
    return left


def _close(
    session: Session,
    row: CorrectionRow,
    state: CorrectionState,
    verdict: Verdict,
    *,
    revision: RevisionRow | None = None,
) -> None:
    reason = clean_text(verdict.reason, REASON_LENGTH)
    if not reason:
        raise InvalidInput("Say in a few words why; it is shown publicly.")
    verdict = replace(verdict, reason=reason)
    if not close_correction(session, row.id, state, verdict, revision_id=revision.id if revision else None):
        raise NotAllowed("Somebody else has decided this correction a moment ago.")
    about = {"entity": row.entity, "key": row.entity_key}
    change = Change(
        entity="correction",
        key=str(row.id),
        before={"state": CorrectionState.OPEN.value},
        after={"state": state.value, "version": revision.version if revision else None} | about,
        actor=verdict.editor,
        reason=reason,
        sources=tuple(revision.sources) if revision else (),
    )
    add_revision(session, change, at=verdict.at)
