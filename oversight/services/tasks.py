"""The editors' tasks as they are now, and putting one off with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from oversight.domain.cleaning import REASON_LENGTH
from oversight.domain.duty import DutyFacts, DutyKind
from oversight.domain.local_time import day_not_over
from oversight.domain.outcome_look import finding
from oversight.domain.policy_standing import PolicyStep
from oversight.domain.provision import FieldState
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.task import (
    Subject,
    Task,
    contradiction_task,
    effect_task,
    filing_task,
    in_order,
    outcome_task,
    source_task,
)
from oversight.errors import InvalidInput
from oversight.services.coverage import records_outcomes
from oversight.storage.models import SnoozeRow
from oversight.storage.queries.sources import certainty
from oversight.storage.queries.tasks import (
    claims_by_field,
    deployments_in_use,
    duties_not_researched,
    meetings_without_outcome,
    policy_steps,
    snoozes,
)
from oversight.storage.upsert import upsert
from oversight.vocabulary.labels import Labels

DAYS = (7, 30, 90, 365)


@dataclass(frozen=True)
class Tasks:
    """What is to be done now, and what was put off, with who did so and why."""

    open: list[Task]
    snoozed: list[tuple[Task, SnoozeRow]]


def all_tasks(session: Session, names: Labels, *, now: datetime) -> Tasks:
    """Every task; `names` are the labels of technologies."""
    found = in_order([*_outcomes(session, now), *_of_policies(session, now), *_of_deployments(session, names, now)])
    put_off = snoozes(session, today=now.date())
    return Tasks(
        [task for task in found if task.key not in put_off],
        [(task, put_off[task.key]) for task in found if task.key in put_off],
    )


@dataclass(frozen=True)
class Snooze:
    """Not now: which task, for how many days, why, and who says so."""

    task: str
    days: int
    reason: str
    actor: str


def put_off(session: Session, asked: Snooze, *, now: datetime) -> None:
    """Do not show a task for a while; raises InvalidInput without a reason, or for another span than those offered."""
    if asked.days not in DAYS or not asked.task or len(asked.task) > REASON_LENGTH:
        raise InvalidInput("The form does not say what to put off, or for how long.")
    if not asked.reason.strip():
        raise InvalidInput("Say in a few words why not now.")
    row = {
        "task": asked.task,
        "until": now.date() + timedelta(days=asked.days),
        "reason": asked.reason.strip()[:REASON_LENGTH],
        "actor": asked.actor,
        "at": now,
    }
    upsert(session, SnoozeRow, [row], key=[SnoozeRow.task])


def wake(session: Session, task: str) -> None:
    """Show a task again that was put off."""
    row = session.get(SnoozeRow, task)
    if row is not None:
        session.delete(row)


def _outcomes(session: Session, now: datetime) -> Iterator[Task | None]:
    """One for each matter, of its last meeting; the rows come with the newest first."""
    seen = set()
    for row in meetings_without_outcome(session, today=day_not_over(None, now)):
        thing = f"matter-{row.matter_id}" if row.matter_id else f"mention-{row.id}"
        if thing in seen:
            continue
        seen.add(thing)
        place = row.places[0]["name"] if row.places else None
        name = f"{row.file}: {row.title}" if row.file and not row.title.startswith(row.file) else row.title
        found = finding(outcome=None, looked_at=row.outcome_looked_at, records_outcomes=records_outcomes(row.platform))
        subject = Subject("mention", str(row.id), name or "(no title)", place)
        yield outcome_task(subject, thing=thing, body=row.body, day=row.date, found=found)


def _of_policies(session: Session, now: datetime) -> Iterator[Task | None]:
    for (key, title, place), rows in groupby(policy_steps(session), key=lambda row: tuple(row[:3])):
        steps = (row[3] for row in rows)
        history = [PolicyStep(LegalStatus(step.status), step.date, certainty(step.certainty)) for step in steps]
        yield effect_task(Subject("policy", key, title, place), history)
    for key, title, place, duty in duties_not_researched(session):
        facts = DutyFacts(duty.due, duty.filed, FieldState(duty.filing))
        yield filing_task(Subject("policy", key, title, place), DutyKind(duty.kind), facts, now.date())


def _of_deployments(session: Session, names: Labels, now: datetime) -> Iterator[Task | None]:
    for row in deployments_in_use(session):
        name = f"{names[row.technology]}: {row.agency}"
        yield source_task(
            Subject("deployment", row.key, name, row.place), UseStatus(row.status), row.newest, now.date()
        )
    for row in claims_by_field(session):
        if row.policy:
            subject = Subject("policy", row.policy, row.title, None)
        else:
            subject = Subject("deployment", row.deployment, f"{names[row.technology]}: {row.agency}", None)
        yield contradiction_task(subject, row.field, values=row.values_claimed, is_followed=row.followed > 0)
