"""One meeting: its agenda with every version, what changed about it, its documents, and what took its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.meeting_change import MeetingChange
from oversight.errors import NotFound
from oversight.storage.agendas import agenda_versions
from oversight.storage.models import (
    AgendaVersionRow,
    FeedRow,
    ItemRow,
    MeetingChangeRow,
    MeetingMoveRow,
    MeetingRow,
)
from oversight.storage.queries.documents import DocumentLine, documents_of_meeting
from oversight.storage.queries.items import ItemLine, item_lines
from oversight.storage.queries.meetings import MeetingLine, meeting_line


@dataclass(frozen=True)
class ChangeLine:
    """One thing that changed about a meeting."""

    kind: MeetingChange
    before: str | None
    after: str | None
    seen_at: datetime


@dataclass(frozen=True)
class EntryChange:
    """What one version of an agenda made of one entry: words that came and words that went."""

    title: str
    is_new: bool
    is_gone: bool
    new_title: str
    old_title: str
    added: str
    removed: str


@dataclass(frozen=True)
class VersionLine:
    """One version of an agenda, and what it changed."""

    number: int
    seen_at: datetime
    entries: int
    changes: tuple[EntryChange, ...]


@dataclass(frozen=True)
class MeetingPage:
    """All about one meeting. `left` are the ids of items that its newest agenda does not name any more."""

    line: MeetingLine
    video_url: str | None
    how_to_comment: str | None
    first_seen_at: datetime | None
    feed_key: str
    feed_title: str
    moved_to: MeetingLine | None
    took_place_of: Sequence[MeetingLine]
    changes: Sequence[ChangeLine]
    items: Sequence[ItemLine]
    left: frozenset[int]
    versions: Sequence[VersionLine]
    documents: Sequence[DocumentLine]


def meeting_page(session: Session, meeting_id: int) -> MeetingPage:
    """All about one meeting; raises NotFound."""
    query = select(MeetingRow, FeedRow).join(FeedRow, FeedRow.id == MeetingRow.feed_id)
    found = session.execute(query.where(MeetingRow.id == meeting_id)).one_or_none()
    if found is None:
        raise NotFound(f"There is no meeting {meeting_id}.")
    row, feed = found
    versions = agenda_versions(session, meeting_id)
    items = item_lines(session, ItemRow.meeting_id == meeting_id)
    named = {entry["identity"] for entry in versions[0].entries} if versions else set()
    known = {entry["identity"] for version in versions for entry in version.entries}
    return MeetingPage(
        line=meeting_line(row),
        video_url=row.video_url,
        how_to_comment=row.how_to_comment,
        first_seen_at=row.first_seen_at,
        feed_key=feed.key,
        feed_title=feed.title,
        moved_to=next(iter(_moves(session, MeetingMoveRow.moved_to_id, MeetingMoveRow.meeting_id, meeting_id)), None),
        took_place_of=_moves(session, MeetingMoveRow.meeting_id, MeetingMoveRow.moved_to_id, meeting_id),
        changes=_changes(session, meeting_id),
        items=items,
        left=frozenset(item.id for item in items if item.identity in known and item.identity not in named),
        versions=[_version(version) for version in versions],
        documents=documents_of_meeting(session, meeting_id),
    )


def _changes(session: Session, meeting_id: int) -> list[ChangeLine]:
    query = select(MeetingChangeRow).where(MeetingChangeRow.meeting_id == meeting_id)
    return [
        ChangeLine(MeetingChange(row.kind), row.before, row.after, row.seen_at)
        for row in session.scalars(query.order_by(MeetingChangeRow.seen_at.desc(), MeetingChangeRow.id.desc()))
    ]


def _moves(session: Session, wanted: object, known: object, meeting_id: int) -> list[MeetingLine]:
    """The meetings at the other end of a move."""
    query = select(MeetingRow).join(MeetingMoveRow, MeetingRow.id == wanted).where(known == meeting_id)  # type: ignore[arg-type]
    return [meeting_line(row) for row in session.scalars(query.order_by(MeetingRow.id))]


def _version(row: AgendaVersionRow) -> VersionLine:
    return VersionLine(
        number=row.number,
        seen_at=row.seen_at,
        entries=len(row.entries),
        changes=tuple(entry_changes(row).values()),
    )


def entry_changes(row: AgendaVersionRow) -> dict[str, EntryChange]:
    """What a version made of each entry that it changed, by the entry's identity, in the order of the agenda."""
    titles = {entry["identity"]: entry["title"] for entry in row.entries}
    came = {entry["identity"]: entry for entry in row.added}
    went = {entry["identity"]: entry for entry in row.removed}
    order = [*(key for key in titles if key in came or key in went), *(key for key in went if key not in titles)]
    return {key: _entry_change(titles.get(key), came.get(key, {}), went.get(key, {})) for key in order}


def _entry_change(title: str | None, came: Mapping[str, str], went: Mapping[str, str]) -> EntryChange:
    """`title` is the entry's in this version; None where the version has it no more."""
    new_title, old_title = came.get("title", ""), went.get("title", "")
    return EntryChange(
        title=title or "",
        is_new=title is not None and bool(new_title) and not went,
        is_gone=title is None,
        new_title=new_title,
        old_title=old_title,
        added=came.get("text", ""),
        removed=went.get("text", ""),
    )
