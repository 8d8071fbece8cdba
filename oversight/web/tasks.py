"""The editors' tasks: what could be found out next, done as soon as the record says so."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.task import TaskKind
from oversight.errors import InvalidInput
from oversight.services.tasks import DAYS, Snooze, all_tasks, put_off, wake
from oversight.vocabulary import load_vocabulary
from oversight.web.asked import asked_word, number
from oversight.web.auth import current_reviewer, requires
from oversight.web.session import now, reading, transaction

bp = Blueprint("tasks", __name__, url_prefix="/review/tasks")

SHOWN = 20  # of each kind, where all kinds are shown
MOST_SHOWN = 200


@bp.get("/")
@requires(Role.EDITOR)
def index() -> ResponseReturnValue:
    """Every kind with its count, or all of one kind."""
    asked = asked_word("kind", TaskKind)
    with reading() as session:
        tasks = all_tasks(session, load_vocabulary().technology_labels, now=now())
    counts = Counter(task.kind for task in tasks.open)
    kinds = [kind for kind in TaskKind if counts[kind] and asked in ("", kind)]
    most = MOST_SHOWN if asked else SHOWN
    groups = [(kind, [task for task in tasks.open if task.kind is kind][:most]) for kind in kinds]
    return render_template(
        "tasks.html",
        groups=groups,
        counts=counts,
        kinds=list(TaskKind),
        kind=asked,
        snoozed=tasks.snoozed,
        days=DAYS,
    )


@bp.post("/snooze")
@requires(Role.EDITOR)
def snooze() -> ResponseReturnValue:
    """Not now: with a reason, for some days; or show it again."""
    form = request.form
    task = form.get("task", "")
    try:
        with transaction() as session:
            if form.get("wake") == "1":
                wake(session, task)
            else:
                days = number(form.get("days", "")) or 0
                put_off(session, Snooze(task, days, form.get("reason", ""), current_reviewer()), now=now())
    except InvalidInput as error:
        flash(str(error))
    return redirect(url_for("tasks.index", kind=form.get("kind") or None))
