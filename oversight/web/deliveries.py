"""Deliveries, for editors: what was sent, what waits and what was given up, without saying to whom."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.alert import AlertState
from oversight.storage.queries.deliveries import ledger
from oversight.web.asked import asked_word
from oversight.web.auth import requires
from oversight.web.session import now, reading

bp = Blueprint("deliveries", __name__, url_prefix="/review/deliveries")
ENDINGS = (AlertState.SENT, AlertState.PENDING, AlertState.UNCERTAIN, AlertState.FAILED)


@bp.get("/")
@requires(Role.EDITOR)
def index() -> ResponseReturnValue:
    """How many stand where, and the last attempts, narrowed to one ending where the address says so."""
    asked = asked_word("outcome", ENDINGS)
    with reading() as session:
        found = ledger(session, now=now(), outcome=AlertState(asked) if asked else None)
    return render_template("deliveries.html", ledger=found, states=list(AlertState), endings=ENDINGS, outcome=asked)
