"""Counts how often each job ran, failed or was skipped."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.storage.models import JobRow
from oversight.storage.upsert import insert_new


def note_run(session: Session, name: str, *, error: str | None, now: datetime) -> None:
    """Count one run; `error` says how it failed."""
    _count(session, name, runs=1, failures=int(error is not None))
    session.execute(update(JobRow).where(JobRow.name == name).values(last_run_at=now, last_error=error))


def note_skip(session: Session, name: str) -> None:
    """Count one run that did not start because the one before still ran."""
    _count(session, name, skipped=1)


def job_counters(session: Session) -> list[JobRow]:
    """Every job's counters."""
    return list(session.scalars(select(JobRow).order_by(JobRow.name)))


def _count(session: Session, name: str, *, runs: int = 0, failures: int = 0, skipped: int = 0) -> None:
    insert_new(session, JobRow, [{"name": name, "runs": 0, "failures": 0, "skipped": 0}], [JobRow.name])
    session.execute(
        update(JobRow)
        .where(JobRow.name == name)
        .values(runs=JobRow.runs + runs, failures=JobRow.failures + failures, skipped=JobRow.skipped + skipped)
    )
