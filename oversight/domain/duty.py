"""Dated obligations that policies create, and where each stands on a day."""

from dataclasses import dataclass
from datetime import date

from oversight.domain.partial_date import Span, span_of
from oversight.domain.provision import FieldState
from oversight.domain.word import Word


class DutyKind(Word):
    """What is owed."""

    ANNUAL_REPORT = "annual_report", "Annual report"
    PERIODIC_REPORT = "periodic_report", "Monthly, quarterly or half-yearly report"
    INVENTORY = "inventory", "Inventory"
    AUDIT = "audit", "Audit"
    NOTICE = "notice", "Notice"
    POLICY_POSTING = "policy_posting", "Policy made public"
    APPROVAL = "approval", "Approval"
    EXISTING_TECHNOLOGY_REVIEW = "existing_technology_review", "Review of technology already in use"
    REVIEW = "review", "Review of the rule"
    TRAINING = "training", "Training"
    SUNSET = "sunset", "Sunset"


class DutyState(Word):
    """Where a duty stands on a day. Silence is never lateness: that needs a search."""

    RECURRING = "recurring", "Comes back; no single day recorded"
    DUE = "due", "Still to come"
    FILED = "filed", "Filed"
    FILED_IN_TIME = "filed_in_time", "Filed in time"
    FILED_LATE = "filed_late", "Filed late"
    FILED_UNCLEAR = "filed_unclear", "Filed; whether in time is not known"
    OVERDUE = "overdue", "Not filed"
    NOT_RESEARCHED = "not_researched", "Day passed; whether it was filed is not researched"


@dataclass(frozen=True)
class DutyFacts:
    """What the clock needs. `filing`: absent means that somebody looked for the filing and found none."""

    due: str | None
    filed: str | None
    filing: FieldState


@dataclass(frozen=True)
class Clock:
    """The state; `days` are those until it is due, or those it is or was late; None unless all dates are days."""

    state: DutyState
    days: int | None


def clock(duty: DutyFacts, as_of: date) -> Clock:
    """Where the duty stands on that day; a partial due date counts as past only when all of it is."""
    filed = span_of(duty.filed) if duty.filed else None
    is_filed = filed is not None and filed.has_begun(as_of)
    if duty.due is None:
        return Clock(DutyState.FILED if is_filed else DutyState.RECURRING, None)
    due = span_of(duty.due)
    if filed and is_filed:
        return filed_clock(due, filed)
    is_exact = due.first == due.last
    if as_of <= due.last:
        return Clock(DutyState.DUE, (due.last - as_of).days if is_exact else None)
    if filed or duty.filing is FieldState.ABSENT:
        return Clock(DutyState.OVERDUE, (as_of - due.last).days if is_exact else None)
    return Clock(DutyState.NOT_RESEARCHED, None)


def filed_clock(due: Span, filed: Span) -> Clock:
    """Whether a filing came in time, where that holds for every day that both dates may mean."""
    if filed.last <= due.first:
        return Clock(DutyState.FILED_IN_TIME, None)
    if filed.first <= due.last:
        return Clock(DutyState.FILED_UNCLEAR, None)
    is_exact = due.first == due.last and filed.first == filed.last
    return Clock(DutyState.FILED_LATE, (filed.first - due.last).days if is_exact else None)
