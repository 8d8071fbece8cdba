"""Where a new dated step goes in a history whose steps stand in the order in which they happened."""

from collections.abc import Mapping, Sequence
from typing import Any

Step = Mapping[str, Any]


def with_step(history: Sequence[Step], step: Step) -> list[Step]:
    """The history with the step behind all that happened no later; a step without a date stays behind its dated one."""
    day, place = step["date"], 0
    for position, other in enumerate(history):
        is_undated_successor = other["date"] is None and place == position
        if is_undated_successor or (other["date"] is not None and (day is None or other["date"] <= day)):
            place = position + 1
    return [*history[:place], step, *history[place:]]
