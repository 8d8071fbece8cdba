"""What the table of feeds knows of a feed's life, for the rules of its health."""

from datetime import timedelta

from oversight.domain.feed import Outcome
from oversight.domain.health import Pulse
from oversight.storage.models import FeedRow


def pulse_of(row: FeedRow) -> Pulse:
    """What is known of a feed's life, for the rules of its health."""
    hours = row.usual_gap_hours
    return Pulse(
        is_enabled=row.is_enabled,
        note=row.note,
        gone_at=row.gone_at,
        outcome=Outcome(row.last_outcome) if row.last_outcome else None,
        status=row.last_status,
        detail=row.last_detail,
        failures=row.failures,
        first_ok_at=row.first_ok_at,
        last_item_at=row.last_item_at,
        usual_gap=timedelta(hours=hours) if hours is not None else None,
        empty_polls=row.empty_polls,
        moved_to=row.moved_to,
    )
