"""The rows of a comparison about deployments: who uses what, from whom, at what cost."""

from collections.abc import Callable, Sequence
from datetime import date

from oversight.domain.compared import Blank, Cell, Entry, Home, Row, Side, Used
from oversight.domain.compared_rules import unknown
from oversight.domain.record import UseStatus
from oversight.domain.timeline import last_step
from oversight.domain.use_status import Use, under_rules, use_on

Read = Callable[[Used], Entry | None]


def known_by(side: Side, technology: str, as_of: date) -> list[Used]:
    """The deployments of one technology that had begun by that day, or whose beginning is not known."""
    return [
        use
        for use in side.uses
        if use.setting.technology == technology
        and (not use.history or last_step(use.history, as_of, is_early=True) is not None)
    ]


def technologies(sides: Sequence[Side], as_of: date) -> list[str]:
    """The technologies that any side had by that day."""
    named = {use.setting.technology for side in sides for use in side.uses}
    return sorted(code for code in named if any(known_by(side, code, as_of) for side in sides))


def use_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """Who used each technology, and how that stood."""
    return [
        Row(code, tuple(use_cell(side, code, as_of) for side in sides), technologies=(code,))
        for code in technologies(sides, as_of)
    ]


def use_cell(side: Side, technology: str, as_of: date) -> Cell:
    """The deployments of one technology."""
    rules = [*(one.facts for one in side.policies), *side.above]
    entries = tuple(
        use_entry(use, under_rules(use_on(use.key, use.history, as_of), use.setting, rules, as_of))
        for use in known_by(side, technology, as_of)
    )
    return Cell(entries) if entries else unknown("None is recorded.")


def use_entry(use: Used, now: Use) -> Entry:
    """One agency and its use."""
    return Entry(
        words=f"{use.agency} ({use.mode.label.lower()})" if use.mode else use.agency,
        home=Home("deployment", use.key),
        sign=None if now.status is UseStatus.UNKNOWN else now.status.value,
        beside=now.reasons[0].text,
        mark=now.status,
        sources=use.sources,
    )


def vendor_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """From whom each technology came."""
    return asked_of_uses(sides, as_of, vendor_entry, "A deployment is recorded, its vendor is not.")


def cost_rows(sides: Sequence[Side], as_of: date) -> list[Row]:
    """What each technology cost."""
    return asked_of_uses(sides, as_of, cost_entry, "A deployment is recorded, its cost is not.")


def asked_of_uses(sides: Sequence[Side], as_of: date, read: Read, because: str) -> list[Row]:
    """A row for each technology, where the question only arises for a side that has it."""
    return [
        Row(code, tuple(cell_of(known_by(side, code, as_of), read, because) for side in sides), technologies=(code,))
        for code in technologies(sides, as_of)
    ]


def cell_of(uses: Sequence[Used], read: Read, because: str) -> Cell:
    """What is read of each deployment."""
    if not uses:
        return Cell(blank=Blank.NOT_APPLICABLE, because="No deployment of it is recorded here.")
    entries = tuple(entry for use in uses if (entry := read(use)))
    return Cell(entries) if entries else unknown(because)


def vendor_entry(use: Used) -> Entry | None:
    """The vendor, with the product where it is known."""
    if not use.vendor:
        return None
    return Entry(
        words=f"{use.vendor}, {use.product}" if use.product else use.vendor,
        home=Home("vendor", use.vendor_key) if use.vendor_key else Home("deployment", use.key),
        sign=use.vendor_key or use.vendor.casefold(),
        beside=use.agency,
        sources=use.sources,
    )


def cost_entry(use: Used) -> Entry | None:
    """The cost, with its terms."""
    if use.cost_usd is None and not use.cost_terms:
        return None
    figure = f"${use.cost_usd:,}" if use.cost_usd is not None else ""
    return Entry(
        words=" ".join(part for part in (figure, use.cost_terms) if part),
        home=Home("deployment", use.key),
        sign=figure or use.cost_terms,
        beside=use.agency,
        sources=use.sources,
    )
