"""What an editor could find out next: derived from the record and the watch, and done as soon as they say so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oversight.domain.duty import DutyFacts, DutyKind, DutyState, clock
from oversight.domain.outcome_look import Finding
from oversight.domain.partial_date import span_of
from oversight.domain.policy_standing import PolicyStep
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.use_status import IN_USE
from oversight.domain.word import Word

FRESH_YEARS = 2
FRESH = timedelta(days=FRESH_YEARS * 365)


class TaskKind(Word):
    """What is to be done."""

    OUTCOME = "outcome", "Find the outcome"
    EFFECT = "effect", "Find the day it took effect"
    FILING = "filing", "Find out whether it was filed"
    SOURCE = "source", "Find a newer source"
    CONTRADICTION = "contradiction", "Decide which claim the record follows"


@dataclass(frozen=True)
class Subject:
    """What a task is about: the noun and the key of its page, its name, and where it is."""

    noun: str
    key: str
    name: str
    place: str | None


@dataclass(frozen=True)
class Task:
    """One task; `key` stays the same for as long as it is the same task. `since` is a partial date."""

    kind: TaskKind
    key: str
    subject: Subject
    reason: str
    since: str | None


def outcome_task(subject: Subject, *, thing: str, body: str | None, day: date, found: Finding) -> Task | None:
    """For a matter whose last meeting is over: its outcome, unless that is recorded. `thing` names the business."""
    if found is Finding.RECORDED:
        return None
    where = f"{body or 'the body'} met on {day.isoformat()}"
    key = f"{TaskKind.OUTCOME}:{thing}:{day.isoformat()}"
    return Task(TaskKind.OUTCOME, key, subject, f"{where}; {_lower(found.label)}", day.isoformat())


def effect_task(subject: Subject, history: Sequence[PolicyStep]) -> Task | None:
    """For a policy that was adopted and stands: its day of effect, unless that is recorded."""
    adopted = next((step for step in history if step.status is LegalStatus.ADOPTED), None)
    stands = history and history[-1].status in (LegalStatus.ADOPTED, LegalStatus.EFFECTIVE, LegalStatus.AMENDED)
    is_dated = any(step.status is LegalStatus.EFFECTIVE and step.date for step in history)
    if adopted is None or not stands or is_dated:
        return None
    reason = f"adopted {adopted.date or 'on a day not known'}; no day of effect is recorded"
    return Task(TaskKind.EFFECT, f"{TaskKind.EFFECT}:{subject.key}", subject, reason, adopted.date)


def filing_task(subject: Subject, kind: DutyKind, duty: DutyFacts, today: date) -> Task | None:
    """For a duty whose day has passed: whether it was filed, unless somebody looked."""
    if clock(duty, today).state is not DutyState.NOT_RESEARCHED:
        return None
    key = f"{TaskKind.FILING}:{subject.key}:{kind}:{duty.due}"
    reason = f"{_lower(kind.label)} was due {duty.due}; nobody has looked for it"
    return Task(TaskKind.FILING, key, subject, reason, duty.due)


def source_task(subject: Subject, status: UseStatus, newest: str | None, today: date) -> Task | None:
    """For a deployment in use: a source younger than two years, unless one is cited."""
    if status not in IN_USE or (newest and span_of(newest).last >= today - FRESH):
        return None
    age = f"its newest source is of {newest}" if newest else "none of its sources has a date"
    reason = f"{_lower(status.label)}, and {age}; is it still?"
    return Task(TaskKind.SOURCE, f"{TaskKind.SOURCE}:{subject.key}:{newest}", subject, reason, newest)


def contradiction_task(subject: Subject, field: str, *, values: int, is_followed: bool) -> Task | None:
    """For a field about which the parties do not say the same: which claim the record follows."""
    if values < 2 or is_followed:
        return None
    reason = f"{values} different claims about {field.replace('_', ' ')}, and the record follows none"
    return Task(TaskKind.CONTRADICTION, f"{TaskKind.CONTRADICTION}:{subject.key}:{field}", subject, reason, None)


def in_order(tasks: Iterable[Task | None]) -> list[Task]:
    """The tasks there are, by kind, and those first that have waited longest."""
    kinds = list(TaskKind)
    known = [task for task in tasks if task]
    return sorted(known, key=lambda task: (kinds.index(task.kind), task.since or "9", task.subject.name, task.key))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
