"""Writes matters and the steps that bodies took with them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.matter_stage import stage_of
from oversight.domain.reading import Matter, MatterStep
from oversight.errors import NotFound
from oversight.storage.batches import in_batches
from oversight.storage.models import FeedRow, MatterRow, MatterStepRow
from oversight.storage.upsert import insert_new, upsert

StepKey = tuple[int, str]
"""A step's matter and its uid."""


def save_matters(session: Session, feed: FeedRow, matters: Sequence[Matter], *, now: datetime) -> dict[str, int]:
    """Add new matters and bring known ones up to date; the row of each file number."""
    if feed.jurisdiction is None:
        return {}
    said = {matter.file: matter for matter in matters}
    known = _known(session, feed.jurisdiction, list(said))
    about = {"jurisdiction": feed.jurisdiction, "first_seen_at": now, "is_watched": False}
    # One order for all: two feeds of a jurisdiction must not lock crosswise.
    fresh = [asdict(said[file]) | about for file in sorted(said) if file not in known]
    insert_new(session, MatterRow, fresh, [MatterRow.id])
    for file in sorted(known):
        row, matter = known[file], said[file]
        for name in ("title", "type", "status", "url"):
            value = getattr(matter, name)
            if value and value != getattr(row, name):
                setattr(row, name, value)
    session.flush()
    return matter_ids(session, feed.jurisdiction, list(said))


def matter_ids(session: Session, jurisdiction: str, files: Sequence[str]) -> dict[str, int]:
    """The row of each file number of a jurisdiction that is known."""
    return {file: row.id for file, row in _known(session, jurisdiction, files).items()}


def save_steps(
    session: Session, feed: FeedRow, steps: Sequence[MatterStep], matters: Mapping[str, int]
) -> list[StepKey]:
    """Add and bring up to date what bodies did; the steps that are new, or of another stage than was known.

    Steps of matters that nobody named are left out.
    """
    rows = {
        (matters[step.matter_file], step.uid): {
            "matter_id": matters[step.matter_file],
            "feed_id": feed.id,
            "uid": step.uid,
            "date": step.date,
            "body": step.body,
            "action": step.action,
            "outcome": step.outcome,
            "votes": step.votes,
            "stage": stage_of(step.action, step.outcome).value,
        }
        for step in steps
        if step.matter_file in matters
    }
    key = [MatterStepRow.matter_id, MatterStepRow.uid]
    known = _stages(session, sorted({matter_id for matter_id, _ in rows}))
    upsert(session, MatterStepRow, [rows[one] for one in sorted(rows)], key=key)
    return [one for one in sorted(rows) if known.get(one) != rows[one]["stage"]]


def get_matter(session: Session, matter_id: int) -> MatterRow:
    """The matter; raises NotFound."""
    row = session.get(MatterRow, matter_id)
    if row is None:
        raise NotFound(f"There is no matter {matter_id}.")
    return row


def _stages(session: Session, matter_ids: Sequence[int]) -> dict[StepKey, str]:
    found: dict[StepKey, str] = {}
    for some in in_batches(matter_ids):
        query = select(MatterStepRow.matter_id, MatterStepRow.uid, MatterStepRow.stage)
        query = query.where(MatterStepRow.matter_id.in_(some))
        found |= {(matter_id, uid): stage for matter_id, uid, stage in session.execute(query)}
    return found


def _known(session: Session, jurisdiction: str, files: Sequence[str]) -> dict[str, MatterRow]:
    found: dict[str, MatterRow] = {}
    for some in in_batches(files):
        query = select(MatterRow).where(MatterRow.jurisdiction == jurisdiction, MatterRow.file.in_(some))
        found |= {row.file: row for row in session.scalars(query)}
    return found
