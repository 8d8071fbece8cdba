"""What editors decided of late; every act can be undone, and what was mailed is said."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from oversight.domain.account import Role
from oversight.errors import NotAllowed
from oversight.services.undo import Undone, undo
from oversight.storage.queries.decisions import PAGE, decision_line, recent_decisions
from oversight.web.asked import asked_cursor
from oversight.web.auth import current_reviewer, requires
from oversight.web.session import now, reading, transaction, wiring

bp = Blueprint("decisions", __name__, url_prefix="/review/decisions")


@bp.get("/")
@requires(Role.EDITOR)
def index() -> ResponseReturnValue:
    """The last acts, newest first."""
    with reading() as session:
        lines = recent_decisions(session, before=asked_cursor("before"))
    return render_template("decisions.html", lines=lines, older=lines[-1].id if len(lines) == PAGE else None)


@bp.post("/<row:decision_id>/undo")
@requires(Role.EDITOR)
def take_back(decision_id: int) -> ResponseReturnValue:
    """Undo one act as a whole, and go back to where it was asked for."""
    try:
        with transaction() as session:
            is_alone = wiring().settings.two_persons
            undone = undo(session, decision_id, reviewer=current_reviewer(), now=now(), is_alone=is_alone)
            line = decision_line(session, decision_id)
    except IntegrityError as error:
        raise NotAllowed("somebody else changed the same at the same moment; look at it first, then undo") from error
    flash(said(undone))
    if request.form.get("from") == "list":
        return redirect(url_for("decisions.index"))
    first = next((one.id for one in line.mentions), None) if line else None
    return redirect(url_for("review.queue", _anchor=f"mention-{first}" if first else None))


def said(undone: Undone) -> str:
    """What an undo did, in words."""
    parts = [f"{counted(undone.restored, 'mention is as it was', 'mentions are as they were')} before"]
    if undone.detached:
        parts.append(counted(undone.detached, "attachment taken away", "attachments taken away"))
    if undone.recall.called_back:
        parts.append(
            counted(undone.recall.called_back, "mail not yet sent is withdrawn", "mails not yet sent are withdrawn")
        )
    if undone.recall.sent:
        parts.append(
            counted(undone.recall.sent, "mail was sent and cannot be unsent", "mails were sent and cannot be unsent")
        )
    return "Undone: " + ". ".join([", ".join(parts), *undone.kept]) + "."


def counted(count: int, one: str, many: str) -> str:
    """A number with its words."""
    return f"{count} {one if count == 1 else many}"
