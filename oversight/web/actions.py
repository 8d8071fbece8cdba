"""Actions: letters, petitions, lawsuits, reports; those with and those without a jurisdiction of their own."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.record import ActionKind
from oversight.errors import InvalidInput
from oversight.storage.models import ActionRow
from oversight.storage.queries.actions import actions
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("actions", __name__, url_prefix="/actions")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every action, newest first, or those of one kind."""
    kind = asked_kind()
    with reading() as session:
        lines = actions(session, ActionRow.kind == kind) if kind else actions(session)
    return render_template("actions.html", lines=lines, kind=kind, kinds=list(ActionKind))


def asked_kind() -> str:
    """The kind of action that the address asks for, or nothing."""
    kind = request.args.get("kind", "")
    if kind and kind not in list(ActionKind):
        raise InvalidInput("There is no such kind of action.")
    return kind
