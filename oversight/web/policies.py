"""Policies of every jurisdiction, and each one's permanent address."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.record import Instrument
from oversight.storage.models import PolicyRow
from oversight.storage.queries.jurisdictions import names_by_key, owner_of
from oversight.storage.queries.policies import PolicyLine, policies
from oversight.web.as_of import asked_day, dated
from oversight.web.asked import asked_word
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("policies", __name__, url_prefix="/policies")


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """Every policy, or those of one instrument, by jurisdiction."""
    instrument = asked_word("instrument", Instrument)
    with reading() as session:
        rows = policy_rows(policies(session, as_of=asked_day()), names_by_key(session), instrument)
    return render_template("policies.html", rows=rows, instrument=instrument, instruments=list(Instrument))


@bp.get("/<key>")
@public
@dated
def show(key: str) -> ResponseReturnValue:
    """A policy's permanent address leads to its place on the page of its jurisdiction."""
    with reading() as session:
        owner = owner_of(session, PolicyRow, key)
    return redirect(url_for("jurisdictions.show", key=owner, _anchor=key))


def policy_rows(
    made: Mapping[str, Sequence[PolicyLine]], names: Mapping[str, str], instrument: str
) -> list[tuple[str, str, PolicyLine]]:
    """Policies of one instrument, or of all, each with the name and the key of its jurisdiction, by that name."""
    return [
        (names[key], key, line)
        for key in sorted(made, key=names.__getitem__)
        for line in made[key]
        if instrument in ("", line.facts.instrument)
    ]
