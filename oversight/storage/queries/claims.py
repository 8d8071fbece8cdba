"""Claims about one thing of the record, side by side by field."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from oversight.domain.record import ClaimType
from oversight.storage.models import ClaimRow
from oversight.storage.queries.sources import SourceLine, source_line


@dataclass(frozen=True)
class ClaimLine:
    """What one party says; `followed_because` where the record follows it."""

    party: str
    claim_type: ClaimType
    value: str
    paraphrase: str
    date: str | None
    source: SourceLine | None
    followed_because: str | None


@dataclass(frozen=True)
class Dispute:
    """Everything that was claimed about one field; a contradiction where the values differ."""

    field: str
    claims: tuple[ClaimLine, ...]

    @property
    def is_contradiction(self) -> bool:
        """Whether the parties do not say the same."""
        return len({claim.value for claim in self.claims}) > 1

    @property
    def followed(self) -> ClaimLine | None:
        """The claim that the record follows, where an editor chose one."""
        return next((claim for claim in self.claims if claim.followed_because), None)


def disputes(rows: Iterable[ClaimRow]) -> tuple[Dispute, ...]:
    """The claims by field, in the order of the record."""
    fields: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    for row in rows:
        fields[row.field].append(_claim(row))
    return tuple(Dispute(field, tuple(claims)) for field, claims in fields.items())


def _claim(row: ClaimRow) -> ClaimLine:
    return ClaimLine(
        party=row.party,
        claim_type=ClaimType(row.claim_type),
        value=row.value,
        paraphrase=row.paraphrase,
        date=row.date,
        source=source_line(row.source) if row.source else None,
        followed_because=row.followed_because,
    )
