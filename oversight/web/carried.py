"""Corrections that an editor's form carries along: it begins filled in with them, and its save closes them."""

from collections.abc import Sequence

from flask import Blueprint, request
from sqlalchemy.orm import Session

from oversight.storage.corrections import open_corrections
from oversight.storage.models import CorrectionRow
from oversight.storage.record import source_at
from oversight.web.asked import numbers
from oversight.web.record_forms import Typed
from oversight.web.session import reading

bp = Blueprint("carried", __name__)

MOST = 20


def carried_into(session: Session, noun: str, key: str) -> Typed:
    """What the corrections that the address names fill into the form: reason and sources, to be completed."""
    rows = open_corrections(session, numbers(request.args.getlist("correction"), most=MOST), noun=noun, key=key)
    if not rows:
        return {}
    told = " and ".join(str(row.id) for row in rows)
    typed: Typed = {"correction": [str(row.id) for row in rows]}
    typed["reason"] = [f"Correction{'' if len(rows) == 1 else 's'} {told}: "]
    addresses = list(dict.fromkeys(row.source_url for row in rows if row.source_url))
    known = {address: found for address in addresses if (found := source_at(session, address))}
    typed |= {f"source-{number}": [found] for number, found in enumerate(list(dict.fromkeys(known.values()))[:3])}
    fresh = [address for address in addresses if address not in known]
    return typed | ({"new_source-url": fresh[:1]} if fresh else {})


def carried(typed: Typed) -> tuple[int, ...]:
    """The numbers that a form carries."""
    return numbers(typed.get("correction", []), most=MOST)


def closed_with(ids: Sequence[int]) -> str:
    """The words that tell which corrections a save has closed."""
    if not ids:
        return ""
    told = " and ".join(map(str, ids))
    return f" Correction {told} is closed." if len(ids) == 1 else f" Corrections {told} are closed."


@bp.app_template_global()
def carried_corrections(noun: str, key: str, typed: Typed) -> list[CorrectionRow]:
    """Those that a form carries and that still wait."""
    ids = carried(typed)
    if not ids:
        return []
    with reading() as session:
        return open_corrections(session, ids, noun=noun, key=key)
