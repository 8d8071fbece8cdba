"""Actions: letters, petitions, lawsuits, reports; those with and those without a jurisdiction of their own."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.record import ActionKind
from oversight.storage.models import ActionRow
from oversight.storage.queries.actions import actions
from oversight.web.asked import asked_word
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("actions", __name__, url_prefix="/actions")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every action, newest first, or those of one kind."""
    kind = asked_word("kind", ActionKind)
    with reading() as session:
        lines = actions(session, ActionRow.kind == kind) if kind else actions(session)
    return render_template("actions.html", lines=lines, kind=kind, kinds=list(ActionKind))
