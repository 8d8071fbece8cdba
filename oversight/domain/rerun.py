"""What another version of the detector would change about what is stored, and how far such a look has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oversight.domain.mention import MentionState
from oversight.domain.word import Word

Values = Mapping[str, Any]
DECIDED = (MentionState.CONFIRMED, MentionState.DISMISSED, MentionState.MERGED)
# What a reader sees of a mention, in the order in which a change names them.
CLASSES = (
    "technologies", "modes", "stage", "vendors", "products", "seller", "places", "agencies", "placement", "badges",
    "amount", "dates",
)  # fmt: skip


class RunState(Word):
    """How far a rerun is. What was interrupted goes on from where it was."""

    PREVIEWING = "previewing", "Looking"
    PREVIEWED = "previewed", "Waits to be applied"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"


class ChangeKind(Word):
    """What the detector would change; the last two leave the mention as its editor decided it."""

    NEW = "new", "New"
    LOST = "lost", "Lost"
    CHANGED = "changed", "Changed"
    DISAGREEMENT = "disagreement", "Would decide otherwise"
    AGREEMENT = "agreement", "Agrees again"


class ChangeState(Word):
    """What became of a change."""

    FOUND = "found", "Not applied"
    APPLIED = "applied", "Applied"
    OVERTAKEN = "overtaken", "Overtaken"


@dataclass(frozen=True)
class Standing:
    """A mention as it is stored: its values, and what a later detector said of it after an editor had decided."""

    mention_id: int
    state: MentionState
    values: Values
    opinion: Values | None


@dataclass(frozen=True)
class Difference:
    """What the detector would change about one item: the names of what differs, before and after."""

    kind: ChangeKind
    differs: tuple[str, ...]
    before: Values | None
    after: Values


def compare(standing: Standing | None, found: Values) -> Difference | None:
    """What the detector would change, given what is stored and what it finds now; None where nothing.

    `found` has the values of a mention and `is_relevant`. What is set aside as withdrawn counts as not there.
    """
    if standing is None or standing.state is MentionState.WITHDRAWN:
        before = standing.values if standing else None
        return Difference(ChangeKind.NEW, ("relevant",), before, found) if found["is_relevant"] else None
    differs = differing(standing.values, found)
    if standing.state in DECIDED:
        return _about_decided(standing, found, differs)
    if not found["is_relevant"]:
        return Difference(ChangeKind.LOST, ("relevant",), standing.values, found)
    return Difference(ChangeKind.CHANGED, differs, standing.values, found) if differs else None


def differing(before: Values, after: Values) -> tuple[str, ...]:
    """The names of what differs; score and reasons last, and no word of the version alone."""
    if not after["is_relevant"]:
        return ("relevant",)
    told = [name for name in CLASSES if _plain(before.get(name)) != _plain(after.get(name))]
    told += [name for name in ("score", "evidence") if before.get(name) != after.get(name)]
    return tuple(told)


def opinion_on(difference: Difference) -> dict[str, Any] | None:
    """What is noted beside a decided mention: how the detector would decide; None takes an older note away."""
    if difference.kind is not ChangeKind.DISAGREEMENT:
        return None
    kept = {name: difference.after.get(name) for name in ("detector", "is_relevant", "score")}
    return kept | {"differs": list(difference.differs)}


def _about_decided(standing: Standing, found: Values, differs: tuple[str, ...]) -> Difference | None:
    """A confirmed mention may be judged otherwise now; one that was dismissed had been found, so that is no news."""
    told = tuple(name for name in differs if name in ("relevant", *CLASSES))
    if standing.state is MentionState.CONFIRMED and told:
        difference = Difference(ChangeKind.DISAGREEMENT, told, standing.values, found)
        return difference if opinion_on(difference) != standing.opinion else None
    return Difference(ChangeKind.AGREEMENT, (), standing.values, found) if standing.opinion else None


def _plain(value: Any) -> Any:
    """The order of a list says nothing about what a mention is about."""
    return sorted(map(repr, value)) if isinstance(value, list | tuple) else value
