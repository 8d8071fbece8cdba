"""Reruns of the detector, for editors: what another version would change, or has changed, side by side."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.rerun import CLASSES, ChangeKind
from oversight.storage.queries.reruns import ORDER, PAGE, change_lines, run_line, run_lines
from oversight.web.asked import asked_cursor, asked_word
from oversight.web.auth import requires
from oversight.web.session import reading

bp = Blueprint("reruns", __name__, url_prefix="/review/reruns")


@bp.get("/")
@requires(Role.EDITOR)
def index() -> ResponseReturnValue:
    """Every rerun, newest first."""
    with reading() as session:
        runs = run_lines(session)
    return render_template("reruns.html", runs=runs, kinds=ORDER)


@bp.get("/<row:run_id>")
@requires(Role.EDITOR)
def show(run_id: int) -> ResponseReturnValue:
    """One rerun with its changes, narrowed to a kind where the address says so."""
    kind, after = asked_word("kind", ChangeKind), asked_cursor("after") or 0
    with reading() as session:
        run = run_line(session, run_id)
        wanted = ChangeKind(kind) if kind else None
        lines = change_lines(session, run_id, kind=wanted, after=after, limit=PAGE)
    further = lines[-1].id if len(lines) == PAGE else None
    return render_template(
        "rerun.html", run=run, lines=lines, kinds=ORDER, kind=kind, further=further, classes=(*CLASSES, "score")
    )
