"""What the table of feeds knows of a feed's life, for the rules of its health."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from oversight.domain.feed import Outcome
from oversight.domain.health import Pulse
from oversight.storage.models import FeedRow


def pulse_of(row: FeedRow, changed: Mapping[str, Any] | None = None) -> Pulse:
    """What is known of a feed's life, for the rules of its health; `changed` holds columns that are not yet written."""
    fresh = changed or {}

    def column(name: str) -> Any:
        return fresh[name] if name in fresh else getattr(row, name)

    outcome, hours = column("last_outcome"), column("usual_gap_hours")
    return Pulse(
        is_enabled=column("is_enabled"),
        note=row.note,
        gone_at=column("gone_at"),
        outcome=Outcome(outcome) if outcome else None,
        status=column("last_status"),
        detail=column("last_detail"),
        failures=column("failures"),
        last_item_at=column("last_item_at"),
        usual_gap=timedelta(hours=hours) if hours is not None else None,
        empty_polls=column("empty_polls"),
        moved_to=column("moved_to"),
    )
