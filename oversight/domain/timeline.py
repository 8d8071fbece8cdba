"""Which step of a dated history had been reached on a day, when dates are partial or missing."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from oversight.domain.partial_date import span_of
from oversight.domain.record import DateCertainty


class Dated(Protocol):
    """A step of a history; steps stand in the order in which they happened."""

    @property
    def date(self) -> str | None: ...

    @property
    def certainty(self) -> DateCertainty | None: ...


def last_step(history: Sequence[Dated], as_of: date, *, is_early: bool) -> int | None:
    """The place of the last step that had happened, or None where none had.

    A partial date leaves some days open: with `is_early` it is taken at its first day, otherwise at its last. A step
    without a date is taken to follow at once on the one before it; at the start of a history it precedes all others.
    """
    reached = None
    for place, step in enumerate(history):
        is_undated_successor = step.date is None and reached == (place - 1 if place else None)
        if is_undated_successor or has_happened(step, as_of, is_early=is_early):
            reached = place
    return reached


def has_happened(step: Dated, as_of: date, *, is_early: bool) -> bool:
    """Whether a dated step had happened; an upper bound, taken early, lies before any day."""
    if step.date is None:
        return False
    span = span_of(step.date)
    if is_early:
        return step.certainty is DateCertainty.UPPER_BOUND or span.has_begun(as_of)
    return span.is_over(as_of)
