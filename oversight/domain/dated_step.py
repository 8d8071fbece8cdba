"""Where a new dated step goes in a history whose steps stand in the order in which they happened, and which are new."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


def new_steps(before: Sequence[Step], after: Sequence[Step]) -> list[tuple[str, Step]]:
    """The steps that a history has more than the one before, each with a name of its own: "adopted 1".

    Whoever corrects the date of a step adds none.
    """
    known = set(numbered(step["status"] for step in before))
    names = numbered(step["status"] for step in after)
    return [(name, step) for name, step in zip(names, after, strict=True) if name not in known]


def numbered(names: Iterable[str]) -> list[str]:
    """Each name with how often it came so far."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} {seen[name]}")
    return found
