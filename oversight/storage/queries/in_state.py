"""Whether a place lies in a state, by its Open Civic Data id or by the record."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from oversight.storage.models import JurisdictionRow
from oversight.vocabulary.states import STATE_NAMES

PARTS = ("state", "district", "territory")
OF_STATE = re.compile(r"^ocd-division/country:us/(?:state|district|territory):([a-z]{2})(?=/|$)")


def in_state(column: Any, code: str) -> Any:
    """The condition that the key in a column is that of a state, or of a place in it."""
    tops = [f"ocd-division/country:us/{part}:{code.lower()}" for part in PARTS]
    recorded = select(JurisdictionRow.key).where(JurisdictionRow.state == code.upper())
    return or_(column.in_(tops), *(column.startswith(f"{top}/", autoescape=True) for top in tops), column.in_(recorded))


def state_of(key: str) -> str | None:
    """The state that an Open Civic Data id names, as the post writes it."""
    found = OF_STATE.match(key)
    return found[1].upper() if found else None


def states_of(keys: Iterable[str]) -> list[tuple[str, str]]:
    """The states that these places are in, each with its name, by that name."""
    codes = {code for key in keys if (code := state_of(key))}
    return sorted(((code, STATE_NAMES.get(code, code)) for code in codes), key=lambda pair: pair[1])
