"""Dated obligations that policies create, and where each stands on a day."""

from dataclasses import dataclass
from datetime import date

from oversight.domain.partial_date import span_of
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
    FILED = "filed", "Filed in time"
    FILED_LATE = "filed_late", "Filed late"
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
    if duty.due is None:
        return Clock(DutyState.FILED if filed_by(duty, as_of) else DutyState.RECURRING, None)
    due = span_of(duty.due)
    is_exact = due.first == due.last
    if duty.filed and filed_by(duty, as_of):
        filed = span_of(duty.filed)
        if filed.first <= due.last:
            return Clock(DutyState.FILED, None)
        exact = is_exact and filed.first == filed.last
        return Clock(DutyState.FILED_LATE, (filed.first - due.last).days if exact else None)
    if as_of <= due.last:
        return Clock(DutyState.DUE, (due.last - as_of).days if is_exact else None)
    if duty.filed or duty.filing is FieldState.ABSENT:
        return Clock(DutyState.OVERDUE, (as_of - due.last).days if is_exact else None)
    return Clock(DutyState.NOT_RESEARCHED, None)


def filed_by(duty: DutyFacts, as_of: date) -> bool:
    """Whether it had certainly been filed by that day."""
    return duty.filed is not None and span_of(duty.filed).is_over(as_of)
