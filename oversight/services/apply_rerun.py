"""Applies what a rerun found, batch by batch; what editors decided stays, and nobody is told of the past.

What is on a meeting to come is told as if a poll had found it (docs/architecture.md, rule 6).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.rerun import ChangeKind, ChangeState, Difference, RunState, opinion_on
from oversight.services.events_of_mentions import tell_unreviewed, untell_mention
from oversight.services.rematch import rematch_all
from oversight.services.rerun import Rerun, judged
from oversight.storage.archive import Archived, archived_items
from oversight.storage.detector_runs import advance_run, note_overtaken, save_change, waiting_changes
from oversight.storage.documents import want_mentioned
from oversight.storage.engine import reading
from oversight.storage.models import DetectorChangeRow, DetectorRunRow
from oversight.storage.past_stories import join_past_stories
from oversight.storage.remarks import add_past_mention, note_opinion, refresh_mention, restore_mention, withdraw_mention
from oversight.storage.signatures import Signed
from oversight.storage.stories import take_turns

BATCH = 50  # changes a transaction: others wait for it (SAFETY I1)


def apply(rerun: Rerun, run: DetectorRunRow, on_batch: Callable[[int], None] | None = None) -> DetectorRunRow:
    """Apply every change that waits, until none does. Applying twice changes nothing more.

    What was edited, read or decided since it was looked at is judged anew first, without a transaction.
    """
    run = _moved(rerun, run, {"state": RunState.APPLYING.value})
    while not rerun.stop.is_set():
        count, stale = _apply_batch(rerun, run)
        _judge_anew(rerun, run, stale)
        if count == 0:
            return _moved(rerun, run, {"state": RunState.APPLIED.value, "applied_at": rerun.now()})
        if on_batch is not None:
            on_batch(count - len(stale))
    return run


def _moved(rerun: Rerun, run: DetectorRunRow, values: dict[str, object]) -> DetectorRunRow:
    with rerun.sessions.begin() as session:
        advance_run(session, run.id, rerun.lease, values, now=rerun.now())
        return session.get_one(DetectorRunRow, run.id)


def _apply_batch(rerun: Rerun, run: DetectorRunRow) -> tuple[int, list[int]]:
    """Apply some changes in one transaction; how many were looked at, and the items that are no longer the same."""
    now, stale = rerun.now(), []
    with rerun.sessions.begin() as session:
        advance_run(session, run.id, rerun.lease, {}, now=now)
        changes = waiting_changes(session, run.id, most=min(BATCH, rerun.batch), is_locking=True)
        items = archived_items(session, [change.item_id for change in changes], is_locking=True)
        take_turns(session)
        for change in changes:
            item = items[change.item_id]
            if item.content_hash == change.content_hash and _applied(session, change, item, now=now):
                change.state, change.applied_at = ChangeState.APPLIED.value, now
            else:
                stale.append(change.item_id)
        done = [change for change in changes if change.applied_at]
        fresh = [change.item_id for change in done if change.kind == ChangeKind.NEW]
        if fresh:
            want_mentioned(session, fresh, now=now)
        join_past_stories(session, [one for change in done if (one := _signed(change, items[change.item_id]))])
        found = [change.item_id for change in done if change.kind in (ChangeKind.NEW, ChangeKind.CHANGED)]
        tell_unreviewed(session, found, at=now)
    return len(changes), stale


def _signed(change: DetectorChangeRow, item: Archived) -> Signed | None:
    """A mention that is new, or of which other places are told; None where its story stays as it is."""
    if change.kind == ChangeKind.NEW and item.standing is None and change.mention_id is not None:
        return item.signed(change.mention_id, is_edited=False)
    is_told_anew = change.kind in (ChangeKind.NEW, ChangeKind.CHANGED) and item.standing is not None
    if not is_told_anew or item.standing is None or item.standing.values["places"] == change.after["places"]:
        return None
    return item.signed(item.standing.mention_id, is_edited=True)


def _judge_anew(rerun: Rerun, run: DetectorRunRow, item_ids: Sequence[int]) -> None:
    """What would change about these items as they are now; they are applied with a later batch, if anything would."""
    if not item_ids:
        return
    with reading(rerun.sessions) as session:
        items = list(archived_items(session, item_ids).values())
    found = rematch_all(rerun.children, [item.paper for item in items])
    told = [(item, judged(item, one)) for item, one in zip(items, found, strict=True)]
    with rerun.sessions.begin() as session:
        advance_run(session, run.id, rerun.lease, {}, now=rerun.now())
        save_change(session, run.id, [(item, change) for item, change in told if change is not None])
        note_overtaken(session, run.id, [item.item_id for item, change in told if change is None])


def _applied(session: Session, change: DetectorChangeRow, item: Archived, *, now: datetime) -> bool:
    """Do what the change says; False where an editor was quicker, and it must be judged anew."""
    kind = ChangeKind(change.kind)
    if kind is ChangeKind.NEW and item.standing is None:
        change.mention_id = add_past_mention(session, item, change.after)
        return change.mention_id is not None
    if item.standing is None:
        return False
    if kind is ChangeKind.NEW:
        return restore_mention(session, item.standing, change.after, at=now)
    if kind is ChangeKind.LOST:
        is_withdrawn = withdraw_mention(session, item.standing, change.after, at=now)
        if is_withdrawn:
            untell_mention(session, item.standing.mention_id, at=now)
        return is_withdrawn
    if kind is ChangeKind.CHANGED:
        return refresh_mention(session, item.standing, change.after)
    difference = Difference(kind, tuple(change.differs), change.before, change.after)
    return note_opinion(session, item.standing, opinion_on(difference))
