"""What rows of the record rest on, their sources and who claims what: two questions for rows of any number and kind."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from oversight.storage.models import CitationRow, ClaimRow, SourceRow
from oversight.storage.queries.claims import Dispute, disputes
from oversight.storage.queries.sources import SourceLine, oldest_first, source_line

CITING = {
    "policy": CitationRow.policy_id,
    "deployment": CitationRow.deployment_id,
    "action": CitationRow.action_id,
    "vendor": CitationRow.vendor_id,
}
CLAIMED = {"policy": ClaimRow.policy_id, "deployment": ClaimRow.deployment_id}
Of = tuple[str, int]


@dataclass(frozen=True)
class Support:
    """Sources and disputes by the kind and the id of the row that they are about."""

    sources: Mapping[Of, tuple[SourceLine, ...]]
    disputes: Mapping[Of, tuple[Dispute, ...]]

    def sources_of(self, kind: str, row_id: int) -> tuple[SourceLine, ...]:
        """The cited sources, the oldest first."""
        return self.sources.get((kind, row_id), ())

    def disputes_of(self, kind: str, row_id: int) -> tuple[Dispute, ...]:
        """The claims by field."""
        return self.disputes.get((kind, row_id), ())


def support_of(session: Session, **wanted: Any) -> Support:
    """The support of rows; `wanted` names kinds, each with a query of the ids: `policy=select(PolicyRow.id)...`."""
    return Support(sources_of(session, **wanted), _disputes_of(session, **wanted))


def sources_of(session: Session, **wanted: Any) -> dict[Of, tuple[SourceLine, ...]]:
    """What these rows cite, the oldest first, by the kind and the id of the row."""
    cited: defaultdict[Of, list[SourceLine]] = defaultdict(list)
    columns = {kind: CITING[kind] for kind in wanted}
    citations = select(SourceRow, *columns.values()).join(CitationRow, CitationRow.source_id == SourceRow.id)
    citations = citations.where(or_(*(CITING[kind].in_(ids) for kind, ids in wanted.items())))
    lines: dict[int, SourceLine] = {}  # many things cite the same few sources
    for source, *ids in session.execute(citations.order_by(CitationRow.id)):
        line = lines.get(source.id) or lines.setdefault(source.id, source_line(source))
        cited[next((kind, one) for kind, one in zip(columns, ids, strict=True) if one is not None)].append(line)
    return {of: oldest_first(found) for of, found in cited.items()}


def _disputes_of(session: Session, **wanted: Any) -> dict[Of, tuple[Dispute, ...]]:
    said: defaultdict[Of, list[ClaimRow]] = defaultdict(list)
    about = [CLAIMED[kind].in_(ids) for kind, ids in wanted.items() if kind in CLAIMED]
    if about:
        claims = select(ClaimRow).where(or_(*about)).options(joinedload(ClaimRow.source)).order_by(ClaimRow.id)
        for claim in session.scalars(claims):
            said[_of(claim)].append(claim)
    return {of: disputes(rows) for of, rows in said.items()}


def _of(claim: ClaimRow) -> Of:
    """The kind and the id of what a claim is about."""
    ids = ((kind, getattr(claim, column.key)) for kind, column in CLAIMED.items())
    return next((kind, row_id) for kind, row_id in ids if row_id is not None)
