"""Where a duty stands on a day: due, filed, late, or not researched."""

from datetime import date

import pytest

from oversight.domain.duty import Clock, DutyFacts, DutyState, clock
from oversight.domain.provision import FieldState

ABSENT, UNKNOWN, ANSWERED = FieldState.ABSENT, FieldState.NOT_RESEARCHED, FieldState.ANSWERED


@pytest.mark.parametrize(
    ("due", "filed", "filing", "as_of", "expected"),
    [
        ("2025-02-01", None, UNKNOWN, "2025-01-18", Clock(DutyState.DUE, 14)),
        ("2025-02-01", None, UNKNOWN, "2025-02-01", Clock(DutyState.DUE, 0)),
        ("2025-02-01", None, UNKNOWN, "2025-02-02", Clock(DutyState.NOT_RESEARCHED, None)),
        ("2025-02-01", None, ABSENT, "2025-03-15", Clock(DutyState.OVERDUE, 42)),
        ("2025-02-01", "2025-07-15", ANSWERED, "2026-01-01", Clock(DutyState.FILED_LATE, 164)),
        ("2025-02-01", "2025-07-15", ANSWERED, "2025-03-01", Clock(DutyState.OVERDUE, 28)),
        ("2025-02-01", "2025-01-31", ANSWERED, "2026-01-01", Clock(DutyState.FILED_IN_TIME, None)),
        ("2025-02-01", "2025-02-01", ANSWERED, "2025-02-01", Clock(DutyState.FILED_IN_TIME, None)),
        ("2025-02", "2025-02-20", ANSWERED, "2025-06-01", Clock(DutyState.FILED_UNCLEAR, None)),
        ("2025-02", "2025-01-20", ANSWERED, "2025-06-01", Clock(DutyState.FILED_IN_TIME, None)),
        ("2025-02", "2025-03-01", ANSWERED, "2025-06-01", Clock(DutyState.FILED_LATE, None)),
        ("2024-03-01", "2024", ANSWERED, "2026-01-01", Clock(DutyState.FILED_UNCLEAR, None)),
        ("2024-03-01", "2024", ANSWERED, "2024-06-01", Clock(DutyState.FILED_UNCLEAR, None)),
        ("2024-03-01", "2024-05", ANSWERED, "2024-05-10", Clock(DutyState.FILED_LATE, None)),
        ("2024-12-31", "2024", ANSWERED, "2026-01-01", Clock(DutyState.FILED_IN_TIME, None)),
        ("2024-12-31", "2024-11", ANSWERED, "2026-01-01", Clock(DutyState.FILED_IN_TIME, None)),
        (None, "2024-05-01", ANSWERED, "2026-01-01", Clock(DutyState.FILED, None)),
        (None, "2024-05-01", ANSWERED, "2024-04-30", Clock(DutyState.RECURRING, None)),
        ("2025-02-01", "2025-07", ANSWERED, "2026-01-01", Clock(DutyState.FILED_LATE, None)),
        ("2025", None, ABSENT, "2025-12-31", Clock(DutyState.DUE, None)),
        ("2025", None, ABSENT, "2026-01-01", Clock(DutyState.OVERDUE, None)),
        (None, None, UNKNOWN, "2026-01-01", Clock(DutyState.RECURRING, None)),
    ],
)
def test_a_duty_is_due_then_filed_or_late_and_silence_is_not_lateness(
    due: str | None, filed: str | None, filing: FieldState, as_of: str, expected: Clock
) -> None:
    assert clock(DutyFacts(due, filed, filing), date.fromisoformat(as_of)) == expected
