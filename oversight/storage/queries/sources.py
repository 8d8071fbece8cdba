"""Sources as citations, for every page that shows a fact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.record import DateCertainty, EvidenceTier, LinkState
from oversight.storage.models import CitationRow, SourceRow


@dataclass(frozen=True)
class SourceLine:
    """A citation. No `url`: a source without address; no `publisher`: not known."""

    key: str
    url: str | None
    title: str
    publisher: str | None
    date: str | None
    tier: EvidenceTier | None
    note: str | None
    date_certainty: DateCertainty | None
    archived_url: str | None
    link_state: LinkState | None


def source_lines(citations: Sequence[CitationRow]) -> tuple[SourceLine, ...]:
    """The cited sources, the oldest first, those without a date last."""
    lines = [source_line(citation.source) for citation in citations]
    return tuple(sorted(lines, key=lambda line: (line.date or "9999", line.title)))


def source_line(row: SourceRow) -> SourceLine:
    """One source."""
    tier = EvidenceTier(row.tier) if row.tier else None
    state = LinkState(row.link_state) if row.link_state else None
    dated = certainty(row.date_certainty)
    return SourceLine(
        row.key, row.url, row.title, row.publisher, row.date, tier, row.note, dated, row.archived_url, state
    )


def sources_by_key(session: Session, keys: Collection[str] | None = None) -> dict[str, SourceLine]:
    """Every source of the record, or these, by key and in the order of their titles."""
    query = select(SourceRow).order_by(SourceRow.title)
    query = query if keys is None else query.where(SourceRow.key.in_(keys))
    return {row.key: source_line(row) for row in session.scalars(query)}


def certainty(text: str | None) -> DateCertainty | None:
    """How a date is known; None where nobody noted it."""
    return DateCertainty(text) if text else None
