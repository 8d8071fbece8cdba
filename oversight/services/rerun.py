"""Looks what another version of the detector would change about stored items; nothing is changed by looking."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oversight.children import ChildPool
from oversight.domain.lease import Lease
from oversight.domain.mention import Detection, MentionState
from oversight.domain.rerun import Difference, RunState, compare
from oversight.errors import NotAllowed
from oversight.services.process import is_dead, new_lease
from oversight.services.rematch import rematch_all
from oversight.storage.archive import Archived, Scope, archived_after, measure
from oversight.storage.detector_runs import Claimant, advance_run, begin_run, release_run, save_change, take_run
from oversight.storage.engine import Sessions, reading
from oversight.storage.feeds import get_feed
from oversight.storage.mentions import detected_values
from oversight.storage.models import DetectorRunRow

BATCH = 500


@dataclass(frozen=True)
class Rerun:
    """What a rerun needs: the database, the children that match, the version that they match with, and the time."""

    sessions: Sessions
    children: ChildPool
    version: str
    now: Callable[[], datetime]
    batch: int = BATCH
    stop: threading.Event = field(default_factory=threading.Event)
    lease: Lease = field(default_factory=new_lease)

    @property
    def claimant(self) -> Claimant:
        """Who wants a run, at this moment."""
        return Claimant(self.lease, is_dead, self.now())


def begin(rerun: Rerun, *, feed: str | None = None, since: datetime | None = None) -> DetectorRunRow:
    """A new run over what is stored now; raises NotFound for an unknown feed, NotAllowed while another one runs."""
    with rerun.sessions.begin() as session:
        feed_id = get_feed(session, feed).id if feed else None
        scope, total = measure(session, feed_id=feed_id, since=since)
        return begin_run(session, rerun.version, scope, total, rerun.claimant)


def resume(rerun: Rerun, run_id: int | None = None) -> DetectorRunRow:
    """Take up a run where it was left; raises NotAllowed where another version began it."""
    with rerun.sessions.begin() as session:
        row = take_run(session, run_id, rerun.claimant)
        if row.version != rerun.version:
            raise NotAllowed(
                f"run {row.id} looked with detector {row.version}, this is {rerun.version}: start a new one"
            )
        return row


def give_back(rerun: Rerun) -> None:
    """End this process's hold on its run, however far it came."""
    with rerun.sessions.begin() as session:
        release_run(session, rerun.lease)


def preview(rerun: Rerun, run: DetectorRunRow, on_batch: Callable[[int], None] | None = None) -> DetectorRunRow:
    """Match what the run has not looked at yet, batch by batch, and keep what would change.

    A batch is read, then matched without a transaction, then written with the row up to which everything is known.
    """
    while run.state == RunState.PREVIEWING and not rerun.stop.is_set():
        scope = Scope(run.last_item_id, run.feed_id, run.since)
        with reading(rerun.sessions) as session:
            items = archived_after(session, scope, run.cursor, most=rerun.batch)
        found = rematch_all(rerun.children, [item.paper for item in items])
        run = _written(rerun, run, items, found)
        if on_batch is not None:
            on_batch(len(items))
    return run


def judged(item: Archived, found: Detection | None) -> Difference | None:
    """What would change about an item; nothing where it could not be judged."""
    return None if found is None else compare(item.standing, found_values(found))


def found_values(detection: Detection) -> dict[str, Any]:
    """A detection in the form in which mentions are compared and changed."""
    technologies = sorted(set(detection.technologies))
    return detected_values(detection) | {"is_relevant": detection.is_relevant, "technologies": technologies}


def _written(
    rerun: Rerun, run: DetectorRunRow, items: Sequence[Archived], found: Sequence[Detection | None]
) -> DetectorRunRow:
    pairs = list(zip(items, found, strict=True))
    changes = [(item, change) for item, one in pairs if (change := judged(item, one)) is not None]
    counts = Counter(run.counts) + _counted(pairs, [change for _, change in changes])
    values: dict[str, Any] = {"counts": dict(counts)}
    if items:
        values["cursor"] = items[-1].item_id
    else:
        values |= {"state": RunState.PREVIEWED.value, "previewed_at": rerun.now()}
    with rerun.sessions.begin() as session:
        advance_run(session, run.id, rerun.lease, values, now=rerun.now())
        save_change(session, run.id, changes)
        return session.get_one(DetectorRunRow, run.id)


def _counted(pairs: Sequence[tuple[Archived, Detection | None]], changes: Sequence[Difference]) -> Counter[str]:
    """Items and changes by kind; what could not be judged; and how the version judges what editors dismissed."""
    counts = Counter(change.kind.value for change in changes)
    counts["items"] = len(pairs)
    counts["failed"] = sum(found is None for _, found in pairs)
    counts["cut"] = sum(item.is_cut for item, _ in pairs)
    counts["mentions"] = sum(item.standing is not None for item, _ in pairs)
    for item, found in pairs:
        if found is not None and item.standing is not None and item.standing.state is MentionState.DISMISSED:
            counts["dismissed_still_found" if found.is_relevant else "dismissed_not_found"] += 1
    return counts


def summary(run: DetectorRunRow) -> Mapping[str, Any]:
    """A run in the form that commands print."""
    return {
        "run": run.id,
        "detector": run.version,
        "state": run.state,
        "items": run.counts.get("items", 0),
        "total": run.total,
        "counts": dict(sorted(run.counts.items())),
    }
