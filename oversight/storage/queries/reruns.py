"""Reruns of the detector as lists and one by one, each change beside its item and its mention."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.mention import MentionState
from oversight.domain.rerun import ChangeKind, ChangeState, RunState
from oversight.errors import NotFound
from oversight.storage.models import DetectorChangeRow, DetectorRunRow, FeedRow, ItemRow, MentionRow

PAGE = 50
# Disagreements come first: they need an editor; the rest is what editors will find in their queue, or will not.
ORDER = (ChangeKind.DISAGREEMENT, ChangeKind.LOST, ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.AGREEMENT)


@dataclass(frozen=True)
class RunLine:
    """One rerun as a list shows it. `by_kind` counts its changes."""

    id: int
    version: str
    state: RunState
    is_running: bool
    since: datetime | None
    feed_key: str | None
    feed_title: str | None
    items: int
    total: int
    counts: Mapping[str, int]
    by_kind: Mapping[ChangeKind, int]
    started_at: datetime
    previewed_at: datetime | None
    applied_at: datetime | None


@dataclass(frozen=True)
class ChangeLine:
    """One change: what differs about which item, before and after."""

    id: int
    kind: ChangeKind
    state: ChangeState
    differs: tuple[str, ...]
    item_id: int
    title: str
    url: str | None
    feed_key: str
    feed_title: str
    mention_id: int | None
    mention_state: MentionState | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        """One line for a person."""
        score = f"{self.before['score']:.2f} -> " if self.before else ""
        mention = f"mention {self.mention_id}" if self.mention_id else f"item {self.item_id}"
        what = "" if self.differs == ("relevant",) else f" ({', '.join(self.differs)})"
        return f"{self.kind.label:<10} {score}{self.after['score']:.2f} {mention}{what}: {self.title[:90]}"

    def as_contract(self) -> dict[str, Any]:
        """The change for programs."""
        return {
            "kind": self.kind.value,
            "state": self.state.value,
            "differs": list(self.differs),
            "item": self.item_id,
            "title": self.title,
            "url": self.url,
            "feed": self.feed_key,
            "mention": self.mention_id,
            "before": self.before,
            "after": self.after,
        }


def run_lines(session: Session, *, limit: int = PAGE) -> list[RunLine]:
    """Every rerun, newest first."""
    rows = session.execute(_runs().order_by(DetectorRunRow.id.desc()).limit(limit)).all()
    kinds = _kinds(session, [row[0].id for row in rows])
    return [_run(run, feed, kinds) for run, feed in rows]


def run_line(session: Session, run_id: int) -> RunLine:
    """One rerun; raises NotFound."""
    row = session.execute(_runs().where(DetectorRunRow.id == run_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no rerun {run_id}.")
    return _run(row[0], row[1], _kinds(session, [run_id]))


def change_lines(
    session: Session, run_id: int, *, kind: ChangeKind | None = None, after: int = 0, limit: int | None = None
) -> list[ChangeLine]:
    """The changes of a run, or those of a kind, in the order of their items; `after` is where the page before ended."""
    query = (
        select(DetectorChangeRow, ItemRow, FeedRow, MentionRow.id, MentionRow.state)
        .join(ItemRow, ItemRow.id == DetectorChangeRow.item_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MentionRow, MentionRow.id == DetectorChangeRow.mention_id)
        .where(DetectorChangeRow.run_id == run_id, DetectorChangeRow.id > after)
    )
    if kind is not None:
        query = query.where(DetectorChangeRow.kind == kind.value)
    return [_change(*row) for row in session.execute(query.order_by(DetectorChangeRow.id).limit(limit))]


def _runs() -> Any:
    return select(DetectorRunRow, FeedRow).outerjoin(FeedRow, FeedRow.id == DetectorRunRow.feed_id)


def _kinds(session: Session, run_ids: Sequence[int]) -> dict[int, Counter[ChangeKind]]:
    query = select(DetectorChangeRow.run_id, DetectorChangeRow.kind, func.count())
    query = query.where(DetectorChangeRow.run_id.in_(run_ids)).group_by(
        DetectorChangeRow.run_id, DetectorChangeRow.kind
    )
    found: dict[int, Counter[ChangeKind]] = {run_id: Counter() for run_id in run_ids}
    for run_id, kind, count in session.execute(query):
        found[run_id][ChangeKind(kind)] = count
    return found


def _run(run: DetectorRunRow, feed: FeedRow | None, kinds: Mapping[int, Counter[ChangeKind]]) -> RunLine:
    return RunLine(
        id=run.id,
        version=run.version,
        state=RunState(run.state),
        is_running=run.is_running,
        since=run.since,
        feed_key=feed.key if feed else None,
        feed_title=feed.title if feed else None,
        items=run.counts.get("items", 0),
        total=run.total,
        counts=run.counts,
        by_kind={kind: kinds[run.id][kind] for kind in ORDER},
        started_at=run.started_at,
        previewed_at=run.previewed_at,
        applied_at=run.applied_at,
    )


def _change(
    change: DetectorChangeRow, item: ItemRow, feed: FeedRow, mention_id: int | None, state: str | None
) -> ChangeLine:
    return ChangeLine(
        id=change.id,
        kind=ChangeKind(change.kind),
        state=ChangeState(change.state),
        differs=tuple(change.differs),
        item_id=item.id,
        title=item.title,
        url=item.url,
        feed_key=feed.key,
        feed_title=feed.title,
        mention_id=mention_id,
        mention_state=MentionState(state) if state else None,
        before=change.before,
        after=change.after,
    )
