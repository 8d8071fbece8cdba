"""The duties that a policy creates, as a page shows them on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from oversight.domain.duty import Clock, DutyFacts, DutyKind, clock
from oversight.domain.provision import FieldState
from oversight.domain.record import DateCertainty
from oversight.storage.models import DutyRow
from oversight.storage.queries.sources import SourceLine, certainty, source_line


@dataclass(frozen=True)
class DutyLine:
    """One obligation with its clock on a day."""

    kind: DutyKind
    rule: str
    due: str | None
    due_certainty: DateCertainty | None
    filed: str | None
    clock: Clock
    source: SourceLine | None


def duty_facts(row: DutyRow) -> DutyFacts:
    """What the clock of a duty follows from."""
    return DutyFacts(row.due, row.filed, FieldState(row.filing))


def duty_lines(rows: Iterable[DutyRow], as_of: date) -> tuple[DutyLine, ...]:
    """The duties, in the order of the record."""
    return tuple(
        DutyLine(
            kind=DutyKind(row.kind),
            rule=row.rule,
            due=row.due,
            due_certainty=certainty(row.due_certainty),
            filed=row.filed,
            clock=clock(duty_facts(row), as_of),
            source=source_line(row.source) if row.source else None,
        )
        for row in rows
    )
