"""Timelines as pictures: every lane on one axis, in hundredths of its width, with the words that say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.domain.lanes import Lane, Manner, Step, lane_of, policy_steps, use_steps
from oversight.storage.queries.actions import ActionLine
from oversight.storage.queries.deployments import DeploymentLine
from oversight.storage.queries.policies import PolicyLine
from oversight.web.presentation import partial, technology_label

MOST_TICKS = 8
MARGIN = 2.0  # hundredths left free on both sides, so that no mark is cut


@dataclass(frozen=True)
class Bar:
    """A stretch between two places on the axis."""

    manner: Manner
    begin: float
    width: float


@dataclass(frozen=True)
class Point:
    """A mark; `width` is how far a partial date reaches, `told` is what it says."""

    at: float
    width: float
    told: str


@dataclass(frozen=True)
class Row:
    """One lane: what it is of, where on the page that is told in full, and its picture with the words for it."""

    label: str
    kind: str
    anchor: str
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]

    @property
    def told(self) -> str:
        """The picture in words."""
        return "; ".join(point.told for point in self.points)


@dataclass(frozen=True)
class Timeline:
    """All lanes on one axis. `ticks` are years at their places; `today` is the place of the day asked about."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, int], ...]
    today: float
    as_of: date

    @property
    def manners(self) -> list[Manner]:
        """What the legend explains: only what is drawn."""
        drawn = {bar.manner for row in self.rows for bar in row.bars}
        return [manner for manner in Manner if manner in drawn]


@dataclass(frozen=True)
class Named:
    """A lane with its name."""

    label: str
    kind: str
    anchor: str
    lane: Lane


@dataclass(frozen=True)
class Axis:
    """Days as places between the margins."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """The place of a day, in hundredths."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(MARGIN + share * (100 - 2 * MARGIN), 2)


def timeline(lanes: Iterable[Named], as_of: date) -> Timeline | None:
    """The picture, or None where nothing has a date."""
    dated = [named for named in lanes if named.lane.marks]
    if not dated:
        return None
    days = [day for named in dated for mark in named.lane.marks for day in (mark.span.first, mark.span.last)]
    first, last = min(*days, as_of), max(*days, as_of)
    axis = Axis(date(first.year, 1, 1), date(last.year, 12, 31))
    step = -(-(last.year - first.year + 1) // MOST_TICKS)
    ticks = tuple((axis.at(date(year, 1, 1)), year) for year in range(first.year, last.year + 1, step))
    return Timeline(tuple(row(named, axis) for named in dated), ticks, axis.at(as_of), as_of)


def row(named: Named, axis: Axis) -> Row:
    """A lane on the axis."""
    return Row(
        label=named.label,
        kind=named.kind,
        anchor=named.anchor,
        bars=tuple(
            Bar(one.manner, axis.at(one.first), round(axis.at(one.last) - axis.at(one.first), 2))
            for one in named.lane.stretches
        ),
        points=tuple(
            Point(
                axis.at(mark.span.first),
                round(axis.at(mark.span.last) - axis.at(mark.span.first), 2),
                f"{mark.label}, {partial(mark.date)}",
            )
            for mark in named.lane.marks
        ),
    )


def record_lanes(
    policies: Sequence[PolicyLine], deployments: Sequence[DeploymentLine], actions: Sequence[ActionLine], as_of: date
) -> list[Named]:
    """The record of one place: its policies, its deployments, and what was done about them in one lane."""
    found = [
        Named(line.facts.title, "policy", line.facts.key, lane_of([*policy_steps(line.facts)], as_of))
        for line in reversed(policies)
    ]
    found += [
        Named(
            f"{technology_label(line.technology)}: {line.agency}{f' ({line.vendor})' if line.vendor else ''}",
            "deployment",
            line.key,
            lane_of([*use_steps(line.history)], as_of),
        )
        for line in deployments
    ]
    return [*sorted(found, key=begun), *action_lane(actions)]


def begun(named: Named) -> tuple[date, str]:
    """Since when a lane has anything on it."""
    return min((mark.span.first for mark in named.lane.marks), default=date.max), named.label


def action_lane(actions: Sequence[ActionLine]) -> list[Named]:
    """Letters, lawsuits and reports as marks of one lane."""
    steps = [Step(f"{line.kind.label}: {', '.join(line.actors)}", line.date, None) for line in actions if line.date]
    return [Named("Letters, lawsuits, reports", "action", "actions", lane_of(steps, date.max))] if steps else []
