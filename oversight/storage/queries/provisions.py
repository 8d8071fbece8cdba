"""The provisions of a policy, as a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from oversight.domain.provision import FieldState, KnownProvision, ProvisionCode, Unit
from oversight.storage.models import ProvisionRow
from oversight.storage.queries.sources import SourceLine, source_line


@dataclass(frozen=True)
class ProvisionLine(KnownProvision):
    """A provision with the source that it was read in."""

    source: SourceLine | None


def provision_lines(rows: Iterable[ProvisionRow]) -> tuple[ProvisionLine, ...]:
    """The provisions, in the order of the record."""
    return tuple(
        ProvisionLine(
            code=ProvisionCode(row.code),
            state=FieldState(row.state),
            value=row.value,
            amount=row.amount,
            unit=Unit(row.unit) if row.unit else None,
            reference=row.reference,
            source=source_line(row.source) if row.source else None,
        )
        for row in rows
    )
