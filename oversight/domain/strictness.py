"""Which of several provisions of one kind binds the strictest, and why; words without a figure are never ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oversight.domain.provision import FieldState, KnownProvision, ProvisionCode, Unit
from oversight.domain.word import Word


class Leaning(Word):
    """What it means for strictness that a text has such a provision."""

    BINDS = "binds", "A demand or a limit: having it is stricter"
    FREES = "frees", "An exception: not having it is stricter"
    EITHER = "either", "May demand or allow: not ranked"


class Measure(Word):
    """Which figure of the provision is the stricter one."""

    LESS = "less", "the smaller figure"
    MORE = "more", "the larger figure"


FREEING = frozenset({ProvisionCode.EXIGENT_USE, ProvisionCode.PILOT_CARVEOUT, ProvisionCode.EXCLUDED_TECHNOLOGY})
EITHER_WAY = frozenset({ProvisionCode.FR_PRIVATE_USE})
# The figure of a pilot is a length in one text and a notice in the next, so pilots are not ranked by it.
MEASURES: Mapping[ProvisionCode, Measure] = {
    ProvisionCode.RETENTION_LIMIT: Measure.LESS,
    ProvisionCode.EXISTING_TECHNOLOGY_DEADLINE: Measure.LESS,
    ProvisionCode.EXIGENT_USE: Measure.LESS,
    ProvisionCode.COMMENT_PERIOD: Measure.MORE,
    ProvisionCode.FR_ACCURACY_THRESHOLD: Measure.MORE,
}
IN_DAYS = {Unit.DAYS: 1.0, Unit.MONTHS: 30.4375, Unit.YEARS: 365.25}


@dataclass(frozen=True)
class Provision(KnownProvision):
    """A provision with the keys of its policy and of its source."""

    policy: str
    source: str | None


@dataclass(frozen=True)
class Strictest:
    """The places, among those compared, of the strictest; and the reason."""

    places: frozenset[int]
    reason: str


def leaning(code: ProvisionCode) -> Leaning:
    """Whether a provision of this kind binds or frees."""
    return Leaning.FREES if code in FREEING else Leaning.EITHER if code in EITHER_WAY else Leaning.BINDS


def strictest(code: ProvisionCode, compared: Sequence[Sequence[Provision]]) -> Strictest | None:
    """The strictest of those whose provision is known; None where there is nothing to tell them apart by.

    Each of `compared` holds the provisions of this kind in one place's texts; a place where nobody looked holds none.
    """
    having = [place for place, provisions in enumerate(compared) if _has(provisions, FieldState.ANSWERED)]
    lacking = [
        place
        for place, provisions in enumerate(compared)
        if place not in having and _has(provisions, FieldState.ABSENT)
    ]
    way = leaning(code)
    if way is Leaning.EITHER or len(having) + len(lacking) < 2:
        return None
    if way is Leaning.FREES and lacking:
        return Strictest(frozenset(lacking), _among(compared, "No such exception is in the text")) if having else None
    if figure := _by_figure(code, {place: compared[place] for place in having}):
        return Strictest(figure.places, _among(compared, figure.reason))
    if having and lacking:
        return Strictest(
            frozenset(having), _among(compared, "Its text has it, where that of others was read and has not")
        )
    return None


def _has(provisions: Sequence[Provision], state: FieldState) -> bool:
    return any(provision.state is state for provision in provisions)


def _by_figure(code: ProvisionCode, having: Mapping[int, Sequence[Provision]]) -> Strictest | None:
    """The best figure; None where a text names none, where they count different things, or where all are the same."""
    measure = MEASURES.get(code)
    if measure is None or len(having) < 2:
        return None
    pick = min if measure is Measure.LESS else max
    best = {place: pick(sizes) for place, provisions in having.items() if (sizes := _sizes(provisions))}
    if len(best) < len(having) or len({kind for kind, _ in best.values()}) > 1 or len(set(best.values())) < 2:
        return None
    lead = pick(best.values())
    return Strictest(
        frozenset(place for place, size in best.items() if size == lead), f"Of the figures, {measure.label} is stricter"
    )


def _sizes(provisions: Sequence[Provision]) -> list[tuple[str, float]]:
    """The figures of answered provisions: what each counts, and how much."""
    return [
        ("time", provision.amount * IN_DAYS[provision.unit])
        if provision.unit in IN_DAYS
        else (str(provision.unit or ""), provision.amount)
        for provision in provisions
        if provision.state is FieldState.ANSWERED and provision.amount is not None
    ]


def _among(compared: Sequence[Sequence[Provision]], reason: str) -> str:
    """The reason, and of how many nothing is known."""
    unknown = sum(
        not _has(provisions, FieldState.ANSWERED) and not _has(provisions, FieldState.ABSENT) for provisions in compared
    )
    return f"{reason}; {unknown} of {len(compared)} not known" if unknown else reason
