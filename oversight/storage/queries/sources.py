"""Sources as citations, for every page that shows a fact."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.grounds import Cited
from oversight.domain.link_check import link_words
from oversight.domain.record import DateCertainty, EvidenceTier, LinkState
from oversight.storage.links import link_of
from oversight.storage.models import SourceRow


@dataclass(frozen=True)
class SourceLine:
    """A citation. No `url`: a source without address; no `publisher`: not known.

    `link_failed_at` is the first of the looks that failed without one that did not since.
    """

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
    link_checked_at: datetime | None
    link_failed_at: datetime | None
    link_moved_to: str | None

    @property
    def link_words(self) -> str | None:
        """What is known of the address, and whether a copy is kept; None for a source without address."""
        return link_words(self.link_state, is_archived=bool(self.archived_url)) if self.url else None


def oldest_first(lines: Iterable[SourceLine]) -> tuple[SourceLine, ...]:
    """Sources, the oldest first, those without a date last."""
    return tuple(sorted(lines, key=lambda line: (line.date or "9999", line.title)))


def nearest_first(lines: Iterable[SourceLine]) -> tuple[SourceLine, ...]:
    """Sources, the nearest to the act itself first, then the oldest."""
    return tuple(sorted(oldest_first(lines), key=lambda line: line.tier or "unrated"))


def weight_of(tier: str | None, day: str | None) -> Cited:
    """What a citation of a source of this tier and this partial date weighs."""
    return Cited(EvidenceTier(tier) if tier else None, day)


def source_line(row: SourceRow) -> SourceLine:
    """One source."""
    tier = EvidenceTier(row.tier) if row.tier else None
    link = link_of(row)
    return SourceLine(
        key=row.key,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        date=row.date,
        tier=tier,
        note=row.note,
        date_certainty=certainty(row.date_certainty),
        archived_url=row.archived_url,
        link_state=link.state,
        link_checked_at=row.link_checked_at if link.state else None,
        link_failed_at=link.failing_since,
        link_moved_to=link.moved_to,
    )


def sources_by_key(session: Session, keys: Collection[str] | None = None) -> dict[str, SourceLine]:
    """Every source of the record, or these, by key and in the order of their titles."""
    query = select(SourceRow).order_by(SourceRow.title)
    query = query if keys is None else query.where(SourceRow.key.in_(keys))
    return {row.key: source_line(row) for row in session.scalars(query)}


def certainty(text: str | None) -> DateCertainty | None:
    """How a date is known; None where nobody noted it."""
    return DateCertainty(text) if text else None
