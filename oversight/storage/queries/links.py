"""The addresses of sources as editors look after them: those that are dead first of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from oversight.domain.record import LinkState
from oversight.storage.models import CitationRow, ClaimRow, DutyRow, ProvisionRow, SourceRow
from oversight.storage.queries.sources import SourceLine, source_line

PAGE = 50
NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class LinkLine:
    """A source with what the looks at its address found, and how many facts cite it."""

    id: int
    source: SourceLine
    reason: str | None
    text_changed_at: datetime | None
    citations: int


@dataclass(frozen=True)
class LinkFilter:
    """Which links: `state` is a LinkState, `not_checked` or empty for any; `unarchived`: only those without a copy."""

    state: str
    unarchived: bool
    after: int = 0


def links(session: Session, wanted: LinkFilter) -> list[LinkLine]:
    """A page of sources with an address, in the order in which they came into the record."""
    conditions = [has_state(wanted.state), SourceRow.id > wanted.after]
    if wanted.unarchived:
        conditions.append(SourceRow.archived_url.is_(None))
    rows = session.scalars(select(SourceRow).where(*conditions).order_by(SourceRow.id).limit(PAGE)).all()
    cited = _citations(session, [row.id for row in rows])
    return [
        LinkLine(row.id, source_line(row), row.link_reason, row.link_text_changed_at, cited.get(row.id, 0))
        for row in rows
    ]


def count_links(session: Session) -> dict[str, int]:
    """How many sources are in each state, by its value."""
    state = func.coalesce(SourceRow.link_state, NOT_CHECKED)
    seen = select(state, func.count()).where(SourceRow.url.is_not(None), _IS_OF_TODAY).group_by(state)
    counts = {NOT_CHECKED: session.scalar(select(func.count()).where(has_state(NOT_CHECKED))) or 0}
    return counts | {value: count for value, count in session.execute(seen)}


def has_state(state: str) -> ColumnElement[bool]:
    """The condition that a source's address is in this state."""
    if state == NOT_CHECKED:
        return and_(SourceRow.url.is_not(None), or_(SourceRow.link_url.is_(None), SourceRow.link_url != SourceRow.url))
    if not state:
        return SourceRow.url.is_not(None)
    return and_(_IS_OF_TODAY, SourceRow.link_state == LinkState(state))


def _citations(session: Session, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for table in (CitationRow, ClaimRow, ProvisionRow, DutyRow):
        column = table.source_id
        query = select(column, func.count()).where(column.in_(ids)).group_by(column)
        for source_id, count in session.execute(query).tuples():
            found[source_id or 0] = found.get(source_id or 0, 0) + count
    return found


_IS_OF_TODAY = SourceRow.link_url == SourceRow.url
